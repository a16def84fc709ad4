"""The lines of a listing: stretches of rows whose order was seen, and gaps between them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.dataset import Dataset
from gerra_tui.service.listing.id_table import IdTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gerra_tui.domain.dataset import Row

ANCHORS_KEPT: Final = 400  # ids looked at last, by which a drifted page is recognised
BEGINNING: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Anchors:
    """Ids that were looked at at one end of a stretch, and the date of the outermost row."""

    ids: OrderedDict[str, None] = field(default_factory=OrderedDict)
    date: datetime | None = None

    def note(self, rows: Iterable[Row]) -> None:
        """Outermost last."""
        for row in rows:
            self.ids[row.id] = None
            self.ids.move_to_end(row.id)
            if (date := date_of(row)) is not None:
                self.date = date
        while len(self.ids) > ANCHORS_KEPT:
            self.ids.popitem(last=False)


class Stretch:
    """Rows that follow each other. `first` and `end` are offsets of the service's listing, as last
    observed: decisions above and arrivals at the head make them drift."""

    def __init__(self, first: int) -> None:
        self.ids = IdTable()
        self.first = first
        self.end = first
        self.head = Anchors()
        self.tail = Anchors()

    def __len__(self) -> int:
        return len(self.ids)

    def offsets(self, first: int, last: int) -> tuple[int, int]:
        """About where in the listing these rows are, and in how many: rows that do not fit the
        query lie between them. At most the largest limit of docs/api.md."""
        ratio = max(1.0, (self.end - self.first) / max(1, len(self)))
        return self.first + int(first * ratio), min(900, int((last - first) * ratio))


@dataclass(slots=True, eq=False)
class Gap:
    """Lines whose rows are not known yet. `open_end`: there may be more than `lines`."""

    lines: int
    open_end: bool = False

    def __len__(self) -> int:
        return self.lines


class Layout:
    """Stretches and gaps in the order of the lines, and what was found late at the end."""

    def __init__(self) -> None:
        self.parts: list[Stretch | Gap] = []
        self.late = IdTable()

    @property
    def stretches(self) -> list[Stretch]:
        return [part for part in self.parts if isinstance(part, Stretch)]

    def below(self, stretch: Stretch) -> list[Stretch]:
        stretches = self.stretches
        return stretches[stretches.index(stretch) + 1 :]

    def neighbours(self, gap: Gap) -> tuple[Stretch | None, Stretch | None]:
        """What is known right above and right below."""
        parts = self.parts
        at = next(number for number, part in enumerate(parts) if part is gap)
        above = parts[at - 1] if at else None
        below = parts[at + 1] if at + 1 < len(parts) else None
        return (
            above if isinstance(above, Stretch) else None,
            below if isinstance(below, Stretch) else None,
        )

    def gap_after(self, stretch: Stretch) -> Gap:
        """The one below it, made if it is not there."""
        at = self.parts.index(stretch)
        if at + 1 < len(self.parts):
            part = self.parts[at + 1]
            if isinstance(part, Gap):
                return part
        gap = Gap(0)
        self.parts.insert(at + 1, gap)
        return gap

    def join(self, above: Stretch, below: Stretch) -> None:
        """They follow each other; whatever was between them is not."""
        if len(below.ids) > len(above.ids):
            below.ids.prepend(list(above.ids))
            above.ids = below.ids
        else:
            above.ids.extend(below.ids)
        above.end, above.tail = below.end, below.tail
        parts = self.parts
        del parts[parts.index(above) + 1 : parts.index(below) + 1]

    @property
    def known(self) -> int:
        """Rows whose ids are known."""
        return sum(map(len, self.stretches)) + len(self.late)

    def ids(self) -> Iterator[str]:
        """Of the known rows, in the order of their lines."""
        for stretch in self.stretches:
            yield from stretch.ids
        yield from self.late

    @property
    def length(self) -> int:
        return sum(map(len, self.parts)) + (1 + len(self.late) if len(self.late) else 0)

    @property
    def divider(self) -> int | None:
        """The line of `found late`, null without such rows."""
        return sum(map(len, self.parts)) if len(self.late) else None

    def start_of(self, wanted: Stretch | Gap) -> int:
        line = 0
        for part in self.parts:
            if part is wanted:
                return line
            line += len(part)
        raise ValueError("not a part of this layout")

    def seams(self) -> list[tuple[Gap, int]]:
        """Gaps without a line, where two stretches may or may not follow each other."""
        found, line = [], 0
        for part in self.parts:
            if isinstance(part, Gap) and not len(part):
                found.append((part, line))
            line += len(part)
        return found

    def at(self, line: int) -> tuple[Stretch | Gap | None, int]:
        """The part that has the line, and the index within it; null behind all parts."""
        for part in self.parts:
            if line < len(part):
                return part, line
            line -= len(part)
        return None, line

    def id_at(self, line: int) -> str | None:
        part, index = self.at(line)
        if isinstance(part, Stretch):
            return part.ids[index]
        if part is None and 1 <= index <= len(self.late):
            return self.late[index - 1]
        return None

    def offset_of(self, line: int) -> int:
        """About where in the service's listing the line is, by the observation nearest below."""
        part, index = self.at(line)
        if isinstance(part, Stretch):
            ratio = max(1.0, (part.end - part.first) / max(1, len(part)))
            return max(0, part.end - int((len(part) - index) * ratio))
        above = [stretch.end for stretch in self.stretches if self.start_of(stretch) < line]
        return (above[-1] if above else 0) + index if isinstance(part, Gap) else line

    def place_of(self, dataset_id: str) -> tuple[Stretch, int] | None:
        """Its stretch and the index in it; null for a row found late, or not at all."""
        for stretch in self.stretches:
            if (index := stretch.ids.find(dataset_id)) is not None:
                return stretch, index
        return None

    def line_of(self, dataset_id: str) -> int | None:
        start = 0
        for part in self.parts:
            if isinstance(part, Stretch) and (index := part.ids.find(dataset_id)) is not None:
                return start + index
            start += len(part)
        if (index := self.late.find(dataset_id)) is not None:
            return start + 1 + index
        return None

    def __contains__(self, dataset_id: str) -> bool:
        for part in self.parts:
            if isinstance(part, Stretch) and dataset_id in part.ids:
                return True
        return len(self.late) > 0 and dataset_id in self.late


def date_of(row: Row) -> datetime | None:
    """What the service orders by; newest first."""
    if not isinstance(row, Dataset):
        return None
    return row.date_updated or row.date_created


def behind(rows: Sequence[Row], anchors: Anchors) -> int | None:
    """Where in `rows` that begins which follows the anchors; null if the page lies wholly behind.

    The last anchor in the page tells. Without one the dates do: rows are newest first.
    """
    found = [index for index, row in enumerate(rows) if row.id in anchors.ids]
    if found:
        return found[-1] + 1
    if anchors.date is None:
        return 0
    newer = [i for i, row in enumerate(rows) if (date_of(row) or BEGINNING) > anchors.date]
    return newer[-1] + 1 if newer else None


def before(rows: Sequence[Row], anchors: Anchors) -> int | None:
    """Where in `rows` that ends which comes before the anchors; null if the page lies before."""
    found = [index for index, row in enumerate(rows) if row.id in anchors.ids]
    if found:
        return found[0]
    if anchors.date is None:
        return len(rows)
    older = [i for i, row in enumerate(rows) if (date := date_of(row)) and date < anchors.date]
    return older[0] if older else None
