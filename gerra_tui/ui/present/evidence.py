"""What a look at the data found, as lines: the kind and its facts, and what its steps cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from gerra_tui.domain.evidence import Cost, unchecked
from gerra_tui.domain.text import clean
from gerra_tui.ui.present.cells import wrapped
from gerra_tui.ui.present.facts import facts_of
from gerra_tui.ui.present.lines import DetailLine, hanging
from gerra_tui.ui.present.values import NOW, byte_size, short_age
from gerra_tui.ui.theme import DIM, PROBLEM, TITLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from gerra_tui.domain.evidence import Check, Look, Step

EVIDENCE: Final = "EVIDENCE"
GAP: Final = "   "


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What is known of the data. `look` is null before one has ended, `as_of` while one is to come
    or under way; `arriving` is what that knows so far; `beside`: checks against other datasets.

    Checks come all at once, so that what stands below them moves but once.
    """

    look: Look | None = None
    arriving: Look | None = None
    cost: Cost = field(default_factory=Cost)
    as_of: datetime | None = None
    beside: tuple[Check, ...] = ()

    @property
    def checks(self) -> tuple[Check, ...]:
        """What was checked, and why the rest could not be."""
        if self.look is None:
            return ()
        error = self.look.error
        failed = (unchecked("evidence", error),) if error else ()
        return (*self.look.checks, *self.beside, *failed)

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.look.more if self.look is not None and self.look.error is None else ()


def price(requests: int, size: int) -> str:
    """`3 requests, 79 kB`."""
    return f"{requests:,} request{'' if requests == 1 else 's'}, {_short(size)}"


def meter(looked: Looked) -> str:
    return price(looked.cost.requests, looked.cost.bytes)


def evidence_lines(looked: Looked | None, now: datetime, width: int) -> Iterator[DetailLine]:
    """`EVIDENCE zip 246.1 MB     3 requests, 79 kB`, what the format tells, or why it does not.

    What is to come has its place already, so that the lines below stay where they are read.
    """
    if looked is None:
        return
    look = looked.arriving or looked.look
    told = "looking" if looked.cost.requests else "..."
    if look is not None and look.facts.get("size") is not None:
        told = f"{clean(look.kind, 12)} {byte_size(look.facts['size'])}"
    elif looked.as_of is not None:
        told = "not read"
    yield _heading(told, _meter_or_age(looked, now), width)
    if look is not None and look.error:
        yield from hanging("? ", clean(look.error), width, PROBLEM)
    elif look is not None and (facts := tuple(facts_of(look.kind, look.facts))):
        yield from map(DetailLine, _packed(facts, width))
    else:
        yield DetailLine("")
    yield DetailLine("")


def step_line(step: Step, label: int, width: int) -> Iterator[DetailLine]:
    """`? pictures  t  6 requests, 95 kB`."""
    words = f"{clean(step.words):<{label}} {step.key}  {price(step.requests, step.bytes)}"
    yield from hanging("? ", words, width)


def _heading(told: str, right: str, width: int) -> DetailLine:
    left = f"{EVIDENCE} {told}"
    room = width - cell_len(left) - cell_len(right)
    text = f"{left}{' ' * room}{right}" if room > 1 else left
    line = DetailLine(text, anchor="evidence").marked(0, len(EVIDENCE), TITLE)
    return line.marked(len(left), len(text), DIM)


def _meter_or_age(looked: Looked, now: datetime) -> str:
    if not looked.cost.requests and looked.as_of is None:
        return ""
    old = short_age(looked.as_of, now) if looked.as_of is not None else NOW
    return meter(looked) if old == NOW or old.startswith("+") else f"{old} ago"


def _packed(words: Iterable[str], width: int) -> Iterator[str]:
    """As many beside each other as there is room for; one that is longer is broken."""
    line = ""
    for word in words:
        if line and cell_len(line) + len(GAP) + cell_len(word) > width:
            yield from wrapped(line, width)
            line = ""
        line = f"{line}{GAP}{word}" if line else word
    if line:
        yield from wrapped(line, width)


def _short(size: int) -> str:
    """Without a decimal where it says little: `79 kB`, `1.2 MB`."""
    told = byte_size(size)
    number, _, unit = told.partition(" ")
    return f"{number.partition('.')[0]} {unit}" if unit in ("kB", "Bytes") else told
