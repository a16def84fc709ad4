"""What a look at the bytes behind a dataset's signed URL found: facts, checks, and their price.

Facts are JSON values by fixed names, `null` where a bounded look cannot know. A check is one line:
a mark, words, the number measured beside the one declared, and how much of the file it speaks of.
There is no overall score: a check informs, and the reviewer decides.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field, replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Facts = dict[str, Any]


class Mark(StrEnum):
    OK = "ok"  # checked and fine
    ODD = "odd"  # checked, and a person should look
    UNCHECKED = "unchecked"  # not checked; the words say why


@dataclass(frozen=True, slots=True)
class Check:
    """One finding, made by `fine`, `odd` or `unchecked`. `id` is the word that queries use
    (`check.frames:odd`): a-z and dashes.

    `measured` and `declared` are JSON values, null where there is none; `scope` names what of the
    file was looked at, null where that is all of it. Strings may hold foreign text: clean them
    where they are shown.
    """

    id: str
    text: str
    _: KW_ONLY
    mark: Mark
    measured: Any = None
    declared: Any = None
    scope: str | None = None


fine: Final = partial(Check, mark=Mark.OK)
odd: Final = partial(Check, mark=Mark.ODD)
unchecked: Final = partial(Check, mark=Mark.UNCHECKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Requests sent, bytes of their bodies received, seconds from the first to the last."""

    requests: int = 0
    bytes: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a key would look at next, and what that costs at most."""

    key: str
    words: str
    requests: int
    bytes: int


MOST_REQUESTS: Final = 3  # of a first look
MOST_BYTES: Final = 256_000  # of it; a zip's directory may take more

MORE: Final = "+"  # the key of the next step that belongs to no other one
FILES: Final = "b"
PICTURES: Final = "t"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A look at one dataset, or at a local file (no dataset id). `error` is a sentence.

    `etag` is storage's name for the content that was looked at, null where it gave none.
    """

    dataset_id: str | None
    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    cost: Cost = field(default_factory=Cost)
    error: str | None = None
    more: tuple[Step, ...] = ()
    etag: str | None = None

    @property
    def odd(self) -> int:
        """How many checks found something odd."""
        return sum(check.mark is Mark.ODD for check in self.checks)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a list shows of a look, and queries ask of it: its kind, and each check's mark.

    `failed`: it could not be looked at.
    """

    kind: str
    marks: tuple[tuple[str, Mark], ...]
    failed: bool = False

    @classmethod
    def of(cls, look: Look) -> Summary:
        marks = tuple((check.id, check.mark) for check in look.checks)
        return cls(look.kind, marks, look.error is not None)

    def with_marks(self, marks: Iterable[tuple[str, Mark]]) -> Summary:
        """With those of checks beside the look."""
        return replace(self, marks=(*self.marks, *marks))

    def mark(self, check: str | None = None) -> Mark | None:
        """Of all checks together, or of one by its name; null where the look has no such check.

        One that is odd makes them odd; else one that was checked makes them fine, unless the look
        failed.
        """
        found = {mark for name, mark in self.marks if check in (None, name)}
        if Mark.ODD in found:
            return Mark.ODD
        if check is not None:
            return next((mark for mark in (Mark.OK, Mark.UNCHECKED) if mark in found), None)
        return Mark.OK if Mark.OK in found and not self.failed else Mark.UNCHECKED

    @property
    def label(self) -> str:
        """`!2`: two are odd; `ok`: some were checked and none is odd; `?`: nothing was checked."""
        mark = self.mark()
        if mark is Mark.ODD:
            return f"!{sum(one is Mark.ODD for _, one in self.marks)}"
        return "ok" if mark is Mark.OK else "?"
