"""Which setting wins, and that the reviewer is told where it came from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gerra_tui.settings.effective import Options, Settings, effective
from gerra_tui.settings.keys import find_key
from gerra_tui.settings.origins import checked, same_origin
from gerra_tui.settings.paths import Paths, make_private, write_private
from gerra_tui.settings.tables import WrongConfig

if TYPE_CHECKING:
    from collections.abc import Mapping


def settled(
    tmp_path: Path, config: str = "", environ: Mapping[str, str] | None = None, **options: Any
) -> Settings:
    paths = Paths.within(tmp_path)
    paths.config.mkdir(exist_ok=True)
    paths.config_file.write_text(config)
    return effective(Options(**options), environ or {}, paths)


LAB = '[profiles.lab]\nbase_url = "https://lab.example"\n'
OWN = '[profiles.default]\nbase_url = "https://own.example"\n'


@pytest.mark.parametrize(
    ("config", "environ", "options", "url", "source"),
    [
        ("", {}, {}, "https://api.gerra.com", "default"),
        (OWN, {}, {}, "https://own.example", "profiles.default.base_url"),
        (OWN, {"GERRA_BASE_URL": "https://e.x"}, {}, "https://e.x", "variable GERRA_BASE_URL"),
        (LAB, {"GERRA_PROFILE": "lab"}, {}, "https://lab.example", "profiles.lab.base_url"),
        (
            LAB,
            {"GERRA_BASE_URL": "https://e.x"},
            {"profile": "lab"},
            "https://lab.example",
            "profiles.lab.base_url",
        ),
        (LAB, {}, {"profile": "lab", "base_url": "https://c.x/"}, "https://c.x", "--base-url"),
    ],
)
def test_the_nearest_word_on_the_service_wins(
    tmp_path: Path,
    config: str,
    environ: dict[str, str],
    options: dict[str, str],
    url: str,
    source: str,
) -> None:
    settings = settled(tmp_path, config, environ, **options)
    assert settings.preferences.base_url == url
    assert settings.sources["base_url"].endswith(source)


@pytest.mark.parametrize(
    ("value", "profile"), [(" lab ", "lab"), ("  ", "default"), ("", "default")]
)
def test_blanks_around_a_profiles_name_are_none_of_it(
    tmp_path: Path, value: str, profile: str
) -> None:
    settings = settled(tmp_path, LAB, {"GERRA_PROFILE": value})
    assert settings.preferences.profile == profile


def test_an_unknown_profile_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(WrongConfig, match=r"There is no profile 'lab' .*\(profiles: none\)"):
        settled(tmp_path, profile="lab")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://api.gerra.com", "plain http to api.gerra.com"),
        ("ftp://api.gerra.com", "must start with https://"),
        ("api.gerra.com", "must start with https://"),
        ("https://user:pw@api.gerra.com", "scheme, host, port and path only"),
        ("https://api.gerra.com:99999", "is not a web address"),
    ],
)
def test_an_address_that_would_give_the_key_away_is_refused(url: str, said: str) -> None:
    with pytest.raises(WrongConfig, match=said):
        checked(url, "--base-url")


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://[::1]:1", "http://localhost:8"])
def test_plain_http_is_for_loopback(url: str) -> None:
    assert checked(url, "--base-url") == url


@pytest.mark.parametrize("spelling", ["HTTPS://Own.example:443/", " https://own.example. "])
def test_a_service_has_one_spelling_wherever_it_is_named(tmp_path: Path, spelling: str) -> None:
    environ = {"GERRA_BASE_URL": spelling, "GERRA_API_KEY": "k"}
    settings = settled(tmp_path, environ=environ)
    assert settings.preferences.base_url == "https://own.example"
    assert settings.preferences.api_host == "own.example"
    found = find_key(
        environ,
        base_url=settings.preferences.base_url,
        profile=settings.profile,
        config_file=tmp_path / "config.toml",
    )
    assert found.key is not None


def test_an_origin_is_scheme_host_and_port() -> None:
    assert same_origin("https://a.b", "https://A.b:443/x")
    assert not same_origin("https://a.b", "http://a.b")


@pytest.mark.parametrize(
    ("config", "option", "hold"),
    [
        ("", None, 10.0),
        ("[decide]\nhold = 3", None, 3.0),
        ("[decide]\nhold = 3", "manual", "manual"),
    ],
)
def test_the_hold_is_settled(
    tmp_path: Path, config: str, option: str | None, hold: float | str
) -> None:
    assert settled(tmp_path, config, hold=option).preferences.hold == hold


def test_a_hold_that_is_no_number_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(WrongConfig, match="hold is 'soon'"):
        settled(tmp_path, hold="soon")


def test_read_only_comes_from_the_option_or_the_profile(tmp_path: Path) -> None:
    assert not settled(tmp_path).preferences.read_only
    assert settled(tmp_path, read_only=True).preferences.read_only
    assert settled(tmp_path, "[profiles.default]\nread_only = true").preferences.read_only


@pytest.mark.parametrize(
    ("wish", "environ", "on"),
    [
        ("auto", {}, True),
        ("auto", {"SSH_CONNECTION": "1"}, False),
        ("on", {"SSH_TTY": "/dev/pts/1"}, True),
        ("off", {}, False),
    ],
)
def test_the_mouse_is_off_over_ssh_unless_asked_for(
    tmp_path: Path, wish: str, environ: dict[str, str], on: bool
) -> None:
    assert settled(tmp_path, environ=environ, mouse=wish).preferences.mouse is on


def test_paths_follow_the_xdg_specification(tmp_path: Path) -> None:
    paths = Paths.of({"HOME": str(tmp_path), "XDG_STATE_HOME": "relative", "XDG_DATA_HOME": "/d"})
    assert paths.journal == tmp_path / ".local/state/gerra-tui/journal.db"
    assert paths.data == Path("/d/gerra-tui")
    assert paths.audit.name == "audit.jsonl"
    assert paths.session.name == "session.json"
    assert paths.log.name == "console.log"


def test_private_files_are_private_and_whole(tmp_path: Path) -> None:
    directory = tmp_path / "a" / "b"
    make_private(directory)
    assert directory.stat().st_mode & 0o777 == 0o700
    directory.chmod(0o755)
    make_private(directory)
    assert directory.stat().st_mode & 0o777 == 0o700
    file = directory / "x.json"
    write_private(file, "1")
    write_private(file, "2")
    assert file.read_text() == "2"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(directory.iterdir()) == [file]


def test_a_linked_config_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "config.toml"
    real.write_text("old")
    link.symlink_to(real)
    write_private(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"


def test_the_fast_preset_decides_freely_and_sends_nothing_by_itself(tmp_path: Path) -> None:
    settings = settled(tmp_path, '[decide]\npreset = "fast"\n')
    assert (settings.preferences.express, settings.preferences.hold) == ("both", "manual")
    assert settings.sources["decide.hold"].endswith('config.toml: decide.preset = "fast"')


def test_a_setting_of_its_own_goes_before_the_preset(tmp_path: Path) -> None:
    config = '[decide]\npreset = "fast"\nhold = 20\nexpress = "accept"\n'
    settings = settled(tmp_path, config)
    assert (settings.preferences.express, settings.preferences.hold) == ("accept", 20)
    assert settled(tmp_path, config, hold="5").preferences.hold == 5


@pytest.mark.parametrize(
    ("written", "express"),
    [("true", "accept"), ("false", "off"), ('"accept"', "accept"), ('"both"', "both")],
)
def test_what_needs_no_dialog_is_an_accept_or_both(
    tmp_path: Path, written: str, express: str
) -> None:
    settings = settled(tmp_path, f"[decide]\nexpress = {written}\n")
    assert settings.preferences.express == express
