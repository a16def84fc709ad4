"""The organization's datasets as they are now, and every change to them."""

from __future__ import annotations

from array import array
from collections import Counter
from typing import TYPE_CHECKING, Any

from gerra_tui.demo.world.clock import Clock, iso
from gerra_tui.demo.world.contents import Content, describe
from gerra_tui.demo.world.draws import Draws, seed_key
from gerra_tui.demo.world.holdings import COPIED, Holding, holding, hostile
from gerra_tui.demo.world.hostile import hostile_fields, hostile_number, hostile_rows
from gerra_tui.demo.world.identity import FOREIGN_ROWS, Identity
from gerra_tui.demo.world.ordering import Ordering
from gerra_tui.demo.world.population import PENDING, STATUSES, TYPES, Population
from gerra_tui.demo.world.sizes import Sizes
from gerra_tui.demo.world.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

_BROKEN: tuple[tuple[int, dict[str, Any]], ...] = (
    (3, {"name": ...}),
    (11, {"data_byte_size": "2.1 GB"}),
    (19, {"metadata": "none"}),
    (40, {"name": {"first": "unnamed"}}),
    (77, {"date_updated": "yesterday"}),
)
"""Rows, counted from the oldest, that do not fit the contract; `...` stands for a missing field."""

_PENDING_AND_BROKEN = 11
_ENOUGH_FOR_BROKEN_ONES = 500
_NEAR = 400  # rows among which one is looked for that is alike


class NotFound(Exception):
    """No dataset has this id."""


class Forbidden(Exception):
    """The dataset belongs to another organization."""


class NotPending(Exception):
    """The dataset has been decided, or is in another state that no verdict may change."""

    def __init__(self, status: str) -> None:
        super().__init__(f"Dataset is not pending (current status: {status})")


class Catalogue:
    """Datasets by row number: what was never changed is computed, changes are kept.

    The order is that of `date_updated`; a dataset that was never updated (null) stands where its
    `date_created` puts it.
    """

    def __init__(self, seed: int, size: int, clock: Clock) -> None:
        self.key = seed_key(seed)
        self.identity = Identity(self.key)
        self.organization_id = self.identity.stable_id(b"organization")
        self.population = Population(seed, size)
        self._broken: dict[int, dict[str, Any]] = {}
        if size >= _ENOUGH_FOR_BROKEN_ONES:
            self._broken = {size - place: fields for place, fields in _BROKEN}
            self.population.status[size - _PENDING_AND_BROKEN] = PENDING
        self._first_status = bytes(self.population.status)
        self._clock = clock
        self._sizes = Sizes(seed)
        self._timeline = Timeline(seed, size, clock.now_us())
        self._ordering = Ordering(self.population, self._timeline)
        self._fields: dict[int, dict[str, Any]] = {}
        self._gone: set[int] = set()
        self.bytes_since = 0
        self.days_since: Counter[str] = Counter()

    # --- reading

    def row_of(self, dataset_id: UUID) -> int:
        """The row of an id. Raises NotFound, Forbidden."""
        row = self.identity.row_of(dataset_id)
        if row is not None and row in FOREIGN_ROWS:
            raise Forbidden
        if row is None or row >= len(self.population.status) or row in self._gone:
            raise NotFound
        return row

    def order(self, status: str | None = None, data_type: str | None = None) -> array[int]:
        """Row numbers that match, newest first: not a copy, so read it before anything changes.

        A status or type that does not exist matches nothing.
        """
        if status not in {None, *STATUSES} or data_type not in {None, *TYPES}:
            return array("I")
        return self._ordering.rows(
            (
                None if status is None else STATUSES.index(status),
                None if data_type is None else TYPES.index(data_type),
            )
        )

    def status(self, row: int) -> str:
        return STATUSES[self.population.status[row]]

    def instant(self, row: int) -> int:
        """What the row is ordered by: microseconds since 1970."""
        return self._ordering.updated_us(row)

    def family(self, row: int) -> int:
        """The row of the latest version: the name of the family."""
        return self.population.family[row]

    def members(self, row: int) -> list[int]:
        """All versions that still exist, oldest first."""
        return [member for member in self.population.members(row) if member not in self._gone]

    def changed(self, row: int) -> bool:
        """Whether the body is no longer what it was at the start."""
        return row in self._fields

    def declared_size(self, row: int) -> int | None:
        """Bytes; None if unknown."""
        return self._sizes.declared(row, self.population.data_type[row])

    def created_day(self, row: int, oldest_us: int) -> str | None:
        """UTC day of creation of a row of the start; None if it was last updated before."""
        updated_us = self._timeline.updated_us(row)
        return self._dates(row, updated_us)[0][:10] if updated_us >= oldest_us else None

    def broken_ids(self) -> list[str]:
        return [self.identity.dataset_id(row) for row in sorted(self._broken)]

    def hostile_ids(self) -> Iterable[str]:
        size = self.population.size
        return (self.identity.dataset_id(row) for row in hostile_rows(size))

    def content(self, row: int) -> Content:
        """What it says of itself, if nobody changed it."""
        people = self.population
        return describe(
            self.key,
            row,
            family=people.family[row],
            data_type=people.data_type[row],
            status=people.status[row],
            version=people.version[row],
        )

    def holding(self, row: int, content: Content | None = None) -> Holding:
        """What lies behind its link. What arrived later is clean."""
        data_type = self.population.data_type[row]
        if hostile_number(row, self.population.size) is not None:
            return hostile(data_type)
        held = holding(
            self.key,
            row,
            data_type,
            self.declared_size(row),
            lambda: (content or self.content(row)).metadata,
        )
        return held if row < self.population.size else held._replace(flaw=None)

    def twin(self, row: int) -> int | None:
        """The row whose file is behind this row's link, too: a clean one of the same type and state
        at the start."""
        held = self.holding(row)
        if held.flaw != COPIED:
            return None
        like = Holding(held.container, None)
        for other in range(row + 1, min(self.population.size, row + _NEAR)):
            if self._alike(row, other) and self.holding(other) == like:
                return other
        return None

    def _alike(self, row: int, other: int) -> bool:
        types, first = self.population.data_type, self._first_status
        same = types[row] == types[other] and first[row] == first[other]
        return same and self.declared_size(other) is not None

    def body(self, row: int) -> dict[str, Any]:
        """The Dataset as the service shows it, without a signed URL."""
        people = self.population
        data_type = people.data_type[row]
        dataset_id = self.identity.dataset_id(row)
        content = self.content(row)
        held = self.holding(row, content)
        if held.flaw == COPIED and (twin := self.twin(row)) is not None:
            content = content._replace(metadata=self.content(twin).metadata)
        created, updated = self._dates(row, self._ordering.updated_us(row))
        body: dict[str, Any] = {
            "id": dataset_id,
            "date_created": created,
            "date_updated": updated,
            "organization_id": self.organization_id,
            "data_type": TYPES[data_type],
            "name": content.name,
            "description": content.description,
            "status": STATUSES[people.status[row]],
            "link": f"s3://gerra-demo/{self.organization_id}/{dataset_id}.{held.suffix}",
            "signed_url": None,
            "data_byte_size": self.declared_size(row),
            "metadata": content.metadata,
        }
        hostile = hostile_number(row, people.size)
        if hostile is not None:
            body.update(hostile_fields(hostile, content.metadata))
        for fields in (self._broken.get(row), self._fields.get(row)):
            body.update(fields or {})
        return {name: value for name, value in body.items() if value is not ...}

    # --- changing

    def decide(self, row: int, status: int, reason: str | None, *, overwrite: bool) -> None:
        """Stores a verdict and moves the row to the head. Raises NotPending."""
        before = self.population.status[row]
        if before != PENDING and not overwrite:
            raise NotPending(STATUSES[before])
        metadata = self.body(row).get("metadata")
        metadata = dict(metadata) if isinstance(metadata, dict) else {}
        metadata.pop("rejection_reason", None)
        if reason is not None:
            metadata["rejection_reason"] = reason
        self.change(row, {"metadata": metadata}, status=status, updated_us=self._clock.now_us())

    def change(
        self,
        row: int,
        fields: Mapping[str, Any],
        *,
        status: int | None = None,
        updated_us: int | None = None,
    ) -> None:
        """Replaces fields of the body, `...` removes one; `updated_us` gives the row a new place.

        Dates in `fields` are shown as they are and do not move the row.
        """
        before = self.body(row)
        kept = self._fields.setdefault(row, {"date_created": before.get("date_created")})
        self._ordering.take_out(row)
        if status is not None:
            self.population.status[row] = status
        self._ordering.put_in(row, updated_us)
        if updated_us is not None:
            kept["date_updated"] = iso(updated_us)
        kept.update(fields)
        self.bytes_since += _bytes(kept, before) - _bytes(before)

    def arrive(self, data_type: str) -> int:
        """A new pending dataset at the head; its row number."""
        row = self.population.arrive(TYPES.index(data_type))
        now_us = self._clock.now_us()
        self._ordering.put_in(row, now_us)
        self._fields[row] = {
            "date_created": iso(now_us),
            # A new one that nobody has touched: null on some backends, the creation on others.
            "date_updated": None if row % 4 == 0 else iso(now_us),
        }
        self.bytes_since += self.declared_size(row) or 0
        self.days_since[iso(now_us)[:10]] += 1
        return row

    def remove(self, row: int) -> None:
        """The dataset disappears: 404 from now on."""
        body = self.body(row)
        self.bytes_since -= _bytes(body)
        self.days_since[str(body["date_created"])[:10]] -= 1
        self._ordering.take_out(row)
        self._gone.add(row)

    def _dates(self, row: int, updated_us: int) -> tuple[str, str | None]:
        draws = Draws(self.key, b"dates", self.population.family[row])
        if draws.below(24) == 11:
            return iso(updated_us), None
        return iso(updated_us - draws.between(1, 130_000_000_000)), iso(updated_us)


def _bytes(body: Mapping[str, Any], otherwise: Mapping[str, Any] | None = None) -> int:
    size = body.get("data_byte_size", (otherwise or {}).get("data_byte_size"))
    return size if isinstance(size, int) else 0
