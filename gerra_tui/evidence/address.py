"""Which addresses storage may have: a signed URL is foreign text, and must not reach inwards."""

from __future__ import annotations

import urllib.request
from ipaddress import ip_address
from urllib.parse import urlsplit

from gerra_tui.evidence.window import StorageFailure


def check_link(link: str, *, private: bool) -> str:
    """The host of a signed URL. Raises StorageFailure, without the URL, for one not to be asked.

    https, and plain http for loopback alone; an address of a private network only if `private`.
    """
    try:
        parts = urlsplit(link)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _unused("the link is no web address") from None
    if not host or parts.scheme not in ("http", "https") or port == 0:
        raise _unused("the link is no web address")
    if parts.username or parts.password:
        raise _unused("the link holds a password")
    if parts.scheme == "http" and not is_loopback(host):
        raise _unused(f"{host} is not asked without https")
    if is_inward(host) and not is_loopback(host) and not private:
        raise _unused(f"{host} is an address of a private network")
    return host


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_inward(host: str) -> bool:
    """Whether an address (no name) is none of the public internet's."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return not (mapped or address).is_global


def proxy_for(host: str, scheme: str) -> str | None:
    """The http or https proxy that the environment names: for https, never for loopback."""
    if scheme != "https" or is_loopback(host) or urllib.request.proxy_bypass(host):
        return None
    proxies = urllib.request.getproxies()
    proxy = proxies.get("https") or proxies.get("all")
    if not proxy:
        return None
    named, separator, _ = proxy.partition("://")
    if separator and named not in ("http", "https"):
        raise _unused(f"the environment names a {named} proxy, which cannot be used")
    return proxy if separator else f"http://{proxy}"


def _unused(sentence: str) -> StorageFailure:
    return StorageFailure(f"{sentence}; nothing read", requests=0)
