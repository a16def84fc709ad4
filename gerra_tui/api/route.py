"""The way to the service: which addresses may be spoken to, by which proxy, on whose word."""

from __future__ import annotations

import urllib.request
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING

import httpx

from gerra_tui.domain import urls
from gerra_tui.service.failures import ServiceUnavailable

if TYPE_CHECKING:
    import ssl


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """`trust` is what certificates are checked by; a proxy may have a password in its address."""

    url: httpx.URL
    proxy: str | None = field(repr=False)
    trust: ssl.SSLContext | bool = field(repr=False)

    @classmethod
    def to(cls, base_url: str) -> Route:
        """Raises `ValueError` for a base URL that is not to be used, and `ServiceUnavailable`
        for a proxy or certificates of the environment that cannot be."""
        url = check_base_url(base_url)
        return cls(url=url, proxy=proxy_for(url), trust=trusted(url))

    @property
    def host(self) -> str:
        """With the port where it is not the scheme's own."""
        return self.url.netloc.decode("ascii")

    @property
    def way(self) -> str:
        """The host, and the proxy on the way to it."""
        if self.proxy is None or (parts := urls.split(self.proxy)) is None:
            return self.host
        return f"{self.host} by the proxy {parts.hostname}"


def check_base_url(base_url: str) -> httpx.URL:
    """A guard behind the settings' own check. Raises `ValueError`, a sentence."""
    try:
        url = httpx.URL(base_url)
    except (httpx.InvalidURL, UnicodeError):
        raise ValueError(f"The service's address is {urls.NOT_AN_ADDRESS}.") from None
    if url.scheme == "https" and url.host:
        return url
    if url.scheme == "http" and is_loopback(url.host):
        return url
    raise ValueError(f"{url.host or base_url} is not spoken to without https.")


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def proxy_for(url: httpx.URL) -> str | None:
    """The proxy that the environment names for this service: for https, never for loopback.

    Raises `ServiceUnavailable` for a kind of proxy that cannot be used.
    """
    if url.scheme != "https" or is_loopback(url.host) or urllib.request.proxy_bypass(url.host):
        return None
    proxies = urllib.request.getproxies()
    proxy = proxies.get("https") or proxies.get("all")
    if not proxy:
        return None
    scheme, separator, _ = proxy.partition("://")
    if not separator:
        return f"http://{proxy}"
    if scheme not in ("http", "https"):
        raise ServiceUnavailable(
            f"Cannot reach {url.host}: the environment names a {scheme} proxy for it, and only "
            "http and https proxies can be used. Set https_proxy to one of these, or no_proxy."
        )
    if not _is_an_address(proxy):  # not quoted: it may hold a password
        raise ServiceUnavailable(
            f"Cannot reach {url.host}: the proxy that the environment names for it is "
            f"{urls.NOT_AN_ADDRESS}. Set https_proxy to one, or no_proxy."
        )
    return proxy


def _is_an_address(proxy: str) -> bool:
    try:
        httpx.Proxy(proxy)
    except (httpx.InvalidURL, ValueError):
        return False
    return urls.split(proxy) is not None


def trusted(url: httpx.URL) -> ssl.SSLContext | bool:
    """Certificates by `SSL_CERT_FILE` or `SSL_CERT_DIR`, else certifi's; none for plain http."""
    if url.scheme != "https":
        return False
    try:
        return httpx.create_ssl_context()
    except OSError as problem:
        raise ServiceUnavailable(
            f"Cannot reach {url.host}: the certificates that SSL_CERT_FILE or SSL_CERT_DIR names "
            f"cannot be read ({problem.strerror or problem})."
        ) from None
