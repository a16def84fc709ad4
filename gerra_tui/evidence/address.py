"""Which addresses storage may have: a signed URL is foreign text, and must not reach inwards."""

from __future__ import annotations

import os
from ipaddress import ip_address
from urllib.parse import urlsplit

from gerra_tui.domain.base_url import NotABaseUrl, is_loopback
from gerra_tui.evidence.window import StorageFailure
from gerra_tui.settings.proxies import proxy_for
from gerra_tui.settings.tables import WrongConfig


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


def is_inward(host: str) -> bool:
    """Whether an address (no name) is none of the public internet's."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return not (mapped or address).is_global


def proxy_to(origin: str) -> str | None:
    """The proxy that the environment names for `https://host:port`. Raises StorageFailure."""
    try:
        return proxy_for(origin, os.environ)
    except NotABaseUrl as problem:
        raise _unused(f"the link is no web address: {problem}") from None
    except WrongConfig as problem:
        raise _unused(str(problem).rstrip(".")) from None


def _unused(sentence: str) -> StorageFailure:
    return StorageFailure(f"{sentence}; nothing read", requests=0)
