"""How each flaw of `world.holdings` gets into the bytes: what is told, the members, the file."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.demo.storage.member import Member
from gerra_tui.demo.storage.sparse import Run, Sparse, zeros
from gerra_tui.demo.world.holdings import COPIED, HOSTILE, NO_METADATA
from gerra_tui.demo.world.vocabulary import ROBOTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from gerra_tui.demo.storage.recording import Recording

Members = list[Member]

_RAR: Final = b"Rar!\x1a\x07\x01\x00"
_JUNK: Final = b'#!/bin/sh\nexec unzip -o "$0" -d /srv/data\n'  # what a self-extractor begins with
_LISTS: Final = ("meta/episodes.jsonl", "meta/tasks.parquet")
_STATISTICS: Final = "meta/episodes_stats.jsonl"


def _same(thing: Any) -> Any:
    return thing


@dataclass(frozen=True, slots=True)
class Flaw:
    """`told` changes what was recorded, so that the metadata contradicts it."""

    told: Callable[[Recording], Recording] = _same
    members: Callable[[Members], Members] = _same
    file: Callable[[Sparse], Sparse] = _same


def _regrouped(recording: Recording) -> Recording:
    """As many frames in one episode fewer; of one, in two."""
    first, *others = recording.lengths
    if not others:
        return replace(recording, lengths=(first // 2, first - first // 2))
    return replace(recording, lengths=(first + others[-1], *others[:-1]))


def _other_robot(recording: Recording) -> Recording:
    robots = [robot for _, robot, joints in ROBOTS if robot != recording.robot]
    return replace(recording, robot=robots[recording.seed % len(robots)])


def _halved(recording: Recording) -> Recording:
    cameras = {name: (size[0] // 2, size[1] // 2) for name, size in recording.cameras.items()}
    return replace(recording, cameras=cameras)


def _without(folder: str) -> Callable[[Members], Members]:
    def change(members: Members) -> Members:
        gone = next(at for at, one in enumerate(members) if one.name.startswith(folder))
        return members[:gone] + members[gone + 1 :]

    return change


def _without_list(members: Members) -> Members:
    return [one for one in members if one.name not in _LISTS]


def _encrypted(members: Members) -> Members:
    return [*members[:-1], replace(members[-1], encrypted=True)]


def _name_twice(members: Members) -> Members:
    return [*members, replace(members[0], content=Sparse(b"again\n"))]


def _small_video(members: Members) -> Members:
    at = [at for at, one in enumerate(members) if one.share][2]
    return [*members[:at], Member(members[at].name, zeros(900)), *members[at + 1 :]]


def _hostile(members: Members) -> Members:
    """Names that leave the folder or harm a terminal, and a member that inflates a thousandfold."""
    found = {
        "../../../../tmp/escaped.txt": b"outside\n",
        "/etc/cron.d/gerra": b"* * * * * root true\n",
        "\x1b]0;title\x07\x1b[2Jname.txt": b"\x1b[31mred\x1b[0m\n",
        "\u202egnp.exe": b"MZ",
        "long/" + "name" * 200 + ".json": b'{"unclosed": [',
        "bomb.csv": b"0,0,0,0\n" * 1_000_000,
    }
    hidden = [Member(name, Sparse(text), packed=True) for name, text in found.items()]
    return [*members, *hidden]


def _edited(name: str, change: Callable[[dict[str, Any]], None]) -> Callable[[Members], Members]:
    """A list of JSON lines with its first line changed."""

    def edit(members: Members) -> Members:
        return [_rewritten(one, change) if one.name == name else one for one in members]

    return edit


def _rewritten(member: Member, change: Callable[[dict[str, Any]], None]) -> Member:
    text = member.made(0)
    first, _, rest = text.read(0, text.length).partition(b"\n")
    row = json.loads(first)
    change(row)
    return replace(member, content=Sparse(json.dumps(row).encode(), b"\n", rest))


def _longer(row: dict[str, Any]) -> None:
    row["length"] += 11


def _still(row: dict[str, Any]) -> None:
    action = row["stats"]["action"]
    row["stats"]["action"] = action | {"max": action["min"], "std": [0.0] * len(action["min"])}


def _dark(row: dict[str, Any]) -> None:
    for name, about in row["stats"].items():
        if ".images." in name:
            row["stats"][name] = about | {"mean": [[[0.004]]] * 3}


def _no_number(row: dict[str, Any]) -> None:
    row["stats"]["observation.state"] = row["stats"]["action"] | {"mean": [float("nan")]}


def _without_index(file: Sparse) -> Sparse:
    """The index is there, and is none: a box that players skip."""
    return Sparse(*(
        Run(b"%sfree%s" % (part.block[:4], part.block[8:]), 1)
        if isinstance(part, Run) and part.block[4:8] == b"moov"
        else part
        for part in file.parts
    ))  # fmt: skip


def _some(recording: Recording) -> tuple[int, ...]:
    middle = recording.lengths[0] // 2
    return (middle, middle + 5, middle + 11)


FLAWS: Final = {
    "cut off": Flaw(file=lambda file: file.shortened(file.length * 2 // 3)),
    "empty": Flaw(file=lambda _: Sparse()),
    "another kind": Flaw(file=lambda file: Sparse(_RAR, zeros(max(0, file.length - len(_RAR))))),
    COPIED: Flaw(),  # the bytes are another's, or there are no metadata: both need no flaw
    NO_METADATA: Flaw(),
    "junk before": Flaw(file=lambda file: Sparse(_JUNK, file)),
    "encrypted": Flaw(members=_encrypted),
    HOSTILE: Flaw(members=_hostile),
    "name twice": Flaw(members=_name_twice),
    "other fps": Flaw(told=lambda one: replace(one, fps=round(one.fps * 0.999, 3))),
    "other frames": Flaw(told=lambda one: replace(one, lengths=(one.lengths[0] - 7,
                                                                *one.lengths[1:]))),
    "other episodes": Flaw(told=_regrouped),
    "other robot": Flaw(told=_other_robot),
    "other resolution": Flaw(told=_halved),
    "data missing": Flaw(members=_without("data/")),
    "camera missing": Flaw(members=_without("videos/")),
    "list missing": Flaw(members=_without_list),
    "small video": Flaw(members=_small_video),
    "sum of episodes": Flaw(members=_edited("meta/episodes.jsonl", _longer)),
    "still joint": Flaw(members=_edited(_STATISTICS, _still)),
    "dark camera": Flaw(members=_edited(_STATISTICS, _dark)),
    "no number": Flaw(members=_edited(_STATISTICS, _no_number)),
    "lost frames": Flaw(told=lambda one: replace(one, lost=_some(one))),
    "dropped frames": Flaw(told=lambda one: replace(one, lost=_some(one))),
    "no index": Flaw(file=_without_index),
    "no media": Flaw(told=lambda one: replace(one, index_first=True),
                     file=lambda file: file.shortened(file.length // 2)),
    "clock not set": Flaw(told=lambda one: replace(one, start=17.0)),
    "time goes back": Flaw(told=lambda one: replace(one, seconds=-one.seconds)),
    "other duration": Flaw(told=lambda one: replace(one, seconds=1.5 * one.seconds)),
    "channel missing": Flaw(told=lambda one: replace(one, channels=one.channels[1:])),
}  # fmt: skip
