"""The members of the data's file: as a tree, with sizes, and looked into."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gerra_tui.domain.evidence import Look, Step
from gerra_tui.service.contents import Entry, Peek
from gerra_tui.service.looks import KeptLook
from gerra_tui.ui.present.files import (
    DEEPEST,
    FOLDER,
    MEMBER,
    MOST_LISTED,
    Filed,
    file_lines,
    tree_of,
)
from tests.fakes import dataset_of, id_of
from tests.service.files import Members, Reel
from tests.ui.reviewing import Console
from tests.ui.stage import boxed
from tests.virtual_time import NOON

MEMBERS = {
    "README.md": b"# Cups\n\nStacked.\n",
    "meta/info.json": b'{"fps": 30, "robot": "koch"}',
    "meta/tasks.jsonl": b'{"task": "stack"}\n',
    "videos/cam_high/episode.mp4": bytes(range(256)) * 300,
}


def archived(members: dict[str, bytes] | None = None) -> Console:
    console = Console()
    console.files.contents = Members(MEMBERS if members is None else members, Reel())
    return console


def told(filed: Filed, folds: set[tuple[str, ...]], width: int = 60) -> list[str]:
    return [line.text for line in file_lines(filed, folds, width)]


async def test_b_lists_members_and_enter_looks_into_one() -> None:
    async with archived().opened() as console:
        await console.press("b")
        await console.until(lambda: "FILES  4 members  2 requests, 80 kB" in console.detail)
        lines = console.below_the_head
        at = lines.index("FILES  4 members  2 requests, 80 kB")
        assert [line.split() for line in lines[at + 2 : at + 8]] == [
            ["meta/", "2", "files", "46", "Bytes"],
            ["info.json", "28", "Bytes"],
            ["tasks.jsonl", "18", "Bytes"],
            ["videos/", "1", "file", "76.8", "kB"],
            ["cam_high/", "1", "file", "76.8", "kB"],
            ["episode.mp4", "76.8", "kB"],
        ]
        assert "Enter opens a folder, or looks into a file: 65.5 kB" in lines
        await console.press("j", "j", "j", "enter")
        await console.until(lambda: '{"fps": 30, "robot": "koch"}' in console.detail)
        await console.press("enter")
        await console.until(lambda: '"robot": "koch"' not in console.detail)
        await console.press("k", "enter")
        await console.until(lambda: "info.json" not in console.detail)


async def test_what_is_no_text_is_shown_as_bytes() -> None:
    async with archived().opened() as console:
        await console.press("b")
        await console.until(lambda: "episode.mp4" in console.detail)
        await console.press(*["j"] * 7, "enter")
        await console.until(lambda: "0000  00 01 02 03" in console.detail)
        assert "the rest is not shown" in console.detail


async def test_t_on_a_member_shows_its_pictures() -> None:
    console = archived()
    async with console.opened():
        await console.press("b")
        await console.until(lambda: "episode.mp4" in console.detail)
        await console.press(*["j"] * 7, "t")
        await console.until(lambda: "PICTURES  6 of 24" in console.detail)
        assert isinstance(console.files.contents, Members)
        assert console.files.contents.asked == ["videos/cam_high/episode.mp4"]
        assert "FILES" not in console.detail
        await console.press("b")
        await console.until(lambda: "FILES  4 members" in console.detail)


async def test_a_listing_that_costs_more_names_its_price_first() -> None:
    console = archived()
    dataset = dataset_of(console.service.bodies[id_of(0)])
    step = Step(key="b", words="list 70,003 members", requests=1, bytes=7_100_000)
    look = Look(dataset_id=dataset.id, kind="zip", more=(step,))
    console.shelf.kept[dataset.id] = KeptLook(look, NOON)
    console.preferences = replace(console.preferences, evidence_auto="rest")
    async with console.opened():
        await console.until(lambda: "EVIDENCE zip" in console.detail or
                            "list 70,003 members" in console.detail)  # fmt: skip
        await console.press("b")
        await console.until(lambda: "List the members?" in console.text)
        assert "list 70,003 members: 1 request, 7.1 MB" in " ".join(boxed(console.app))
        await console.press("n", "t")
        assert "listed first" in console.status
        await console.press("b", "y")
        await console.until(lambda: "FILES  4 members" in console.detail)


async def test_a_file_that_cannot_be_read_is_a_sentence_and_b_tries_again() -> None:
    console = Console()
    async with console.opened():
        await console.press("b")
        await console.until(lambda: "? there are no pictures in it" in console.detail)
        console.files.contents = Members(MEMBERS)
        await console.press("b")
        await console.until(lambda: "FILES  4 members" in console.detail)


async def test_another_dataset_is_not_shown_with_these_files() -> None:
    async with archived().opened() as console:
        await console.press("b")
        await console.until(lambda: "FILES  4 members" in console.detail)
        await console.press("n")
        await console.until(lambda: "FILES" not in console.detail)


def test_names_that_harm_a_terminal_are_cleaned_and_deep_ones_end_somewhere() -> None:
    names = [
        "\x1b[2Jname\u202egnp.exe",
        "../../etc/passwd",
        "/root",
        "a/" * 3_000 + "z",
        "",
        "x//y",
    ]
    filed = Filed(tree=tree_of([Entry(name, 5, 5) for name in names]))
    lines = told(filed, set())
    assert not any("\x1b" in line or "\u202e" in line for line in lines)
    assert any("../" in line for line in lines)
    assert sum("a/" in line for line in lines) <= DEEPEST + 1
    assert all(len(line) <= 60 for line in lines)


def test_a_folder_of_many_is_cut_and_says_so() -> None:
    entries = [Entry(f"frames/{n:05}.png", 10, 10) for n in range(MOST_LISTED + 7)]
    filed = Filed(tree=tree_of(entries))
    assert "frames/  1,007 files" in told(filed, set())[2]
    assert len(told(filed, set())) == 4
    lines = told(filed, {(FOLDER, "frames")})
    assert len(lines) == MOST_LISTED + 5
    assert "  7 more, not listed" in lines


@pytest.mark.parametrize(
    ("peek", "line"),
    [
        (Peek("größe".encode()[:-1] + "é".encode()[:1], whole=False), "  größ"),
        (Peek(b"", whole=True), "  (empty)"),
        (Peek(b"\x00\x01AB", whole=True), "  0000  00 01 41 42"),
        (Peek(b"\x1b]0;owned\x07 x", whole=True), "owned"),
        ("it is encrypted", "  ? it is encrypted"),
        (None, "  ..."),
    ],
)
def test_the_beginning_of_a_member_is_text_or_bytes_or_a_sentence(
    peek: Peek | str | None, line: str
) -> None:
    filed = Filed(tree=tree_of([Entry("a", 5, 5)]), looked_into={"a": peek})
    lines = told(filed, {(MEMBER, "a")})
    assert any(line in one for one in lines)
    assert not any("\x1b" in one for one in lines)
