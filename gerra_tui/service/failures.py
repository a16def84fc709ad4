"""What can go wrong with the service, named by what one can do about it.

The API client raises these and nothing else; nobody beyond it has seen an HTTP library's errors.
Their texts are cleaned of the key and short enough to show; `detail` is the service's own words.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)

# An empty list is usual (docs/api.md); services that page in other ways refuse the offset.
BEHIND_THE_END: Final = frozenset({400, 404, 416, 422})


class Failure(Exception):
    """A call that did not end well.

    `uncertain` claims that the request may have been carried out all the same: it was written,
    and no answer told how it ended. For a POST this means: settle it by reading.

    What may be done about it belongs to the class: `passing` claims that the same call may go well
    later, or with another key; `reached` that something answered for the service.
    """

    kind: ClassVar[str] = "failed"
    passing: ClassVar[bool] = False
    reached: ClassVar[bool] = True

    def __init__(
        self,
        detail: str,
        *,
        http_status: int | None = None,
        uncertain: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.http_status = http_status
        self.uncertain = uncertain
        self.retry_after = retry_after  # seconds

    @property
    def of_a_place_behind_the_end(self) -> bool:
        """Whether a service may answer so to an offset where its list has no rows any more."""
        return self.http_status in BEHIND_THE_END


class ServiceUnavailable(Failure):
    """No connection, a time-out, a 5xx, or a CDN's page instead of the service: try later."""

    kind = "unavailable"
    passing, reached = True, False


class RateLimited(ServiceUnavailable):
    """429: try after `retry_after` seconds, if it says so."""

    kind = "rate_limited"


class Unauthorized(Failure):
    """401: ask for another key."""

    kind = "unauthorized"
    passing = True


class Forbidden(Failure):
    """403 in the service's own words: another organization's dataset."""

    kind = "forbidden"


class OtherOrganization(Failure):
    """The key in use is of another organization than the decision: use one of the first."""

    kind = "organization"
    passing = True


class NotFound(Failure):
    """404: there is no such dataset, or this backend does not have the call."""

    kind = "not_found"


class InvalidRequest(Failure):
    """400 or a 422 of request validation: the same request will never pass."""

    kind = "invalid"


class DecisionRefused(Failure):
    """422 to a verdict: the dataset is not pending."""

    kind = "refused"


class BadResponse(Failure):
    """An answer that is not what the contract says: broken JSON, a wrong shape, a redirect."""

    kind = "unreadable"
    passing = True


class ReadingTooOld(Failure):
    """Not a byte of a verdict was written: what it rests on was read too long ago by then."""

    kind = "stale"
    passing = True


class Unexpected(Failure):
    """Something that the console was not made for, its own bugs included: the log has more."""

    kind = "unexpected"
    passing = True


@contextmanager
def only_failures(what: str, *, uncertain: bool = False) -> Iterator[None]:
    """Whatever is raised within is a `Failure`: what was none is logged with its traceback.

    `what` begins the sentence that tells of it: "Reading the list".
    """
    try:
        yield
    except Failure:
        raise
    except Exception as bug:
        log.exception("%s failed", what)
        problem = f"{what} failed in a way that was not expected ({type(bug).__name__})"
    else:
        return
    # Raised here: where it happened, frames hold what must not go further.
    raise Unexpected(f"{problem}; the log of the console says more.", uncertain=uncertain)
