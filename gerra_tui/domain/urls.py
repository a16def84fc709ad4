"""Web addresses from outside: what of one is shown, kept on disk, and compared.

What stands around host and path may open what it names to whoever reads it: a password before the
host, a signature or a key in the query or behind `#`. So a screen and a file get neither; the
comparison of two readings leaves out only what a signature put there, since a URL that was signed
anew names the same file.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

SIGNED_FOR: Final = timedelta(minutes=60)  # how long the service's signed URLs work
# Fields of the service whose values are such URLs, whatever they look like.
SECRET_FIELDS: Final = frozenset(
    {"signed_url", "download_url", "preview_urls", "gif", "pose_frame"}
)
NOT_AN_ADDRESS: Final = "not a valid address"

_URL: Final = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]{0,30}://)(?P<place>[^\s?#\"'<>]*)(?P<rest>[?#][^\s\"'<>]*)?",
    re.IGNORECASE,
)
_QUERY: Final = re.compile(r"\?[^\s\"'<>]+")


class _Scheme(NamedTuple):
    """A way to sign a URL: it is that one where all of `marks` are in the query.

    `path` is a part of the path that it goes with. All in lower case.
    """

    marks: frozenset[str]
    names: frozenset[str]
    path: str = ""


def _scheme(marks: str, others: str, path: str = "") -> _Scheme:
    needed = frozenset(marks.split())
    return _Scheme(needed, needed | frozenset(others.split()), path)


SIGNING_SCHEMES: Final = (
    # docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    _scheme(
        "x-amz-signature",
        "x-amz-algorithm x-amz-credential x-amz-date x-amz-expires x-amz-signedheaders"
        " x-amz-security-token x-amz-content-sha256",
    ),
    # docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html
    _scheme("awsaccesskeyid signature", "expires x-amz-security-token"),
    # docs.cloud.google.com/storage/docs/authentication/canonical-requests
    _scheme(
        "x-goog-signature",
        "x-goog-algorithm x-goog-credential x-goog-date x-goog-expires x-goog-signedheaders",
    ),
    _scheme("googleaccessid signature", "expires"),
    # learn.microsoft.com/rest/api/storageservices/create-service-sas (and account, delegation)
    _scheme(
        "sig se",
        "sv ss srt sr st spr sp sip si skoid sktid skt ske sks skv saoid suoid scid sdd ses"
        " skdutid sduoid",
    ),
    _scheme("sig si", "sv sr se st sp spr sip"),
    # docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-urls.html
    _scheme("key-pair-id signature", "expires policy hash-algorithm"),
    # supabase.com/docs/reference/javascript/storage-from-createsignedurl
    _scheme("token", "", path="/sign/"),
)
# What gives a signature away although no address begins before it.
_SIGNATURES: Final = frozenset({"signature", "sig", "x-amz-signature", "x-goog-signature"})


def split(url: str) -> SplitResult | None:
    """Its parts; null for what is no address with a host. Never raises."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme and parts.hostname else None


def shown(url: str) -> str:
    """Scheme, host, port and path, or `NOT_AN_ADDRESS`. Still raw: clean it where it is shown."""
    return without_secrets(url) if split(url) is not None else NOT_AN_ADDRESS


def without_secrets(text: str) -> str:
    """A text whose addresses have neither user and password, nor query, nor fragment."""
    if "://" in text:
        text = _URL.sub(lambda found: found["scheme"] + _host_and_path(found["place"]), text)
    if "?" in text:
        text = _QUERY.sub(lambda found: "" if _is_signed(found[0]) else found[0], text)
    return text


def kept(value: Any) -> Any:
    """A JSON value as it may be written to a file: keys and texts `without_secrets`, the fields of
    `SECRET_FIELDS` null. Raises `RecursionError` for one nested deeper than Python's stack.
    """
    if isinstance(value, dict):
        return {
            without_secrets(str(name)): None if name in SECRET_FIELDS else kept(item)
            for name, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [kept(item) for item in value]
    return without_secrets(value) if isinstance(value, str) else value


def compared(text: str) -> str:
    """A text whose addresses lack what a signing scheme put into their queries."""
    if "://" not in text or "?" not in text:
        return text
    return _URL.sub(lambda found: _unsigned(found[0], found["place"]), text)


def _host_and_path(place: str) -> str:
    host, slash, path = place.partition("/")
    return host.rpartition("@")[2] + slash + path


def _is_signed(query: str) -> bool:
    return not _SIGNATURES.isdisjoint(_names(query[1:].split("&")))


def _unsigned(url: str, place: str) -> str:
    before, sharp, fragment = url.partition("#")
    address, question, query = before.partition("?")
    if not question:
        return url
    parameters = query.split("&")
    names, path = frozenset(_names(parameters)), place.partition("/")[2].lower()
    signing: set[str] = set()
    for scheme in SIGNING_SCHEMES:
        if scheme.marks <= names and scheme.path in f"/{path}":
            signing |= scheme.names
    left = [one for one in parameters if _name(one) not in signing]
    return address + (question if left else "") + "&".join(left) + sharp + fragment


def _names(parameters: Iterable[str]) -> Iterable[str]:
    return map(_name, parameters)


def _name(parameter: str) -> str:
    return unquote(parameter.partition("=")[0]).lower()
