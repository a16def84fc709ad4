"""The proxy that the environment names for a service, and for which hosts it names none.

As curl has it (curl.se/docs/manpage.html, ENVIRONMENT and --noproxy): HTTPS_PROXY, then ALL_PROXY,
in small letters or capitals; NO_PROXY with names, `.name` or `*.name`, addresses and ranges of them
in CIDR notation, each with a port or without, and `*` for all.
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from gerra_tui.domain.base_url import PORTS, NotABaseUrl, is_loopback, normal, origin
from gerra_tui.settings.tables import WrongConfig

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VARIABLES: Final = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
EXCEPTIONS: Final = ("no_proxy", "NO_PROXY")


def proxy_for(base_url: str, environ: Mapping[str, str]) -> str | None:
    """Its address, with user and password where it has them: for https only, never for loopback.

    Raises `WrongConfig`, which names the variable and never what may be a password.
    """
    scheme, host, port = origin(base_url)
    if scheme != "https" or is_loopback(host) or _is_excepted(host, port, environ):
        return None
    name = next((one for one in VARIABLES if environ.get(one, "").strip()), None)
    return None if name is None else _checked(environ[name].strip(), name)


def shown(proxy: str) -> str:
    """Host and port alone."""
    parts = urlsplit(proxy)
    host, port = parts.hostname or "", parts.port
    return host if port in (None, PORTS.get(parts.scheme)) else f"{host}:{port}"


def _checked(text: str, variable: str) -> str:
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = "http", text
    scheme = scheme.lower()
    if scheme not in PORTS:
        kind = scheme if scheme.isalnum() else "strange"
        raise WrongConfig(
            f"{variable} names a {kind} proxy, and only http and https proxies can be used: set "
            "https_proxy to one of these, or no_proxy to the service's host."
        )
    login, at, place = rest.rpartition("@")
    try:
        address = normal(f"{scheme}://{place}")
    except NotABaseUrl as problem:
        raise WrongConfig(f"{variable} is no proxy's address: {problem}.") from None
    if not login.isprintable() or not login.isascii() or set(login) & set(" /?#@"):
        raise WrongConfig(
            f"{variable} is no proxy's address: signs in its user and password must be written "
            "as %XX."
        )
    host = urlsplit(address).netloc
    return f"{scheme}://{login}{at}{host}"


def _is_excepted(host: str, port: int | None, environ: Mapping[str, str]) -> bool:
    text = next((environ[one] for one in EXCEPTIONS if environ.get(one)), "")
    return any(_covers(entry, host, port) for entry in _entries(text))


def _entries(text: str) -> Iterator[str]:
    return (entry.lower() for entry in text.replace(",", " ").split())


def _covers(entry: str, host: str, port: int | None) -> bool:
    if entry == "*":
        return True
    name, wanted = _port_apart(entry)
    if wanted is not None and wanted != str(port):
        return False
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        name = name.removeprefix("*").removeprefix(".").rstrip(".")
        return bool(name) and (host == name or host.endswith(f".{name}"))
    try:
        return address in ip_network(name.strip("[]"), strict=False)
    except ValueError:
        return False


def _port_apart(entry: str) -> tuple[str, str | None]:
    name, colon, port = entry.rpartition(":")
    if colon and port.isdecimal() and (":" not in name or name.endswith("]")):
        return name, port.lstrip("0")
    return entry, None
