"""The one registry: what the keys are, how they are rebound, and what is generated from it."""

from __future__ import annotations

import re

import pytest

from gerra_tui.ui.keys.commands import COMMANDS, CONTEXTS, DETAIL, LIST
from gerra_tui.ui.keys.names import shown
from gerra_tui.ui.keys.registry import FORBIDDEN, Registry, WrongKeymap, keymap_table
from gerra_tui.ui.keys.side_commands import AUDIT, HELP, OUTBOX, SIDE_COMMANDS, STATISTICS
from gerra_tui.ui.review.api_key import ApiKey
from gerra_tui.ui.review.copying import Copying
from gerra_tui.ui.review.deciding import Deciding
from gerra_tui.ui.review.downloading import Downloading
from gerra_tui.ui.review.examining import Examining
from gerra_tui.ui.review.filing import Filing
from gerra_tui.ui.review.flows import actions_of
from gerra_tui.ui.review.leaving import Leaving
from gerra_tui.ui.review.listing import Listing
from gerra_tui.ui.review.marking import Marking
from gerra_tui.ui.review.moving import Moving
from gerra_tui.ui.review.narrowing import Narrowing
from gerra_tui.ui.review.opening import Opening
from gerra_tui.ui.review.picturing import Picturing
from gerra_tui.ui.review.sweeping import Sweeping
from gerra_tui.ui.review.taking_back import TakingBack
from gerra_tui.ui.review.views import Views
from gerra_tui.ui.screens.audit import AuditScreen
from gerra_tui.ui.screens.help import HelpScreen
from gerra_tui.ui.screens.outbox import OutboxScreen
from gerra_tui.ui.screens.statistics import StatisticsScreen
from tests.ui.reviewing import Console

FLOWS = (
    ApiKey, Copying, Deciding, Downloading, Examining, Filing, Leaving, Listing, Marking, Moving,
    Narrowing, Opening, Picturing, Sweeping, TakingBack, Views,
)  # fmt: skip
SCREENS = {
    OUTBOX: OutboxScreen, AUDIT: AuditScreen, STATISTICS: StatisticsScreen, HELP: HelpScreen,
}  # fmt: skip
# What is promised: each of these keys does this.
KEYS = {
    "j": "down", "down": "down", "k": "up", "up": "up", "g": "top", "home": "top",
    "G": "bottom", "end": "bottom", "ctrl+d": "half_page_down", "ctrl+u": "half_page_up",
    "pagedown": "page_down", "pageup": "page_up", "J": "scroll_detail_down",
    "K": "scroll_detail_up", "tab": "next_pane", "shift+tab": "previous_pane", "enter": "open",
    "i": "iterations", "<": "older_version", ">": "newer_version", "=": "compare",
    "p": "toggle_detail", "+": "look_further", "C": "look_at_all", "d": "download", "b": "files",
    "t": "pictures", "[": "previous_frame", "]": "next_frame", "z": "zoom_in", "Z": "zoom_out",
    "x": "pose_frame",
    "P": "move_detail", "a": "accept", "r": "reject", "s": "set_aside", "f": "flag",
    "u": "take_back", "$": "outbox", "space": "mark", "v": "mark_range", "M": "mark_all",
    "m": "invert_marks", "/": "edit_query", ",": "only", ";": "without", "n": "next_undecided",
    "N": "previous_undecided", "w": "save_view", "c": "columns", "o": "sort", "O": "reverse",
    "R": "refresh", "y": "copy", "e": "page_json", "E": "edit_json", "S": "statistics",
    "L": "audit", ":": "command_line", "ctrl+p": "command_line", "?": "help", "f1": "help",
    "escape": "back", "q": "leave", "Q": "quit", "ctrl+z": "suspend", "ctrl+c": "cancel",
    ".": "again",
    **{str(digit): f"view_{digit}" for digit in range(10)},
}  # fmt: skip


KEYS_OF_DETAIL = {"h": "previous_video", "l": "next_video", "space": "play", "|": "beside"}


@pytest.mark.parametrize(("key", "name"), KEYS.items())
def test_the_shipped_keys_are_those_that_are_written_down(key: str, name: str) -> None:
    command = Registry.of().command_for(LIST, key)
    assert command is not None
    assert command.name == name


@pytest.mark.parametrize(("key", "name"), KEYS_OF_DETAIL.items())
def test_the_detail_pane_has_some_of_its_own(key: str, name: str) -> None:
    command = Registry.of().command_for(DETAIL, key)
    assert command is not None
    assert command.name == name


def test_there_is_no_other_key() -> None:
    assert {key for command in COMMANDS for key in command.keys} == {*KEYS, *KEYS_OF_DETAIL}


def test_every_command_does_something() -> None:
    done = {name for flow in FLOWS for name in dir(flow) if name.startswith("do_")}
    views = {f"do_view_{digit}" for digit in range(10)}
    named = {f"do_{command.name}" for command in COMMANDS}
    assert named - views == done


def test_a_command_that_nobody_does_is_an_error_at_the_start() -> None:
    with pytest.raises(KeyError, match="accept"):
        actions_of()


@pytest.mark.parametrize("context", SIDE_COMMANDS)
def test_every_command_of_a_screen_beside_the_review_does_something(context: str) -> None:
    for command in SIDE_COMMANDS[context]:
        assert callable(getattr(SCREENS[context], f"action_{command.name}"))


def test_names_are_told_apart() -> None:
    names = [command.name for command in COMMANDS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("context", CONTEXTS)
def test_no_command_ships_with_a_key_of_tmux_or_the_terminal(context: str) -> None:
    registry = Registry.of()
    assert not any(registry.command_for(context, key) for key in FORBIDDEN)


def test_a_key_can_be_given_to_another_command() -> None:
    registry = Registry.of({LIST: {"flag": ("x", "F2")}})
    assert registry.keys_of("flag") == ("x", "f2")
    assert registry.command_for(LIST, "f") is None


def test_a_key_taken_from_a_command_is_no_longer_its_own() -> None:
    registry = Registry.of({LIST: {"flag": ("s",)}})
    command = registry.command_for(LIST, "s")
    assert command is not None
    assert command.name == "flag"
    assert registry.keys_of("set_aside") == ()


def test_a_command_can_be_without_a_key() -> None:
    assert Registry.of({LIST: {"quit": ()}}).command_for(LIST, "Q") is None


def test_contexts_are_rebound_apart() -> None:
    registry = Registry.of({DETAIL: {"flag": ("x",)}})
    assert registry.keys_of("flag", LIST) == ("f",)
    assert registry.keys_of("flag", DETAIL) == ("x",)


@pytest.mark.parametrize(
    ("keymap", "complaint"),
    [
        (
            {"nowhere": {"flag": ("x",)}},
            "keys.nowhere is no context: there are list, detail, outbox, audit, statistics, help.",
        ),
        ({LIST: {"flagg": ("x",)}}, "keys.list.flagg is no command. Did you mean flag?"),
        ({LIST: {"zzz": ("x",)}}, "keys.list.zzz is no command."),
        ({LIST: {"flag": ("ctrl+s",)}}, "keys.list.flag: ^s is taken by tmux or terminals."),
        (
            {LIST: {"flag": ("x",), "copy": ("x",)}},
            "keys.list.copy: x is bound to flag as well.",
        ),
    ],
)
def test_a_wrong_keymap_is_told_by_place_and_mend(
    keymap: dict[str, dict[str, tuple[str, ...]]], complaint: str
) -> None:
    with pytest.raises(WrongKeymap, match=re.escape(complaint)):
        Registry.of(keymap)


def test_a_read_only_console_has_no_key_and_no_name_that_decides() -> None:
    registry = Registry.of({LIST: {"accept": ("#",)}}, read_only=True)
    assert all(registry.command_for(context, key) is None for context in CONTEXTS for key in "ar#")
    assert registry.named("accept") is None
    assert registry.named("reject") is None


def test_the_footer_begins_with_what_decides() -> None:
    assert Registry.of().footer(LIST)[:2] == (("a", "accept"), ("r", "reject"))
    assert Registry.of(read_only=True).footer(LIST)[0] == ("u", "take back")


def test_the_footer_shows_the_keys_of_the_config() -> None:
    assert ("x", "accept") in Registry.of({LIST: {"accept": ("x",)}}).footer(LIST)


def test_a_command_without_a_key_is_not_in_the_footer() -> None:
    words = [word for _, word in Registry.of({LIST: {"help": ()}}).footer(LIST)]
    assert "help" not in words


@pytest.mark.parametrize(
    ("key", "text"), [("ctrl+d", "^d"), ("pagedown", "PgDn"), ("space", "Space"), ("a", "a")]
)
def test_keys_are_written_as_people_write_them(key: str, text: str) -> None:
    assert shown(key) == text


def test_the_readme_s_table_has_every_command() -> None:
    table = keymap_table(Registry.of())
    assert "| `j` `Down` | `down` |" in table
    assert all(f"`{command.name}`" in table for command in COMMANDS)


# Screens beside the review


def test_a_key_of_a_screen_beside_the_review_can_be_rebound_and_unbound() -> None:
    registry = Registry.of({OUTBOX: {"drop": ("D",), "clear": ()}})
    assert registry.keys_of("drop", OUTBOX) == ("D",)
    assert registry.keys_of("clear", OUTBOX) == ()
    assert registry.command_for(OUTBOX, "d") is None
    assert ("D", "drop") in registry.footer(OUTBOX)
    assert registry.command_for(LIST, "D") is None


def test_a_command_of_another_screen_is_none_of_this_one() -> None:
    with pytest.raises(WrongKeymap, match=r"keys\.help\.drop is no command"):
        Registry.of({HELP: {"drop": ("D",)}})
    with pytest.raises(WrongKeymap, match="list, detail, outbox, audit, statistics, help"):
        Registry.of({"nowhere": {"drop": ("D",)}})


def test_the_command_line_does_not_know_what_only_a_screen_beside_it_does() -> None:
    assert Registry.of().named("drop") is None


@pytest.mark.parametrize("context", SIDE_COMMANDS)
def test_screens_beside_the_review_bind_no_key_that_means_something_else(context: str) -> None:
    keys = [key for command in SIDE_COMMANDS[context] for key in command.keys]
    assert len(keys) == len(set(keys))
    assert not FORBIDDEN & set(keys)
    # `u`, `q` and Esc mean the same everywhere; these are the review's alone.
    assert not set("arsfjkmev") & set(keys)


async def test_a_rebound_key_works_is_told_and_leaves_the_old_one_without_effect() -> None:
    keymap = {"outbox": {"take_back": ("T",)}}
    async with Console(keymap=keymap).opened() as console:
        await console.press("a", "y")
        await console.until_shown("1 held")
        await console.press("dollar_sign")
        await console.until_shown("T take back")
        await console.press("t")
        await console.until_shown("ACC held")
        await console.press("T")
        await console.until_shown("outbox empty")
