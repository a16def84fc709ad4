"""What the lines on the screen, and those near, need from the service: most urgent first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gerra_tui.service.listing.layout import Gap, Stretch

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from gerra_tui.service.listing.ordering import Ordering
    from gerra_tui.service.listing.pager import Pager

BLOCK: Final = 100  # rows whose bodies are fetched again at once
FEW: Final = 3  # rows of a block that are rather read one by one
MOST_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Begin:
    """The first page."""


@dataclass(frozen=True, slots=True)
class Extend:
    """What follows that stretch. The same need, however many rows are wanted."""

    stretch: Stretch
    count: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class ExtendUp:
    """What comes before that stretch."""

    stretch: Stretch
    count: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Jump:
    """These lines, far from every row that is known."""

    lines: range


@dataclass(frozen=True, slots=True)
class Refill:
    """Bodies of that block of a stretch that were let go."""

    stretch: Stretch
    block: int

    @property
    def rows(self) -> range:
        """Within the stretch."""
        return range(self.block * BLOCK, min((self.block + 1) * BLOCK, len(self.stretch)))


@dataclass(frozen=True, slots=True)
class ReadOne:
    """A body that no page has brought again."""

    dataset_id: str


@dataclass(frozen=True, slots=True)
class Sweep:
    """A look for what the walk has missed, before the end is called the end."""


Need = Begin | Extend | ExtendUp | Jump | Refill | ReadOne | Sweep


@dataclass
class Sight:
    """The lines on the screen, and which way they went last.

    `refilled`: blocks near them that were fetched again already. `content`: lines that were near
    and needed nothing, until something arrives.
    """

    window: range = range(0)
    direction: int = 1
    refilled: set[Refill] = field(default_factory=set)
    content: range = range(0)

    def look_at(self, lines: range) -> None:
        if lines != self.window:
            self.direction = -1 if lines.start < self.window.start else 1
            self.window = lines

    @property
    def page(self) -> int:
        return max(1, len(self.window))

    @property
    def near(self) -> range:
        """A page behind and two ahead."""
        behind, ahead = self.page, 2 * self.page
        if self.direction > 0:
            return range(self.window.start - behind, self.window.stop + ahead)
        return range(self.window.start - ahead, self.window.stop + behind)

    def needs(
        self,
        pager: Pager,
        bodies: Container[str],
        order: Ordering | None,
        on_the_way: Iterable[Need],
    ) -> list[Need]:
        """Of the lines near, most urgent first, each once."""
        if not pager.begun:
            return [Begin()]
        if order is not None:
            needs = list(dict.fromkeys(self._needs_of_sorted(pager, bodies, order)))
        else:
            needs = list(self._needs_of_lines(pager, bodies, on_the_way))
            self.content = range(0) if needs else self.near
        if not needs and pager.at_end and not pager.swept:
            return [Sweep()]
        return needs

    def _needs_of_lines(
        self, pager: Pager, bodies: Container[str], on_the_way: Iterable[Need]
    ) -> Iterable[Need]:
        layout, near = pager.layout, self.near
        needs: dict[Need, None] = {}
        blocks: set[Refill] = set()
        gaps: dict[Gap, list[int]] = {gap: [0] for gap, at in layout.seams() if at in near}
        content = self.content
        unsure = (line for line in near if line not in content and line not in self.window)
        for line in (*self.window, *unsure):
            if line < 0:
                continue
            part, index = layout.at(line)
            if isinstance(part, Gap):
                gaps.setdefault(part, []).append(index)
                continue
            dataset_id = layout.id_at(line)
            if isinstance(part, Stretch):
                blocks.add(block := Refill(part, index // BLOCK))
            if dataset_id is None or dataset_id in bodies:
                continue
            if isinstance(part, Stretch) and block not in self.refilled:
                needs[block] = None
            elif line in self.window:
                needs[ReadOne(dataset_id)] = None
        if not content:
            self.refilled &= blocks
        jumps = [need.lines for need in on_the_way if isinstance(need, Jump)]
        for gap, indexes in gaps.items():
            wanted = range(min(indexes), max(indexes) + 1)
            needs.update(dict.fromkeys(self._needs_of_gap(pager, gap, wanted, jumps)))
        return needs

    def _needs_of_sorted(
        self, pager: Pager, bodies: Container[str], order: Ordering
    ) -> Iterator[Need]:
        """Neighbours of a sorted list are strewn over the listing. Nothing is walked on for, but
        to fill the screen."""
        if len(order) < self.page and not pager.at_end:
            yield Extend(pager.layout.stretches[0], pager.page_size)
        first, last = self.window.start, self.window.stop
        ahead = range(last, last + self.page)
        if self.direction < 0:
            ahead = range(first - 1, first - 1 - self.page, -1)
        nearby: dict[str, Refill | None] = {}
        for line in (*self.window, *ahead):
            if 0 <= line < len(order) and (dataset_id := order[line]) not in bodies:
                place = pager.layout.place_of(dataset_id)
                nearby[dataset_id] = Refill(place[0], place[1] // BLOCK) if place else None
        together = Counter(nearby.values())
        self.refilled &= set(together)
        for dataset_id, block in nearby.items():
            if block is None or block in self.refilled or together[block] <= FEW:
                yield ReadOne(dataset_id)
            else:
                yield block

    def _needs_of_gap(
        self, pager: Pager, gap: Gap, wanted: range, jumps: Iterable[range]
    ) -> Iterator[Need]:
        """Walk on from a neighbour that is near these indexes, else jump."""
        before, after = pager.layout.neighbours(gap)
        reach = pager.page_size
        most = min(MOST_AT_ONCE, 5 * reach)
        if before is not None and (wanted.start < reach or (gap.open_end and not pager.can_jump)):
            yield Extend(before, reach if gap.open_end else max(reach, min(wanted.stop, most)))
            return
        if after is not None and len(gap) - wanted.stop < reach:
            yield ExtendUp(after, max(reach, min(len(gap) - wanted.start, most)))
            return
        start = pager.layout.start_of(gap)
        lines = range(start + wanted.start, start + wanted.stop)
        for jump in jumps:  # a jump is known by the lines that it will bring
            if _meet(jump, self.window):
                yield Jump(jump)
                if lines.start >= jump.start:
                    lines = range(max(lines.start, jump.stop), lines.stop)
                else:
                    lines = range(lines.start, min(lines.stop, jump.start))
        if _meet(lines, self.window):
            yield Jump(range(lines.start, max(lines.stop, lines.start + BLOCK)))


def _meet(one: range, other: range) -> bool:
    return max(one.start, other.start) < min(one.stop, other.stop)
