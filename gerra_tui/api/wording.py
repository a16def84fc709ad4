"""What went wrong between here and the service, in words of ours: those of libraries name calls,
error numbers and kinds."""

from __future__ import annotations

import errno
import os
import socket
import ssl
from typing import TYPE_CHECKING, Final

import httpx

from gerra_tui.domain.urls import without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator


LONGEST_DETAIL: Final = 1000  # characters of the service's words: enough to read, bounded to store


def kept_words(text: str) -> str:
    """The service's words as they may be shown and written to files: bounded, and without what
    opens a signed URL. (The key was taken out of the whole answer.)"""
    words = without_secrets(text)
    return words if len(words) <= LONGEST_DETAIL else f"{words[: LONGEST_DETAIL - 1]}…"


def why_unconnected(problem: Exception) -> str:
    """For what was raised before a byte of the request was written."""
    match problem:
        case httpx.ProxyError():
            return f"the proxy does not let it through ({problem})"
        case httpx.UnsupportedProtocol():
            return "its address is not a web address"
        case httpx.PoolTimeout():
            return "no connection was free in time"
    for cause in _causes(problem):
        if isinstance(cause, OSError) and (words := _of_system(cause)):
            return words
    return "no connection can be made"


def _of_system(cause: OSError) -> str | None:
    match cause:
        case socket.gaierror(errno=socket.EAI_AGAIN):
            return "its name cannot be looked up now: is the network up?"
        case socket.gaierror():
            return "its name is not known"
        case ssl.SSLCertVerificationError():
            return f"its certificate is not trusted, {cause.verify_message}"
        case ssl.SSLError():
            reason = str(getattr(cause, "reason", None) or "").replace("_", " ").lower()
            return f"no secure connection can be made, {reason}".rstrip(", ")
        case ConnectionRefusedError():
            return "connection refused"
    if cause.errno is not None and cause.errno in errno.errorcode:
        return os.strerror(cause.errno).lower()
    return None


def _causes(problem: BaseException) -> Iterator[BaseException]:
    """What was raised first comes first, and of several that failed together all."""
    seen = set[int]()
    pending: list[BaseException] = [problem]
    found = list[BaseException]()
    while pending:
        one = pending.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        found.append(one)
        if isinstance(one, BaseExceptionGroup):
            pending.extend(one.exceptions)
        pending.extend(cause for cause in (one.__context__, one.__cause__) if cause is not None)
    return reversed(found)


_WORDS: Final = {
    "missing": "is missing",
    "string_type": "is not a text",
    "string_too_short": "is empty",
    "string_too_long": "is too long",
    "string_unicode": "is not valid Unicode",
    "int_type": "is not a number",
    "int_parsing": "is not a number",
    "int_from_float": "is not a whole number",
    "float_type": "is not a number",
    "float_parsing": "is not a number",
    "dict_type": "is not an object",
    "model_type": "is not an object",
    "model_attributes_type": "is not an object",
    "list_type": "is not a list",
    "uuid_type": "is not a UUID",
    "uuid_parsing": "is not a UUID",
}


def in_words(place: str, kind: object) -> str | None:
    """Like "data_byte_size is not a number"; null for a kind that has no words here."""
    words = _WORDS.get(kind) if isinstance(kind, str) else None
    return None if words is None else f"{place} {words}"
