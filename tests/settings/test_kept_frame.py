"""The frame kept for the next start is shown only where it can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.settings.kept_frame import LARGEST, KeptFrame, frame_file, read_frame

if TYPE_CHECKING:
    from pathlib import Path

FRAME = KeptFrame("\x1b[1;1H\x1b[1mlistë\x1b[m\r\n漢字", "\x1b[1;1Hlistë\x1b[1;1H")
SIGNATURE = "of this terminal"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "frame"
    text = frame_file(FRAME, SIGNATURE)
    assert text is not None
    path.write_text(text, encoding="utf-8", newline="")
    path.chmod(0o600)
    return path


def test_it_comes_back_as_it_was(file: Path) -> None:
    assert read_frame(file, SIGNATURE) == FRAME


def test_another_terminal_does_not_get_it(file: Path) -> None:
    assert read_frame(file, "of another one") is None


def test_there_may_be_none(tmp_path: Path) -> None:
    assert read_frame(tmp_path / "nothing", SIGNATURE) is None
    assert read_frame(tmp_path, SIGNATURE) is None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_one_that_others_may_read_or_write_is_not_shown(file: Path, mode: int) -> None:
    file.chmod(mode)
    assert read_frame(file, SIGNATURE) is None


def test_a_link_to_it_is_not_followed(file: Path) -> None:
    link = file.with_name("link")
    link.symlink_to(file)
    assert read_frame(link, SIGNATURE) is None


def test_a_damaged_one_is_not_shown(file: Path) -> None:
    whole = file.read_bytes()
    for changed in (
        whole[:-1],
        whole + b"x",
        whole.replace(b"list", b"lost"),
        b"",
        b"\xff\n\n\n\n",
    ):
        file.write_bytes(changed)
        assert read_frame(file, SIGNATURE) is None, changed


def test_an_endless_one_is_not_read(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b" " * LARGEST)
    assert read_frame(file, SIGNATURE) is None
    assert frame_file(KeptFrame("x" * LARGEST, ""), SIGNATURE) is None


@pytest.mark.parametrize(
    "foreign",
    [
        "\x1b]0;title\x07",
        "\x1b]52;c;AAAA\x1b\\",
        "\x1bc",
        "\x1b[?1049l",
        "\x1b[6n",
        "\x1bP1$r\x1b\\",
        "\x07",
        "\x00",
        "\x9b6n",
        "\u202e",
        "\x1b[200~",
        "\x1b",
    ],
)
def test_nothing_but_cells_is_ever_in_it(file: Path, foreign: str) -> None:
    for frame in (KeptFrame(f"a{foreign}b", ""), KeptFrame("", f"a{foreign}")):
        assert frame_file(frame, SIGNATURE) is None


@given(st.binary(max_size=300))
def test_any_bytes_in_its_place_are_no_frame(data: bytes) -> None:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frame"
        path.write_bytes(data)
        path.chmod(0o600)
        assert read_frame(path, SIGNATURE) is None
