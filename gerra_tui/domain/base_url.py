"""The address of a service: one spelling for each, so that one service has one journal."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

PORTS: Final = {"http": 80, "https": 443}
_LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")  # RFC 1123, and what is in use


class NotABaseUrl(ValueError):
    """The text says why, as the end of a sentence, and never holds what may be a password."""


@lru_cache(maxsize=64)
def normal(base_url: str) -> str:
    """Scheme and host in lower case, the host in ASCII without a last dot, the port only where it
    is not the scheme's own, the path without dots and a last slash (RFC 3986, 6.2).

    Raises `NotABaseUrl`.
    """
    text = base_url.strip().strip("\ufeff").strip()
    if not text.isprintable() or " " in text:
        raise NotABaseUrl("there is a character in it that no address has")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NotABaseUrl("its host or port is impossible") from None
    if parts.scheme not in PORTS or not host:
        raise NotABaseUrl("it must start with https://")
    if "@" in parts.netloc or "?" in text or "#" in text:
        raise NotABaseUrl("it must be scheme, host, port and path only")
    if port == 0:
        raise NotABaseUrl("port 0 is nobody's")
    shown_port = "" if port in (None, PORTS[parts.scheme]) else f":{port}"
    place = f"{parts.scheme}://{_host(host)}{shown_port}"
    path = parts.path if parts.path.isascii() else _escaped(parts.path)
    return f"{place}{_without_dots(path)}".rstrip("/")


def is_same(one: str, other: str) -> bool:
    """Whether both name one service, however they are spelt. What is no address is only itself."""
    try:
        return normal(one) == normal(other)
    except NotABaseUrl:
        return one == other


def origin(base_url: str) -> tuple[str, str, int | None]:
    """Scheme, host, port (RFC 6454). Raises `NotABaseUrl`."""
    parts = urlsplit(normal(base_url))
    return parts.scheme, parts.hostname or "", parts.port or PORTS[parts.scheme]


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _host(host: str) -> str:
    try:
        address = ip_address(host)
    except ValueError:
        return _name(host.rstrip("."))
    return f"[{address.compressed}]" if address.version == 6 else address.compressed


def _name(host: str) -> str:
    if not host.isascii():
        import idna

        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError:
            raise NotABaseUrl("its host is no name") from None
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise NotABaseUrl("its host is no name")
    return host


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4. Never another host, as `urljoin` would find in `//host`."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            kept = kept[:1] + kept[1:-1]
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept)


def _escaped(path: str) -> str:
    from urllib.parse import quote

    return quote(path, safe="/%:@!$&'()*+,;=~-._")
