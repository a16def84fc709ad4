"""Base URLs: what may be spoken to, and whether two of them are one origin (RFC 6454)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gerra_tui.domain.base_url import NotABaseUrl, is_loopback, normal, origin
from gerra_tui.settings.tables import WrongConfig

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_BASE_URL = "https://api.gerra.com"
URL_VARIABLE = "GERRA_BASE_URL"


def checked(base_url: str, named_by: str) -> str:
    """The one spelling of it. Raises `WrongConfig` for one that is not to be used."""
    try:
        url = normal(base_url)
    except NotABaseUrl as problem:
        raise WrongConfig(f"{named_by} is not a web address: {problem}.") from None
    scheme, host, _ = origin(url)
    if scheme == "http" and not is_loopback(host):
        raise WrongConfig(
            f"{named_by} is plain http to {host}: the key would be readable on the way. "
            "Use https (plain http is for loopback only)."
        )
    return url


def of_environment(environ: Mapping[str, str]) -> str:
    """The service that the environment's key belongs to, in whatever spelling."""
    return environ.get(URL_VARIABLE, "").strip() or DEFAULT_BASE_URL


def same_origin(one: str, other: str) -> bool:
    """What is no address has none."""
    try:
        return origin(one) == origin(other)
    except NotABaseUrl:
        return False


def host_of(base_url: str) -> str:
    try:
        return origin(base_url)[1]
    except NotABaseUrl:
        return "no valid address"
