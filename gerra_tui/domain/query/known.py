"""What has been seen of the service's rows, for completion: a collector of bounded size."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.dataset import KNOWN_STATUSES, KNOWN_TYPES
from gerra_tui.domain.query.metadata import is_list, is_object, text_of
from gerra_tui.domain.query.parser import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.evidence import Summary
    from gerra_tui.domain.query.parsed import Parsed
    from gerra_tui.domain.statistics import Statistics

# Together at most some 3 MB, whatever the service sends.
MOST_CHOICES: Final = 100
MOST_LOOKS: Final = 2_000  # that are counted when someone asks
MOST_PATHS: Final = 300
MOST_VALUES: Final = 60  # of one path: beyond, nobody picks from a list
LONGEST: Final = 100  # characters of a path or value
DEEPEST: Final = 6  # steps of a path

# Reading a row costs some 20 us: a scan reads the first rows whole, then every 16th.
READ_WHOLE: Final = 5000
EVERY: Final = 16


class Known:
    """Statuses and types with their counts, metadata paths and values with how often they came.

    A row that comes again counts again: the numbers say what is frequent, no more. `looks` gives
    what is known of the datasets' files.
    """

    def __init__(self, looks: Callable[[], Iterable[Summary]] = tuple) -> None:
        self._statuses: dict[str, int | None] = dict.fromkeys(KNOWN_STATUSES)
        self._types: dict[str, int | None] = dict.fromkeys(KNOWN_TYPES)
        self._paths: Counter[str] = Counter()
        self._values: dict[str, Counter[str]] = {}
        self._counted: dict[frozenset[str], int] = {}
        self._learned = 0
        self._looks = looks

    @property
    def statuses(self) -> Mapping[str, int | None]:
        """With how many datasets have each, as far as statistics said so."""
        return self._statuses

    @property
    def types(self) -> Mapping[str, int | None]:
        """With how many datasets have each, as far as statistics said so."""
        return self._types

    @property
    def paths(self) -> Mapping[str, int]:
        """Metadata paths with how many values were seen there."""
        return self._paths

    @property
    def kinds(self) -> Mapping[str, int]:
        """Kinds of the files that were looked at, with how many had each."""
        return Counter(look.kind for look in islice(self._looks(), MOST_LOOKS))

    @property
    def checks(self) -> Mapping[str, int]:
        """Checks by name, with how many looks had each."""
        looks = islice(self._looks(), MOST_LOOKS)
        return Counter(check for look in looks for check in {name for name, _ in look.marks})

    def values(self, path: str) -> Mapping[str, int]:
        """The values seen at a metadata path, as text, with how often they were."""
        return self._values.get(path, {})

    def parsed(self, text: str) -> Parsed:
        """The query, where what was seen raises no warning."""
        return parse(text, statuses=self._statuses, types=self._types)

    def count(self, statistics: Statistics) -> None:
        """Take the organization's counts."""
        _take(self._statuses, statistics.by_status.items())
        _take(self._types, statistics.by_data_type.items())

    def count_query(self, text: str, matching: int) -> None:
        """So many datasets match this query."""
        terms = frozenset(text.split())
        if terms in self._counted or len(self._counted) < MOST_CHOICES:
            self._counted[terms] = matching

    def counts_within(
        self, others: Iterable[str], head: str, names: Mapping[str, int | None]
    ) -> Mapping[str, int | None]:
        """How many match the `others`, terms of a query, and have the field `head` with each name:
        null where nobody counted those. Without others it is all that there are."""
        others = frozenset(others)
        if not others:
            return names
        return {name: self._counted.get(others | {f"{head}:{name}"}) for name in names}

    def learn(self, dataset: Dataset) -> None:
        """Take what a row shows."""
        _take(self._statuses, [(dataset.status, self._statuses.get(dataset.status))])
        _take(self._types, [(dataset.data_type, self._types.get(dataset.data_type))])
        self._learned += 1
        if self._learned <= READ_WHOLE or self._learned % EVERY == 0:
            self._read(dataset.metadata)

    def _read(self, metadata: Mapping[str, Any] | None) -> None:
        waiting: list[tuple[str, int, Any]] = [("", 0, metadata)]
        while waiting:
            path, depth, value = waiting.pop()
            if value is None:
                continue
            if is_object(value):
                if depth < DEEPEST:
                    waiting += [
                        (f"{path}.{key}" if depth else str(key), depth + 1, below)
                        for key, below in value.items()
                    ]
            elif is_list(value):
                waiting += [(path, depth, item) for item in value]
            else:
                self._note(path, text_of(value))

    def _note(self, path: str, value: str) -> None:
        if not path or len(path) > LONGEST:
            return
        if path not in self._values:
            if len(self._values) == MOST_PATHS:
                return
            self._values[path] = Counter()
        self._paths[path] += 1
        values = self._values[path]
        if len(value) <= LONGEST and (value in values or len(values) < MOST_VALUES):
            values[value] += 1


def _take(known: dict[str, int | None], counts: Iterable[tuple[str, int | None]]) -> None:
    for name, count in counts:
        if name in known or (len(known) < MOST_CHOICES and 0 < len(name) <= LONGEST):
            known[name] = count
