"""How a command tells a script what became of it."""

from __future__ import annotations

from enum import IntEnum

from gerra_tui.service.failures import Failure, ServiceUnavailable, Unauthorized


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


def sentence(failure: Failure) -> str:
    """What to tell a person of a failed call."""
    words = failure.detail.rstrip(".")
    match failure:
        case Unauthorized() if failure.http_status is not None:
            return f"Key refused ({failure.http_status}): {words}."
        case ServiceUnavailable() if failure.http_status is not None:
            return f"The service is not available: {words}."
    return f"{words}."
