"""Why storage did not answer, in words of ours: those of libraries may hold the signed URL."""

from __future__ import annotations

import errno
import os
import socket
import ssl
from typing import TYPE_CHECKING, Final

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator


_SENTENCES: Final = (  # the first that fits
    (httpx.ConnectTimeout, "cannot reach storage: no connection in time"),
    (httpx.ReadTimeout, "storage silent for {silence:g} s"),
    (httpx.WriteTimeout, "storage silent for {silence:g} s"),
    (TimeoutError, "storage is too slow: no whole answer in time"),
    (httpx.ProxyError, "cannot reach storage: the proxy does not let it through"),
    (httpx.ConnectError, "cannot reach storage: {cause}"),
    (httpx.ProtocolError, "storage does not speak HTTP as it should"),
    (httpx.InvalidURL, "the link is no web address; nothing read"),
    (httpx.TransportError, "the connection to storage was lost"),
)


def why(problem: Exception, silence: float) -> str:
    """A sentence for what was raised instead of an answer; `silence` in seconds."""
    for kind, sentence in _SENTENCES:
        if isinstance(problem, kind):
            causes = filter(None, map(_of_system, _causes(problem)))
            cause = next(causes, "no connection can be made")
            return sentence.format(silence=silence, cause=cause)
    return f"storage could not be read ({type(problem).__name__})"


def _of_system(cause: BaseException) -> str | None:
    match cause:
        case socket.gaierror(errno=socket.EAI_AGAIN):
            return "its name cannot be looked up now"
        case socket.gaierror():
            return "its name is not known"
        case ssl.SSLCertVerificationError():
            return f"its certificate is not trusted, {cause.verify_message}"
        case ssl.SSLError():
            return "no secure connection can be made"
        case ConnectionRefusedError():
            return "connection refused"
        case OSError(errno=int(number)) if number in errno.errorcode:
            return os.strerror(number).lower()
    return None


def _causes(problem: BaseException) -> Iterator[BaseException]:
    """What was raised first comes first."""
    found = list[BaseException]()
    pending: list[BaseException | None] = [problem]
    while pending:
        one = pending.pop()
        if one is None or one in found:
            continue
        found.append(one)
        if isinstance(one, BaseExceptionGroup):
            pending.extend(one.exceptions)
        pending.extend((one.__context__, one.__cause__))
    return reversed(found)
