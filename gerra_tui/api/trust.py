"""What a service's certificate is checked by: the machine's own store first, as curl does it."""

from __future__ import annotations

import os
import ssl
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import certifi

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE_VARIABLE: Final = "SSL_CERT_FILE"
DIRECTORY_VARIABLE: Final = "SSL_CERT_DIR"
# Where systems have their bundle, whatever OpenSSL this Python was built with (go.dev/src/crypto/
# x509/root_linux.go, root_bsd.go): Debian, Fedora, openSUSE, older Red Hat, Alpine, FreeBSD.
BUNDLES: Final = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
)


class NoCertificates(Exception):
    """A variable names some that cannot be read; a sentence with its name."""


def trusted(environ: Mapping[str, str] | None = None) -> ssl.SSLContext:
    """By `SSL_CERT_FILE` and `SSL_CERT_DIR` where they are set, and by nothing else then; by the
    system's store, with certifi's beside it, where they are not. Raises `NoCertificates`.
    """
    environ = os.environ if environ is None else environ
    file, directory = environ.get(FILE_VARIABLE), environ.get(DIRECTORY_VARIABLE)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if file or directory:
        _load(context, FILE_VARIABLE, file)
        _load(context, DIRECTORY_VARIABLE, directory)
        return context
    context.load_default_certs()  # Windows' store, and the directory that OpenSSL looks into
    for bundle in (_system_bundle(), certifi.where()):
        with suppress(OSError):
            context.load_verify_locations(cafile=bundle)
    return context


def told(environ: Mapping[str, str]) -> str:
    """By what certificates are checked, for `gerra-tui doctor`."""
    named = [f"{name}={environ[name]}" for name in (FILE_VARIABLE, DIRECTORY_VARIABLE)
             if environ.get(name)]  # fmt: skip
    return ", ".join(named) or f"{_system_bundle() or 'no bundle of the system'}, and certifi's"


def _load(context: ssl.SSLContext, variable: str, value: str | None) -> None:
    if not value:
        return
    try:
        if variable == FILE_VARIABLE:
            context.load_verify_locations(cafile=value)
        elif not Path(value.split(os.pathsep)[0]).is_dir():
            raise FileNotFoundError(2, "no such directory")
        else:
            context.load_verify_locations(capath=value)
    except (OSError, ValueError) as problem:
        reason = "no certificate is in it"
        if isinstance(problem, OSError) and not isinstance(problem, ssl.SSLError):
            reason = (problem.strerror or str(problem)).lower()
        raise NoCertificates(
            f"the certificates that {variable} names cannot be read ({value}: {reason})"
        ) from None


def _system_bundle() -> str | None:
    return next((one for one in BUNDLES if Path(one).is_file()), None)
