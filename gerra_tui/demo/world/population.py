"""Which datasets there are: type, state, version and family of every row, in compact arrays.

Row 0 has the newest `date_updated`, the last row the oldest. About ten bytes a row are kept here;
everything else about a row is computed when it is asked for.
"""

from __future__ import annotations

from array import array
from bisect import bisect
from itertools import accumulate
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

STATUSES = ("pending", "accepted", "rejected", "for_admin_review", "superseded", "discarded")
PENDING, ACCEPTED, REJECTED = 0, 1, 2
_FOR_ADMIN_REVIEW, _SUPERSEDED, _DISCARDED = 3, 4, 5

TYPES = ("episode", "synthetic_pov", "synthetic_third_person", "telemetry")
EPISODE, POV, THIRD_PERSON, TELEMETRY = range(4)

# Versions of one dataset lie at most this many rows apart: hours at the head, days at the end.
FAMILY_SPAN = 256

_SYNTHETIC_FAMILY_SIZES = tuple(accumulate((45, 22, 14, 9, 6, 4)))  # percent of 1 to 6 versions
_RECORDED_FAMILY_SIZES = tuple(accumulate((93, 6, 1)))
_TYPE_SHARES = tuple(accumulate((46, 16, 12, 26)))  # percent of families
_OLD_VERSION_FATES = tuple(accumulate((4, 2, 32, 1, 56, 5)))  # percent, in the order of STATUSES
_SETTLED_FATES = tuple(accumulate((0, 74, 20, 3, 0, 3)))


class Population:
    """`status`, `data_type` and `version` by row; `family` is the row of the latest version."""

    def __init__(self, seed: int, size: int) -> None:
        rng = Random(seed)
        self.size = size
        self.status = bytearray(size)
        self.data_type = bytearray(size)
        self.version = bytearray(size)
        self.family = array("I", range(size))
        for start in range(0, size, FAMILY_SPAN):
            self._settle(rng, start, min(FAMILY_SPAN, size - start))

    def members(self, row: int) -> list[int]:
        """All versions of the dataset of this row, oldest first."""
        latest = self.family[row]
        end = min(len(self.family), latest // FAMILY_SPAN * FAMILY_SPAN + FAMILY_SPAN)
        return [other for other in range(end - 1, latest - 1, -1) if self.family[other] == latest]

    def arrive(self, data_type: int) -> int:
        """A new pending dataset without history; its row number."""
        row = len(self.status)
        self.status.append(PENDING)
        self.data_type.append(data_type)
        self.version.append(0)
        self.family.append(row)
        return row

    def _settle(self, rng: Random, start: int, count: int) -> None:
        free = rng.sample(range(start, start + count), count)
        while free:
            data_type = _fate(rng, _TYPE_SHARES)
            synthetic = data_type in {POV, THIRD_PERSON}
            sizes = _SYNTHETIC_FAMILY_SIZES if synthetic else _RECORDED_FAMILY_SIZES
            members = sorted(free[-1 - _fate(rng, sizes) :])
            del free[-len(members) :]
            latest = members[0]
            for age, row in enumerate(members):
                self.data_type[row] = data_type
                self.version[row] = len(members) - 1 - age
                self.family[row] = latest
                self.status[row] = _fate(rng, _OLD_VERSION_FATES)
            # The newer a dataset, the likelier nobody has looked at it yet: 28 % of all rows.
            youth = (1 - latest / self.size) ** 2.2
            undecided = rng.random() < 0.12 + 0.8 * youth
            self.status[latest] = PENDING if undecided else _fate(rng, _SETTLED_FATES)


def _fate(rng: Random, shares: Sequence[int]) -> int:
    return bisect(shares, rng.random() * shares[-1])
