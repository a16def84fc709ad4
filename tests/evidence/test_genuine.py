"""Genuine files, whole and damaged: none stops a look, and none costs more than it may."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from gerra_tui.domain.evidence import Mark
from gerra_tui.evidence.first_look import Looking
from tests.evidence.formats.real_files import named, real
from tests.evidence.looked import checks, looked, looked_further
from tests.evidence.memory import MemorySource

if TYPE_CHECKING:
    from gerra_tui.domain.evidence import Look

EVERY = named("")
ODD_ARCHIVES = {
    "zip/go_dupdir.zip": "duplicates",
    "zip/go_readme.zip": "archive",  # a byte too many
    "zip/go_test-baddirsz.zip": "archive",
    "zip/go_test-trailing-junk.zip": "archive",
    "zip/rm_denormal-paths.zip": "names",
    "zip/rs_comment_garbage.zip": "archive",
    "zip/rs_deflate64_issue_25.zip": "archive",
    "zip/rs_ignore_encryption_flag.zip": "encrypted",
    "zip/rs_misaligned_comment.zip": "archive",
    "zip/rs_symlink.zip": "links",
    "zip/yauzl_empty.zip": "archive",
}
UNREADABLE = "zip/rs_deflate64_issue_25.zip"


@pytest.mark.parametrize("name", EVERY)
async def test_a_look_at_any_file_ends_in_sentences(name: str) -> None:
    look = await looked(real(name)[0])

    assert look.kind != "unknown"
    assert look.checks
    assert not [one.text for one in look.checks if "beyond what can be read" in one.text]


@pytest.mark.parametrize("name", [name for name in named("zip/") if name != UNREADABLE])
async def test_a_zip_tells_what_7z_tells(name: str) -> None:
    data, truth = real(name)
    look = await looked(data)

    assert look.kind == "zip"
    assert look.facts["members"] == truth["members"]
    assert look.facts["encrypted"] == truth["encrypted"]
    if "unsafe_names" in truth:
        assert look.facts["unsafe"] == len(truth["unsafe_names"])
        assert look.facts["links"] == truth["symlinks"]
    ours = [(one["name"].rstrip("/"), one["size"]) for one in look.facts["files"]]
    theirs = [(each[0], int(each[1])) for each in truth["first"]]
    if "cp437" not in name:  # 7z was run in a locale that cannot show it
        assert ours[: len(theirs)] == theirs
    odd = checks(look, Mark.ODD)
    assert set(odd) == ({ODD_ARCHIVES[name]} if name in ODD_ARCHIVES else set())


async def test_an_archive_without_a_directory_says_so() -> None:
    look = await looked(real(UNREADABLE)[0])

    assert checks(look, Mark.ODD) == {"archive": "no directory where its end says"}


@pytest.mark.parametrize("name", named("tar/"))
async def test_a_tar_tells_what_gnu_tar_tells(name: str) -> None:
    data, truth = real(name)
    look = await looked_further(data)

    assert look.kind == "tar"
    assert look.facts["members"] == truth["members"]
    first = [each.partition(" -> ")[0] for each in truth["first"]]
    ours = [one["name"] for one in look.facts["files"]]
    assert ours[: len(first)] == first or "pax" in name  # names there are cut to 60 characters
    assert ("archive" in checks(look, Mark.ODD)) == (truth["rc"] != 0)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Cut, overwritten, or with numbers that reach far."""
    spoiled = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        place = chance.choice([chance.randrange(len(spoiled)), -chance.randrange(1, 200)])
        place %= len(spoiled)
        junk = chance.choice([b"\xff" * 8, bytes(8), b"\x7f" + b"\xff" * 7, chance.randbytes(4)])
        spoiled[place : place + len(junk)] = junk
    if chance.random() < 0.3:
        del spoiled[chance.randrange(len(spoiled)) :]
    if chance.random() < 0.1:
        del spoiled[: chance.randrange(len(spoiled) + 1)]
    return bytes(spoiled)


async def _looked_at_damage(name: str, times: int) -> None:
    data = real(name)[0]
    chance = random.Random(name)
    for _ in range(times if data else 0):
        source: Any = MemorySource(damaged(data, chance))
        looking = Looking(source)
        look: Look = await looking.first()
        assert look.error is None
        assert look.cost.requests <= 3
        assert look.cost.bytes <= (1_250_000 if look.kind == "zip" else 256_000)
        told = [one.text for one in look.checks]
        assert not [text for text in told if "beyond what can be read" in text], told


@pytest.mark.parametrize("name", EVERY)
async def test_no_damage_to_a_file_stops_a_look(name: str) -> None:
    await _looked_at_damage(name, 4)


@pytest.mark.slow
@pytest.mark.parametrize("name", EVERY)
async def test_ten_thousand_damages_stop_no_look(name: str) -> None:
    await _looked_at_damage(name, 100)
