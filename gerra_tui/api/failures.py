"""What went wrong, translated once: HTTP statuses and transport errors to the service's failures.

Statuses and bodies are those of the Gerra Datasets API, and of the CDN in front of it, which
answers 403, 429, 502 to 504 and 52x with pages of HTML.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx

from gerra_tui.api.wording import in_words, kept_words, why_unconnected
from gerra_tui.domain import urls
from gerra_tui.domain.text import clean, ended
from gerra_tui.service.failures import (
    BadResponse,
    DecisionRefused,
    Failure,
    Forbidden,
    InvalidRequest,
    NotFound,
    RateLimited,
    ServiceUnavailable,
    Unauthorized,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gerra_tui.api.answer import Answer

log = logging.getLogger(__name__)

# Raised before a byte of the request was written (a proxy's refusal comes before the tunnel).
NEVER_WRITTEN = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
PASSING = (408, 425)  # request time-out, too early: try later (RFC 9110, RFC 8470)


def of_answer(answer: Answer, *, now: datetime) -> Failure:
    """The failure that an answer other than 2xx stands for."""
    status = answer.status
    words = _words(answer)
    pause = retry_after(answer.headers, now=now)
    if 300 <= status < 400:
        return answer.unfit(f"{status}, a redirect to {_target(answer.headers)}, not followed")
    if status == 429:
        return RateLimited(words.text, http_status=status, retry_after=pause)
    if status == 401:
        return Unauthorized(words.text, http_status=status)
    if status == 404:
        return NotFound(words.text, http_status=status)
    if status >= 500 or status in PASSING or not words.of_the_service:
        return ServiceUnavailable(
            words.text, http_status=status, uncertain=answer.to_a_post, retry_after=pause
        )
    return _of_the_service(answer, words)


def _of_the_service(answer: Answer, words: _Words) -> Failure:
    """A refusal by the service itself, for good."""
    if answer.status == 403:
        return Forbidden(words.text, http_status=answer.status)
    if answer.to_a_post and not words.of_validation and answer.status in (409, 422):
        return DecisionRefused(words.text, http_status=answer.status)
    return InvalidRequest(words.text, http_status=answer.status)


class TooLarge(Exception):
    """A body beyond `limit` bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class Oversized(BadResponse):
    """An answer beyond what is read of one."""


class Unfinished(ServiceUnavailable):
    """No whole answer in time."""


def of_exception(
    problem: Exception, *, host: str, way: str, to_a_post: bool, written: bool, answered: int | None
) -> Failure:
    """The failure for a call that brought no whole answer of `host`, by that `way`.

    `written` claims that writing the request had begun, `answered` is the status if one arrived.
    """
    transport = isinstance(problem, httpx.TransportError)
    unsettled = to_a_post and (written or (transport and not isinstance(problem, NEVER_WRITTEN)))
    match problem:
        case TooLarge():
            text = f"The answer of {host} is larger than {problem.limit >> 20} MiB."
            return Oversized(text, http_status=answered, uncertain=to_a_post)
        case httpx.DecodingError():
            what = "cannot be unpacked"
        case _ if unsettled and answered is not None:
            what = "was cut off"
        case _:
            text = f"Cannot reach {way}: {ended(kept_words(_cause(problem)))}"
            late = isinstance(problem, httpx.ReadTimeout | TimeoutError)
            return (Unfinished if late else ServiceUnavailable)(text, uncertain=unsettled)
    return BadResponse(f"The answer of {host} {what}.", http_status=answered, uncertain=to_a_post)


def _cause(problem: Exception) -> str:
    match problem:
        case httpx.ConnectTimeout():
            return "no connection in time"
        case httpx.TimeoutException() | TimeoutError():
            return "no whole answer in time"
        case httpx.TransportError() if isinstance(problem, NEVER_WRITTEN):
            log.info("No connection: %s: %s", type(problem).__name__, clean(str(problem), 300))
            return why_unconnected(problem)
        case httpx.TransportError():
            return "the connection was lost"
    return f"{type(problem).__name__} in the HTTP client"


def retry_after(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Seconds to wait by `Retry-After`, a number or an HTTP date (RFC 9110, 10.2.3)."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


@dataclass(frozen=True, slots=True)
class _Words:
    text: str
    of_the_service: bool = True
    of_validation: bool = False


def _words(answer: Answer) -> _Words:
    try:
        body = answer.json()
    except BadResponse:
        summary = _summary(answer.status)
        told = f"{summary} from the CDN" if answer.is_a_web_page else summary
        return _Words(told, of_the_service=False)
    detail = body.get("detail") if isinstance(body, dict) else None
    if isinstance(detail, list):
        return _Words(kept_words("; ".join(map(_validation_error, detail))), of_validation=True)
    if isinstance(detail, str) and detail.strip():
        return _Words(kept_words(detail))
    return _Words(kept_words(json.dumps(detail)) if detail else _summary(answer.status))


def _validation_error(error: Any) -> str:
    """FastAPI's shape: {"loc": ["body", "reason"], "msg": "Field required", "type": "missing"}."""
    if not isinstance(error, dict):
        return str(error)
    loc = error.get("loc")
    place = ".".join(map(str, loc)) if isinstance(loc, list) else ""
    if isinstance(loc, list) and loc and (words := in_words(str(loc[-1]), error.get("type"))):
        return words
    message = str(error.get("msg", "not valid"))
    return f"{place}: {message}" if place else message


def _summary(status: int) -> str:
    return f"{status} {_phrase(status)}".strip()


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _target(headers: Mapping[str, str]) -> str:
    """Only the host: a redirect's query may hold what is secret."""
    location = headers.get("location", "")
    if (parts := urls.split(location)) is not None:
        return parts.hostname or "itself"
    return urls.NOT_AN_ADDRESS if "://" in location else "itself"
