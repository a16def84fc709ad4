"""The way to the service: which addresses may be spoken to, by which proxy, on whose word."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from gerra_tui.api.trust import NoCertificates, trusted
from gerra_tui.domain import urls
from gerra_tui.domain.base_url import NotABaseUrl, is_loopback, normal
from gerra_tui.domain.text import ended
from gerra_tui.service.failures import ServiceUnavailable
from gerra_tui.settings.proxies import proxy_for, shown
from gerra_tui.settings.tables import WrongConfig

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
        try:
            proxy = proxy_for(base_url, os.environ)
            trust = trusted() if url.scheme == "https" else False
        except (WrongConfig, NoCertificates) as problem:
            raise ServiceUnavailable(f"Cannot reach {url.host}: {ended(str(problem))}") from None
        return cls(url=url, proxy=proxy, trust=trust)

    @property
    def host(self) -> str:
        """With the port where it is not the scheme's own."""
        return self.url.netloc.decode("ascii")

    @property
    def way(self) -> str:
        """The same, with the proxy on the way: what cannot be reached may be either."""
        return self.host if self.proxy is None else f"{self.host} by the proxy {shown(self.proxy)}"


def check_base_url(base_url: str) -> httpx.URL:
    """A guard behind the settings' own check. Raises `ValueError`, a sentence."""
    try:
        url = httpx.URL(base_url)
        if url.scheme in ("http", "https"):
            url = httpx.URL(normal(base_url))
    except (httpx.InvalidURL, UnicodeError, NotABaseUrl):
        raise ValueError(f"The service's address is {urls.NOT_AN_ADDRESS}.") from None
    if url.scheme == "https" and url.host:
        return url
    if url.scheme == "http" and is_loopback(url.host):
        return url
    raise ValueError(f"{url.host or base_url} is not spoken to without https.")
