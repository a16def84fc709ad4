"""Looks kept on disk: facts and checks, never bytes, pictures or links. A private file each.

A file that cannot be read or written costs nothing but another look: it is logged, never raised.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.checks.limits import SHIPPED
from gerra_tui.domain.evidence import Check, Cost, Look, Mark, Step, Summary
from gerra_tui.service.looks import KeptLook, identity
from gerra_tui.settings.paths import make_private, write_private

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gerra_tui.domain.checks.limits import Limits
    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.service.looks import Identity

READER: Final = 3  # grows when a look finds other things in the same bytes
KEPT: Final = 64_000_000  # bytes in all
LONGEST: Final = 1_000_000  # bytes of one look; the usual one has 3,000
SWEPT_EVERY: Final = 200  # looks written

log = logging.getLogger(__name__)


class FactFiles:
    """`service.looks.FactStore` in a directory, for one service. Blocking: use a thread.

    What was found by other limits is not known.
    """

    def __init__(self, directory: Path, base_url: str, limits: Limits = SHIPPED) -> None:
        self._directory = directory
        self._base_url = base_url
        self._limits = asdict(limits)
        self._written = 0

    def load(self, dataset: Dataset) -> KeptLook | None:
        found = self._read(self._path(dataset.id))
        return found[1] if found is not None and found[0] == self._key(dataset) else None

    def summaries(self) -> Iterator[tuple[Identity, Summary]]:
        try:
            names = [entry.name for entry in os.scandir(self._directory)]
        except OSError:
            return
        for name in names:
            match self._read(self._directory / name) if name.endswith(".json") else None:
                case (
                    [self._base_url, str(dataset_id), str(updated), str(size)],
                    KeptLook(look=look),
                ):
                    yield (dataset_id, updated, size), Summary.of(look)

    def _read(self, path: Path) -> tuple[Any, KeptLook] | None:
        """The key that a look is kept under, and the look."""
        try:
            if path.stat().st_size > LONGEST:
                return None
            kept = json.loads(path.read_text(encoding="utf-8"))
            if (kept["reader"], kept["limits"]) != (READER, self._limits):
                return None
            key, look = kept["key"], _look(kept["look"])
            as_of = datetime.fromisoformat(kept["as_of"])
        except FileNotFoundError:
            return None
        except (
            OSError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            RecursionError,
        ) as problem:
            log.warning("a kept look was not read: %s", type(problem).__name__)
            return None
        return key, KeptLook(look=look, as_of=as_of)

    def keep(self, dataset: Dataset, look: Look, *, now: datetime) -> None:
        if look.error is not None:
            return
        kept = {
            "reader": READER,
            "limits": self._limits,
            "key": self._key(dataset),
            "as_of": now.isoformat(),
            "look": asdict(look),
        }
        try:
            text = json.dumps(kept)
            if len(text) > LONGEST:
                return
            make_private(self._directory)
            write_private(self._path(dataset.id), text)
            self._written += 1
            if self._written % SWEPT_EVERY == 1:
                self._sweep()
        except (OSError, ValueError, TypeError) as problem:
            log.warning("a look was not kept: %s", problem)

    def _sweep(self) -> None:
        """The oldest go where there are more bytes than are kept."""
        found = []
        for entry in os.scandir(self._directory):
            if entry.name.endswith(".json") and entry.is_file(follow_symlinks=False):
                status = entry.stat(follow_symlinks=False)
                found.append((status.st_mtime, status.st_size, entry.path))
        room = KEPT
        for _, size, path in sorted(found, reverse=True):
            room -= size
            if room < 0:
                os.unlink(path)  # noqa: PTH108 (an entry of scandir has a text)

    def _path(self, dataset_id: str) -> Path:
        name = hashlib.sha256(f"{self._base_url}\n{dataset_id.casefold()}".encode()).hexdigest()
        return self._directory / f"{name[:32]}.json"

    def _key(self, dataset: Dataset) -> list[str]:
        return [self._base_url, *identity(dataset)]


def _look(kept: dict[str, Any]) -> Look:
    checks = (Check(**{**check, "mark": Mark(check["mark"])}) for check in kept.pop("checks"))
    cost = Cost(**kept.pop("cost"))
    more = (Step(**step) for step in kept.pop("more"))
    return Look(**kept, checks=tuple(checks), cost=cost, more=tuple(more))
