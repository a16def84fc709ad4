"""One answer of the service, read whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gerra_tui.api.decoding import NotJson, parse_json
from gerra_tui.api.wording import kept_words
from gerra_tui.service.failures import BadResponse

if TYPE_CHECKING:
    from collections.abc import Mapping


class Unparsable(BadResponse):
    """An answer that is not JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`size_bytes` counts what came over the wire; `seconds` from the request to the last byte."""

    method: str
    status: int
    headers: Mapping[str, str] = field(repr=False)  # names in any case
    body: bytes = field(repr=False)
    size_bytes: int
    seconds: float

    @property
    def to_a_post(self) -> bool:
        return self.method == "POST"

    @property
    def is_a_web_page(self) -> bool:
        return self.body.lstrip()[:1] == b"<"

    def json(self) -> Any:
        """The body as JSON, whatever the content type says. Raises `BadResponse`."""
        try:
            return parse_json(self.body)
        except NotJson as problem:
            raise self.unparsable(problem) from None

    def unparsable(self, problem: NotJson) -> BadResponse:
        words = f"not JSON: {problem}"
        if self.is_a_web_page:
            words = "a web page instead of data: is there a log-in in between?"
        elif not self.body.strip():
            words = "it is empty"
        return Unparsable(_unread(words), http_status=self.status, uncertain=self.to_a_post)

    def unfit(self, problem: str) -> BadResponse:
        """The failure to raise for an answer that is not what the contract says."""
        return BadResponse(_unread(problem), http_status=self.status, uncertain=self.to_a_post)


def _unread(problem: str) -> str:
    return f"The service's answer cannot be read ({kept_words(problem)})."
