"""The README says what is true today."""

from __future__ import annotations

import re
from pathlib import Path

from gerra_tui import docs
from gerra_tui.cli.arguments import COMMANDS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
TEXTS = [README, CONTRIBUTING, *map(docs.page, docs.topics())]


def test_it_is_read_in_a_few_minutes() -> None:
    assert len(README.splitlines()) <= 140


def test_its_pictures_are_there() -> None:
    pictures = re.findall(r"\]\((screenshots/[^)]+)\)", README)
    assert pictures
    for picture in pictures:
        assert (ROOT / picture).is_file(), picture


def test_its_pages_are_there_and_all_are_named() -> None:
    named = re.findall(r"\(gerra_tui/docs/([a-z]+)\.md\)", README)
    assert sorted(named) == list(docs.topics())


def test_the_commands_that_are_named_exist() -> None:
    for text in TEXTS:
        named = set(re.findall(r"gerra-tui ([a-z][a-z-]+)\b", text))
        assert named - {"https"} <= set(COMMANDS), named


def test_the_targets_that_are_named_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for text in TEXTS:
        for target in re.findall(r"`make ([a-z]+)", text):
            assert f"\n{target}:" in makefile, target


def test_the_tests_that_it_names_exist() -> None:
    named = re.findall(r"`(tests/[a-z_/.]+)`", " ".join(TEXTS))
    assert named
    for name in named:
        assert (ROOT / name).exists(), name
