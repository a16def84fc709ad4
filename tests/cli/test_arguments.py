"""What a person types at the shell."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gerra_tui import __version__
from gerra_tui.cli.arguments import COMMANDS, parse


@pytest.mark.parametrize(
    ("typed", "command", "query"),
    [
        ([], "console", None),
        (["status:pending"], "console", "status:pending"),
        (["status:pending", "-meta.location:lab"], "console", "status:pending -meta.location:lab"),
        (["--demo", "size>1GB"], "console", "size>1GB"),
        (['-"red mug"'], "console", '-"red mug"'),
        (["--base-url", "https://ls", "ls", "a b"], "ls", "a b"),
        (["ls", "--json", "-type:episode", "--limit", "5"], "ls", "-type:episode"),
        (["--", "ls"], "console", "ls"),
        (["ls", "--", "-red"], "ls", "-red"),
    ],
)
def test_a_query_is_taken_as_it_is_typed(typed: list[str], command: str, query: str | None) -> None:
    options = parse(typed)
    assert (options.command, options.query) == (command, query)


def test_a_query_of_evidence_may_begin_with_a_negated_term() -> None:
    options = parse(["evidence", "--query", "-type:episode size>1GB", "--max-bytes", "7", "--more"])
    assert (options.command, options.query) == ("evidence", "-type:episode size>1GB")
    assert (options.ids, options.max_bytes, options.more) == ([], 7, True)
    assert parse(["evidence", "--file", "ls", "--json"]).command == "evidence"
    assert parse(["--file", "ls", "evidence"]).command == "evidence"


def test_service_options_stand_before_or_after_the_command() -> None:
    assert parse(["--profile", "lab", "stats"]).profile == "lab"
    assert parse(["stats", "--profile", "lab"]).profile == "lab"


def test_the_demo_server_reads_its_own_options() -> None:
    options = parse(["demo-server", "--port", "0"])
    assert (options.command, options.rest) == ("demo-server", ["--port", "0"])


@pytest.mark.parametrize(
    "typed",
    [
        ["--nonsense"],
        ["ls", "--json", "--csv"],
        ["ls", "--limit", "0"],
        ["reject", "id"],
        ["show"],
        ["evidence", "--max-bytes", "-1"],
        ["evidence", "--file"],
        ["outbox", "--send", "--drop"],
        ["--mouse", "maybe"],
        ["accept", "--api-key", "x", "id"],
    ],
)
def test_wrong_usage_is_exit_code_2(typed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse(typed)
    assert caught.value.code == 2
    assert "usage: gerra-tui" in capsys.readouterr().err


def test_a_limit_in_letters_is_answered_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["ls", "--limit", "ten"])
    assert "--limit: it must be a whole number, 1 or more" in capsys.readouterr().err


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "demo-server"])
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse([command, "--help"])
    assert caught.value.code == 0
    said = capsys.readouterr().out
    assert f"usage: gerra-tui {command}" in said
    assert "--read-only" in said


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--help"])
    said = capsys.readouterr().out
    assert all(f"  {name}" in said for name in COMMANDS)


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_answer_without_the_heavy_libraries(option: str) -> None:
    script = (
        "import sys\n"
        "from gerra_tui.cli.main import main\n"
        "try:\n    main([sys.argv[1]])\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "heavy = {'textual', 'rich', 'httpx', 'pydantic', 'sqlite3', 'fastapi', 'asyncio'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script, option], capture_output=True, text=True, check=True
    )
    assert answer.stdout.endswith("HEAVY []\n")
    if option == "--version":
        assert answer.stdout.startswith(f"gerra-tui {__version__}\n")
