"""The organization's datasets as they are now: order, filters, and every change to them."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from gerra_tui.demo.clock import Clock, iso
from gerra_tui.demo.contents import Content, describe
from gerra_tui.demo.draws import Draws, seed_key
from gerra_tui.demo.identity import FOREIGN_ROWS, Identity
from gerra_tui.demo.population import PENDING, STATUSES, TYPES, Population
from gerra_tui.demo.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

Selection = tuple[int | None, int | None]
"""Numbers of a status and of a type; None stands for all."""


class NotFound(Exception):
    """No dataset has this id."""


class Forbidden(Exception):
    """The dataset belongs to another organization."""


class NotPending(Exception):
    """The dataset has been decided, or is in another state that no verdict may change."""

    def __init__(self, status: str) -> None:
        super().__init__(f"Dataset is not pending (current status: {status})")


class Catalogue:
    """Rows by number; orders are arrays of row numbers, newest first.

    The order is that of `date_updated`; a dataset that was never updated (null) stands where its
    `date_created` puts it. Of those tied, the one that changed last comes first.
    """

    def __init__(self, seed: int, size: int, clock: Clock) -> None:
        self.key = seed_key(seed)
        self.identity = Identity(self.key)
        self.population = Population(seed, size)
        self.organization_id = self.identity.stable_id(b"organization")
        self._clock = clock
        self._timeline = Timeline(seed, size, clock.now_us())
        self._moved: dict[int, tuple[int, int]] = {}
        self._moves = 0
        self._fields: dict[int, dict[str, Any]] = {}
        self._gone: set[int] = set()
        self._orders = self._sorted()

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
        """Row numbers that match, newest first: not a copy, so read it before anything changes."""
        if (status is not None and status not in STATUSES) or (
            data_type is not None and data_type not in TYPES
        ):
            return array("I")
        return self._orders[
            None if status is None else STATUSES.index(status),
            None if data_type is None else TYPES.index(data_type),
        ]

    def status(self, row: int) -> str:
        return STATUSES[self.population.status[row]]

    def family(self, row: int) -> int:
        """The row of the latest version: the name of the family."""
        return self.population.family[row]

    def members(self, row: int) -> list[int]:
        """All versions that still exist, oldest first."""
        return [member for member in self.population.members(row) if member not in self._gone]

    def content(self, row: int) -> Content:
        """The content as first written, before any change."""
        people = self.population
        return describe(
            self.key,
            row,
            family=people.family[row],
            data_type=people.data_type[row],
            status=people.status[row],
            version=people.version[row],
        )

    def body(self, row: int) -> dict[str, Any]:
        """The Dataset as the service shows it, without a signed URL."""
        people = self.population
        family = people.family[row]
        dataset_id = self.identity.dataset_id(row)
        content = self.content(row)
        updated_us = -self._place(row)[0]
        shared = Draws(self.key, b"dates", family)
        created_us = updated_us - shared.between(1, 130_000_000_000)
        never_updated = row not in self._moved and shared.below(24) == 11
        body: dict[str, Any] = {
            "id": dataset_id,
            "date_created": iso(updated_us if never_updated else created_us),
            "date_updated": None if never_updated else iso(updated_us),
            "organization_id": self.organization_id,
            "data_type": TYPES[people.data_type[row]],
            "name": content.name,
            "description": content.description,
            "status": STATUSES[people.status[row]],
            "link": f"s3://gerra-demo/{self.organization_id}/{dataset_id}.zip",
            "signed_url": None,
            "data_byte_size": content.size,
            "metadata": content.metadata,
        }
        changed = self._fields.get(row)
        if changed is not None:
            body.update(changed)
        return body

    # --- changing

    def decide(self, row: int, status: int, reason: str | None, *, overwrite: bool) -> None:
        """Stores a verdict and moves the row to the head. Raises NotPending."""
        before = self.population.status[row]
        if before != PENDING and not overwrite:
            raise NotPending(STATUSES[before])
        metadata = dict(self.body(row)["metadata"] or {})
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
        """Overrides fields of the body; with `updated_us` the row takes its new place."""
        created = self.body(row)["date_created"]
        self._take_out(row)
        changed = self._fields.setdefault(row, {"date_created": created})
        if updated_us is not None:
            self._moves += 1
            self._moved[row] = (-updated_us, -self._moves)
            changed.pop("date_updated", None)
        changed.update(fields)
        if status is not None:
            self.population.status[row] = status
        self._put_in(row)

    def arrive(self, data_type: str) -> int:
        """A new pending dataset at the head; its row number."""
        row = self.population.arrive(TYPES.index(data_type))
        now_us = self._clock.now_us()
        self._moves += 1
        self._moved[row] = (-now_us, -self._moves)
        self._fields[row] = {"date_created": iso(now_us)}
        if row % 4 == 0:
            self._fields[row]["date_updated"] = None
        self._put_in(row)
        return row

    def remove(self, row: int) -> None:
        """The dataset disappears: 404 from now on."""
        self._take_out(row)
        self._gone.add(row)

    # --- order

    def _place(self, row: int) -> tuple[int, int]:
        """The sort key: rises from newest to oldest; among equals the last moved comes first."""
        return self._moved.get(row) or (-self._timeline.updated_us(row), row)

    def _selections(self, row: int) -> tuple[Selection, ...]:
        status, data_type = self.population.status[row], self.population.data_type[row]
        return (None, None), (status, None), (None, data_type), (status, data_type)

    def _take_out(self, row: int) -> None:
        place = self._place(row)
        for selection in self._selections(row):
            order = self._orders[selection]
            del order[bisect_left(order, place, key=self._place)]

    def _put_in(self, row: int) -> None:
        place = self._place(row)
        for selection in self._selections(row):
            order = self._orders[selection]
            order.insert(bisect_left(order, place, key=self._place), row)

    def _sorted(self) -> dict[Selection, array[int]]:
        people = self.population
        orders: dict[Selection, array[int]] = {
            (status, data_type): array("I")
            for status in (*range(len(STATUSES)), None)
            for data_type in (*range(len(TYPES)), None)
        }
        orders[None, None].extend(range(people.size))
        for row, (status, data_type) in enumerate(
            zip(people.status, people.data_type, strict=True)
        ):
            orders[status, data_type].append(row)
            orders[status, None].append(row)
            orders[None, data_type].append(row)
        return orders
