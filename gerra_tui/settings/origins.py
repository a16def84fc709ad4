"""Base URLs: what may be spoken to, and whether two of them are one origin (RFC 6454)."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from gerra_tui.domain.text import ended
from gerra_tui.settings.config import WrongConfig

DEFAULT_BASE_URL = "https://api.gerra.com"


def checked(base_url: str, named_by: str) -> str:
    """The URL without a trailing slash. Raises `WrongConfig` for one that is not to be used."""
    text = base_url.strip().rstrip("/")
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError as problem:
        raise WrongConfig(f"{named_by} is not a web address: {ended(str(problem))}") from None
    if parts.scheme not in ("http", "https") or not host:
        raise WrongConfig(f"{named_by} is not a web address: it must start with https://.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise WrongConfig(f"{named_by} must be scheme, host, port and path only.")
    if parts.scheme == "http" and not is_loopback(host):
        raise WrongConfig(
            f"{named_by} is plain http to {host}: the key would be readable on the way. "
            "Use https (plain http is for loopback only)."
        )
    return text


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def same_origin(one: str, other: str) -> bool:
    return origin(one) == origin(other)


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host, port."""
    parts = urlsplit(url)
    return (
        parts.scheme,
        parts.hostname or "",
        parts.port or {"http": 80, "https": 443}.get(parts.scheme),
    )
