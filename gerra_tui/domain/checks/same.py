"""Is it the same as another dataset, by what tells contents without reading them.

A zip's directory has a CRC-32 and the size of each member: one fingerprint for all of them, and a
sketch of up to 256 drawn the same way in every archive, so that two sketches tell what the archives
share. Elsewhere storage's name for the content, where that is a hash of it.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Protocol

from gerra_tui.domain.evidence import odd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from gerra_tui.domain.checks.limits import Limits
    from gerra_tui.domain.evidence import Check, Facts, Look

SKETCH: Final = 256  # contents, those of the smallest hash
FEW: Final = 3  # contents: fewer in common say nothing where there are others
MOST: Final = 5_000  # datasets that are remembered, of some 4 kB at most
MARKED: Final = (
    8  # contents by which a dataset is found: one that shares nearly all has one of them
)
LIKELY: Final = 50  # datasets that are compared
# Amazon's and Google's MD5, or that of the parts of a large upload. Other servers name a content by
# its date and size, which differ in nothing for two files written at once.
_HASH: Final = re.compile(r'(?:W/)?"?([0-9a-f]{32}(?:-[0-9]{1,5})?)"?', re.IGNORECASE)


def _numbers(values: Iterable[int] = ()) -> array[int]:
    return array("Q", values)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a dataset's contents are known by: `whole` for all of them, `sketch` for some.

    The sketch is a number each, ascending; `all_known` claims that it has all of them.
    """

    whole: str | None
    sketch: array[int] = field(default_factory=_numbers)

    @property
    def all_known(self) -> bool:
        return len(self.sketch) < SKETCH


class Seen(Protocol):
    """The contents of the datasets that were looked at so far."""

    def alike(self, dataset_id: str, contents: Contents) -> Iterable[tuple[str, Contents]]:
        """Other datasets that share some of them, with theirs; the likeliest first."""
        ...


def of_members(members: Iterable[tuple[int, int]]) -> Facts:
    """The facts `fingerprint` and `sketch` of an archive, from (CRC-32, bytes) of its members.

    Empty members are left out, and so are their names and their order.
    """
    known = sorted({f"{crc:08x}-{size:x}" for crc, size in members if size})
    whole = hashlib.sha256("\n".join(known).encode()).hexdigest()[:32] if known else None
    return {"fingerprint": whole, "sketch": sorted(known, key=_place)[:SKETCH]}


def contents_of(facts: Mapping[str, Any], etag: str | None) -> Contents:
    """By the facts of a look, and storage's name for what was looked at."""
    whole, sketch = facts.get("fingerprint"), facts.get("sketch")
    if isinstance(whole, str):
        told = sketch if isinstance(sketch, list) else []
        known = {_place(one) for one in told[:SKETCH] if isinstance(one, str)}
        return Contents(whole, _numbers(sorted(known)))
    named = _HASH.fullmatch(etag) if etag else None
    size = facts.get("size")
    if named and isinstance(size, int) and size > 0:
        return Contents(f"{named[1].lower()} {size}")
    return Contents(None)


def same(
    look: Look, seen: Seen, limits: Limits, *, named: Callable[[str], str] | None = None
) -> Iterator[Check]:
    """The dataset that has the same contents, or nearly all of them; none is no finding.

    `named` says how a reader knows another dataset: `v2`, or the beginning of its id.
    """
    contents = contents_of(look.facts, look.etag)
    if look.dataset_id is None or contents.whole is None:
        return
    best: tuple[float, int, int, str] | None = None
    for other, theirs in seen.alike(look.dataset_id, contents):
        name = named(other) if named else other[:8]
        if theirs.whole == contents.whole:
            yield odd("same", f"the same contents as {name}", measured=other)
            return
        shared, compared = _shared(contents, theirs)
        if shared >= FEW and shared >= limits.shared * compared:
            best = max(best or (0.0, 0, 0, ""), (shared / compared, shared, compared, other))
    if best is None:
        return
    _, shared, compared, other = best
    name = named(other) if named else other[:8]
    text = f"{shared:,} of {compared:,} contents are those of {name}"
    scope = None if contents.all_known else f"a sample of {compared:,}"
    yield odd("same", text, measured=shared, declared=compared, scope=scope)


def _shared(ours: Contents, theirs: Contents) -> tuple[int, int]:
    """(how many of ours they have, of how many that can be told)."""
    told = set(ours.sketch)
    if not theirs.all_known:  # theirs beyond the last of their sketch are not known
        told = {one for one in told if one <= theirs.sketch[-1]}
    return len(told.intersection(theirs.sketch)), len(told)


def _place(one: str) -> int:
    return int.from_bytes(hashlib.sha256(one.encode("utf-8", "replace")).digest()[:8])


class Remembered:
    """`Seen`, filled as looks end. The oldest dataset is forgotten beyond some number of them."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._contents: OrderedDict[str, Contents] = OrderedDict()
        self._having: dict[str | int, set[str]] = {}

    def add(self, look: Look) -> None:
        """Takes the place of an earlier look at the dataset."""
        if look.dataset_id is None or look.error is not None:
            return
        self._forget(look.dataset_id)
        contents = contents_of(look.facts, look.etag)
        if contents.whole is None:
            return
        self._contents[look.dataset_id] = contents
        for one in _marks(contents):
            self._having.setdefault(one, set()).add(look.dataset_id)
        while len(self._contents) > self._most:
            self._forget(next(iter(self._contents)))

    def alike(self, dataset_id: str, contents: Contents) -> Iterator[tuple[str, Contents]]:
        common = Counter[str]()
        for one in _marks(contents):
            common.update(self._having.get(one, ()))
        common.pop(dataset_id, None)
        same = self._having.get(contents.whole or "", set())
        likely = sorted(common, key=lambda id_: (id_ not in same, -common[id_], id_))
        for other in islice(likely, LIKELY):
            yield other, self._contents[other]

    def _forget(self, dataset_id: str) -> None:
        contents = self._contents.pop(dataset_id, None)
        for one in _marks(contents) if contents else ():
            having = self._having[one]
            having.discard(dataset_id)
            if not having:
                del self._having[one]


def _marks(contents: Contents) -> Iterator[str | int]:
    if contents.whole is not None:
        yield contents.whole
    yield from contents.sketch[:MARKED]
