"""Which files a LeRobot dataset calls for, by its templates (lerobot, datasets/utils.py).

Templates are foreign: they are taken apart by pattern and never handed to a formatter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

DATA_2: Final = "data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet"
VIDEO_2: Final = "videos/chunk-{episode_chunk:03d}/{video_key}/episode_{episode_index:06d}.mp4"
DATA_3: Final = "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet"
VIDEO_3: Final = "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4"
CHUNK: Final = 1_000  # episodes or files a chunk where info.json does not say

# What stands in meta/ beside info.json; a name that ends in / is a folder with one file at least.
META: Final = {
    "v2.0": ("episodes.jsonl", "tasks.jsonl", "stats.json"),
    "v2.1": ("episodes.jsonl", "tasks.jsonl", "episodes_stats.jsonl"),
    "v3.0": ("tasks.parquet", "stats.json", "episodes/"),
}

_FIELD: Final = re.compile(r"\{(\w{1,40})(?::0?(\d{1,2})d)?\}")
_KEY: Final = "video_key"


@dataclass(frozen=True, slots=True)
class Template:
    """A path with fields, ready to be filled in; `fields` are (text before, name, digits)."""

    fields: tuple[tuple[str, str, int], ...]
    rest: str

    def path(self, numbers: dict[str, int], key: str = "") -> str:
        """The path for these numbers. Raises KeyError for a field that nobody knows."""
        parts = []
        for before, name, digits in self.fields:
            value = key if name == _KEY else str(numbers[name]).zfill(digits)
            parts += [before, value]
        return "".join(parts) + self.rest

    def matcher(self, key: str = "") -> re.Pattern[str]:
        """What the paths look like, with the numbers as groups of their names."""
        parts, seen = [], set()
        for before, name, _ in self.fields:
            group = re.escape(key) if name == _KEY else rf"(?P<{name}>\d{{1,9}})"
            parts += [re.escape(before), rf"(?P={name})" if name in seen else group]
            seen |= {name} - {_KEY}
        return re.compile("".join(parts) + re.escape(self.rest))


def template(text: object, usual: str) -> Template:
    """The template in info.json, or the usual one where there is none."""
    text = text if isinstance(text, str) and len(text) < 500 else usual
    fields, at = [], 0
    for match in _FIELD.finditer(text):
        fields.append((text[at : match.start()], match[1], int(match[2] or 0)))
        at = match.end()
    return Template(tuple(fields), text[at:])


def missing_episodes(
    shape: Template, key: str, episodes: int, chunk: int, names: AbstractSet[str], prefix: str
) -> tuple[int, list[str]]:
    """How many of the files of version 2, one an episode, are no members, and the first of them.

    No more paths are made than there are members, whatever the number of episodes says.
    """
    reach = min(episodes, len(names) + 1)
    absent = []
    for index in range(reach):
        path = shape.path({"episode_index": index, "episode_chunk": index // chunk}, key)
        if prefix + path not in names:
            absent.append(path)
    return len(absent) + episodes - reach, absent[:3]


def numbered_files(
    shape: Template, key: str, names: Iterable[str], prefix: str
) -> list[tuple[int, int]]:
    """(chunk, file) of the files of version 3 that are members, in order."""
    pattern = shape.matcher(key)
    found = []
    for name in names:
        if name.startswith(prefix) and (match := pattern.fullmatch(name, len(prefix))):
            numbers = match.groupdict()
            found.append((int(numbers.get("chunk_index", 0)), int(numbers.get("file_index", 0))))
    return sorted(found)


def holes(numbers: Sequence[tuple[int, int]], chunk: int) -> list[tuple[int, int]]:
    """Where the first numbers of files are that come before the last one and are not there."""
    wanted = (0, 0)
    absent: list[tuple[int, int]] = []
    for number in numbers:
        if number > wanted and len(absent) < 3:
            absent.append(wanted)
        following = (number[0], number[1] + 1)
        wanted = (number[0] + 1, 0) if following[1] >= chunk else following
    return absent
