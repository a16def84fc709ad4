"""How a command tells a script what became of it."""

from __future__ import annotations

from datetime import timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.text import ended
from gerra_tui.service.failures import Failure, RateLimited, ServiceUnavailable, Unauthorized

if TYPE_CHECKING:
    from datetime import datetime

DAY: Final = 86_400.0  # seconds
LONGEST_WISH: Final = 10 * 366 * DAY  # what is asked for beyond that is no date to be told


class ExitCode(IntEnum):
    DONE = 0
    FAILED = 1  # something was refused, failed or not found; the rest was done
    WRONG_USAGE = 2
    NO_KEY = 3
    UNREACHABLE = 4

    @classmethod
    def of(cls, failure: Failure) -> ExitCode:
        """For a call that came to nothing at all."""
        match failure:
            case Unauthorized():
                return cls.NO_KEY
            case ServiceUnavailable():
                return cls.UNREACHABLE
        return cls.FAILED


def sentence(failure: Failure, now: datetime) -> str:
    """What to tell a person of a call that failed `now`."""
    words = ended(failure.detail)
    match failure:
        case RateLimited():
            told = words.removeprefix("429 ")  # where the answer has no words, its status is told
            return f"The service asks to wait{_until(failure, now)} (429): {told}{_then(failure)}"
        case Unauthorized() if failure.http_status is not None:
            return f"Key refused ({failure.http_status}): {words}"
        case ServiceUnavailable() if failure.http_status is not None:
            wish = f" It asks to wait{_until(failure, now)}." if failure.retry_after else ""
            return f"The service is not available: {words}{wish}"
    return words


def _until(failure: Failure, now: datetime) -> str:
    if not failure.retry_after:
        return ""
    seconds = min(failure.retry_after, LONGEST_WISH)
    until = (now + timedelta(seconds=seconds)).astimezone()
    return f" until {until:%H:%M:%S}" if seconds < DAY else f" until {until:%Y-%m-%d %H:%M}"


def _then(failure: Failure) -> str:
    if failure.retry_after:
        return " Try again then."
    return " It does not say how long: try again in a minute."
