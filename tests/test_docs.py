"""The pages say what is true today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gerra_tui import docs
from gerra_tui.domain.decision import TRANSITIONS, DecisionState
from gerra_tui.ui.keys.registry import Registry, keymap_table
from tests.bench import terminals

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "gerra_tui"


def block(topic: str, name: str) -> str:
    """What stands between the marks of that name."""
    kept = re.search(rf"<!-- {name}\b[^\n]*\n(.*?)<!-- /{name} -->", docs.page(topic), re.DOTALL)
    assert kept is not None, f"{topic} has no block {name}"
    return kept[1]


def test_every_page_has_a_title_and_says_in_a_sentence_what_it_is_about() -> None:
    assert docs.topics()
    for topic in docs.topics():
        assert docs.page(topic).startswith("# "), topic
        assert 20 < len(docs.about(topic)) < 200, topic


def test_a_page_that_does_not_exist_is_no_page() -> None:
    for name in ("nothing", "", "../settings/example", "__init__"):
        with pytest.raises(KeyError):
            docs.page(name)


def test_the_map_names_every_room_once_and_none_that_is_gone() -> None:
    named = re.findall(r"^\| `([^`]+)`", block("architecture", "map"), re.MULTILINE)
    rooms = {
        str(folder.relative_to(ROOT))
        for folder in PACKAGE.rglob("*")
        if folder.is_dir() and any(folder.glob("*.py")) and folder.name != "__pycache__"
    }
    assert sorted(named) == sorted({*rooms, "gerra_tui/bootstrap.py"})


def test_every_room_says_at_its_door_what_it_is() -> None:
    for init in PACKAGE.rglob("__init__.py"):
        assert init.read_text(encoding="utf-8").startswith('"""'), init


def test_the_files_that_the_architecture_names_exist() -> None:
    text = docs.page("architecture")
    for name in re.findall(r"`((?:[a-z_]+/)*[a-z_]+\.py)`", text):
        found = name.removeprefix("gerra_tui/")
        assert (PACKAGE / found).is_file() or (ROOT / name).is_file(), name
    for name in re.findall(r"\(`((?:service|ui|api|terminal|domain)/[a-z_/]+)`\)", text):
        assert (PACKAGE / f"{name}.py").is_file(), name


def test_the_states_of_a_decision_are_drawn_as_they_are() -> None:
    assert block("decisions", "states") == drawn_states()


def drawn_states() -> str:
    rows = ["| a decision that is | may become |", "|---|---|"]
    for state in DecisionState:
        if not state.is_end:
            after = [f"`{one}`" for one in DecisionState if one in TRANSITIONS[state]]
            rows.append(f"| `{state}` | {', '.join(after)} |")
    return "\n".join([*rows, ""])


def test_the_keymap_is_the_registrys() -> None:
    assert block("keys", "keymap") == keymap_table(Registry.of()) + "\n"


def test_the_table_of_terminals_has_each_that_is_measured() -> None:
    told = [line.split(" | ")[:2] for line in block("terminals", "terminals").splitlines()[2:]]
    kinds = [(kind.name, kind.different) for kind in terminals.KINDS]
    assert [(name.removeprefix("| "), different) for name, different in told] == [
        *kinds,
        terminals.REFUSED,
    ]
