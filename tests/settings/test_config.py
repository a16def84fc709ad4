"""What a person writes into config.toml, and what they are told about a mistake."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from gerra_tui.domain.checks.limits import Limits
from gerra_tui.domain.view import Sort
from gerra_tui.settings.config import Config, parse_config, read_config
from gerra_tui.settings.tables import WrongConfig

if TYPE_CHECKING:
    from pathlib import Path


def test_a_whole_config_is_understood() -> None:
    config = parse_config(
        """
        ascii_borders = true
        [profiles.lab]
        base_url = "https://lab.example"
        api_key_env = "LAB_KEY"
        read_only = true
        search = "substring"
        [decide]
        hold = "manual"
        express = true
        resend_after = 45
        [[views]]
        name = "Thermal"
        query = "meta.sensor_type:thermal"
        columns = ["state", "name:40", "meta.location"]
        sort = "-size"
        [keys.list]
        accept = ["A", "f5"]
        [reject]
        require_details = true
        [reject.episode]
        reasons = ["Too dark at {t}"]
        [pane]
        first = ["fps"]
        [evidence]
        auto = "open"
        private_addresses = true
        rules = ["missing meta.calibration", "meta.fps < 10"]
        [evidence.limits]
        fps = 0.01
        frames = 2
        """
    )
    assert config.profiles["lab"].read_only
    assert config.profiles["lab"].search == "substring"
    assert config.hold == "manual"
    assert config.express == "accept"
    assert config.resend_after == 45
    assert config.views[0].sort == Sort(column="size", descending=True)
    assert config.views[0].columns == ("state", "name:40", "meta.location")
    assert config.keymap == {"list": {"accept": ("A", "f5")}}
    assert config.reject_reasons == {"episode": ("Too dark at {t}",)}
    assert config.require_details is True
    assert config.pane_first == ("fps",)
    assert config.ascii_borders is True
    assert (config.evidence_auto, config.private_addresses) == ("open", True)
    assert config.limits == Limits(fps=0.01, frames=2)
    assert [rule.text for rule in config.rules] == ["missing meta.calibration", "meta.fps < 10"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[decide]\nhodl = 3", "decide.hodl is not a setting. Did you mean decide.hold?"),
        (
            "colour = 1",
            (
                "colour is not a setting. "
                "Known: profiles, decide, views, keys, reject, pane, evidence, theme, "
                "ascii_borders."
            ),
        ),
        ("[evidence]\nauto = true", 'is True: it takes "rest", "open" or "off".'),
        (
            "[evidence.limits]\nfsp = 1",
            "evidence.limits.fsp is not a setting. Did you mean evidence.limits.fps?",
        ),
        ("[evidence.limits]\nfps = -1", "evidence.limits.fps is -1: it takes a number, 0 or more."),
        (
            "[evidence.limits]\nfps = nan",
            "evidence.limits.fps is nan: it takes a number,",
        ),
        (
            "[evidence.limits]\nframes = 1.5",
            "evidence.limits.frames is 1.5: it takes a whole number, 0 or more.",
        ),
        (
            "[evidence]\nlimits = 3",
            "evidence.limits must be a table, written as",
        ),
        ("[evidence]\nrules = 'a'", "evidence.rules must be a list of texts"),
        (
            "theme = 'dark'\n[evidence]\nrules = [\n  'meta.fps < 10',\n  'fsp < 10',\n]",
            "line 5: evidence.rules[2] is 'fsp < 10': There is no field `fsp`",
        ),
        (
            '[evidence]\nrules = ["meta.\\u0061 <"]',
            "evidence.rules[1] is 'meta.a <': A value is missing here",
        ),
        (
            "[evidence]\nrules = ['missing fps']",
            "line 2: evidence.rules[1] is 'missing fps':",
        ),
        ("[evidence]\nrules = ['']", "evidence.rules[1] is '': It says nothing"),
        ("[evidence]\nrules = ['check:odd']", "not of what a look found."),
        ("[decide]\nhold = 61", 'hold is 61: it takes seconds from 0 to 60, or "manual".'),
        ("[decide]\nhold = true", 'hold is True: it takes seconds from 0 to 60, or "manual".'),
        (
            "[decide]\nexpress = 'all'",
            'decide.express is \'all\': it takes false, "accept" or "both".',
        ),
        ("[decide]\npreset = 'slow'", "decide.preset is 'slow': there is \"fast\" alone."),
        ("[decide]\nresend_after = -1", "decide.resend_after must be seconds, 0 or more, not -1."),
        ("[profiles]\nlab = 1", "profiles.lab must be a table, written as [profiles.lab]."),
        ("[profiles.a]\nsearch = 'x'", 'takes "off" or "substring".'),
        ("views = 1", "views must be written as [[views]] tables."),
        ("[[views]]\nquery = 'a'", "views[1].name is missing"),
        (
            "[[views]]\nname = 'a'\ncolumns = ['name:0']",
            "views[1].columns has 'name:0': a width is 3 to 200 cells.",
        ),
        ("[keys.list]\naccept = 'a'", "keys.list.accept must be a list of texts"),
        ("[profiles.a]\nbase_url = 4", "profiles.a.base_url must be a text in quotes, not 4."),
        ("a = = 1", "this is not TOML"),
    ],
)
def test_a_mistake_is_a_sentence_with_its_place(text: str, said: str) -> None:
    with pytest.raises(WrongConfig) as caught:
        parse_config(text)
    assert said in str(caught.value)


def test_a_key_of_the_wrong_kind_is_not_repeated() -> None:
    with pytest.raises(WrongConfig) as caught:
        parse_config("[profiles.a]\napi_key = 123456789")
    assert "123456789" not in str(caught.value)


def test_no_file_means_the_defaults_unless_it_was_named(tmp_path: Path) -> None:
    missing = tmp_path / "config.toml"
    assert read_config(missing, must_exist=False) == Config()
    with pytest.raises(WrongConfig, match="There is no config file"):
        read_config(missing, must_exist=True)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "config.toml"
    broken.write_bytes(b"\xff\xfe")
    with pytest.raises(WrongConfig, match="cannot be read"):
        read_config(broken, must_exist=False)


def test_the_example_says_what_is_true() -> None:
    """Each commented setting of the example, uncommented, is one the program takes."""
    text = files("gerra_tui.settings").joinpath("example.toml").read_text(encoding="utf-8")
    assert parse_config(text).profiles["default"].base_url is None
    settings = [
        line.removeprefix("# ")
        for line in text.splitlines()
        if line.startswith(("[", "# ["))
        or (line.startswith("# ") and " = " in line and not line.endswith("."))
    ]
    config = parse_config("\n".join(settings))
    assert config.hold == 10
    assert config.views
    assert config.keymap["list"]["accept"] == ("a",)


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    """Editors on Windows write one."""
    file = tmp_path / "config.toml"
    file.write_bytes(b"\xef\xbb\xbf[decide]\r\nhold = 3\r\n")
    assert read_config(file, must_exist=True).hold == 3


@pytest.mark.parametrize(
    "written", ['columns = ["nmae"]', 'columns = ["name", "sensor:9"]', 'sort = "-siz"']
)
def test_a_view_with_an_unknown_column_is_refused(written: str) -> None:
    with pytest.raises(WrongConfig, match=r"views\[1\]\.(columns|sort): There is no column"):
        parse_config(f'[[views]]\nname = "Mine"\n{written}\n')


def test_the_pane_and_the_theme_are_set() -> None:
    config = parse_config('theme = "light"\n[pane]\nfirst = ["gaps"]\n')
    assert (config.theme, config.pane_first) == ("light", ("gaps",))


@pytest.mark.parametrize(
    "text", ['theme = "blue"', "theme = 1", "[pane]\nlast = []", "[pane]\nfirst = 1"]
)
def test_a_wrong_theme_or_pane_is_refused(text: str) -> None:
    with pytest.raises(WrongConfig, match=r"theme|pane\."):
        parse_config(text)
