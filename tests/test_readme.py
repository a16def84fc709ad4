"""The README says what is true today."""

from __future__ import annotations

import re
from pathlib import Path

from gerra_tui.cli.arguments import COMMANDS
from gerra_tui.ui.keys.registry import Registry, keymap_table
from tests.bench import terminals

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_its_keymap_is_the_registrys() -> None:
    kept = re.search(r"<!-- keymap: [^\n]*\n(.*?)<!-- /keymap -->", README, re.DOTALL)
    assert kept is not None
    assert kept[1] == keymap_table(Registry.of()) + "\n"


def test_its_pictures_are_there() -> None:
    pictures = re.findall(r"\]\((screenshots/[^)]+)\)", README)
    assert pictures
    for picture in pictures:
        assert (ROOT / picture).is_file(), picture


def test_the_commands_that_it_names_exist() -> None:
    named = set(re.findall(r"gerra-tui ([a-z][a-z-]+)\b", README))
    assert named - {"https"} <= set(COMMANDS), named
    targets = set(re.findall(r"`?make ([a-z]+)", README))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in targets:
        assert f"\n{target}:" in makefile, target


def test_its_table_of_terminals_has_each_that_is_measured() -> None:
    kept = re.search(r"<!-- terminals -->\n(.*?)<!-- /terminals -->", README, re.DOTALL)
    assert kept is not None
    told = [line.split(" | ")[:2] for line in kept[1].splitlines()[2:]]
    kinds = [(kind.name, kind.different) for kind in terminals.KINDS]
    assert [(name.removeprefix("| "), different) for name, different in told] == [
        *kinds,
        terminals.REFUSED,
    ]
