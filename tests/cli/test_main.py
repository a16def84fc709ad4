"""The program from outside: `python -m gerra_tui` over a demo service."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from gerra_tui.demo.host import DemoHost
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

pytestmark = pytest.mark.processes

SECONDS = PATIENCE


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoHost]:
    with DemoHost(["--datasets", "1200"]) as host:
        yield host


@pytest.fixture
def environ(demo: DemoHost, tmp_path: Path) -> dict[str, str]:
    names = ("CONFIG", "STATE", "CACHE", "DATA")
    own = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in names}
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "GERRA_BASE_URL": demo.base_url,
        "GERRA_API_KEY": demo.api_key,
        **own,
    }


def run(
    environ: Mapping[str, str], *arguments: str, stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gerra_tui", *arguments],
        env=dict(environ),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def lines(answer: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer.stdout.splitlines()]


def test_what_ls_lists_can_be_piped_into_accept(environ: dict[str, str]) -> None:
    listed = run(environ, "ls", "type:episode status:pending", "--json", "--limit", "3")
    assert listed.returncode == 0
    accepted = run(environ, "accept", "-", "--json", stdin=listed.stdout)
    assert accepted.returncode == 0, accepted.stderr
    ids = [row["id"] for row in lines(listed)]
    assert [(row["dataset_id"], row["result"]) for row in lines(accepted)] == [
        (dataset_id, "done") for dataset_id in ids
    ]
    logged = lines(run(environ, "log", "--json"))
    assert sorted(row["dataset_id"] for row in logged) == sorted(ids), "sent side by side"
    assert {(row["via"], row["result"]) for row in logged} == {("cli", "done")}
    again = run(environ, "accept", *ids)
    assert again.returncode == 0
    assert run(environ, "outbox").stdout == ""
    shown = json.loads(run(environ, "show", ids[0], "--json").stdout)
    assert shown["dataset"]["status"] == "accepted"
    assert set(shown) == {"dataset", "iterations", "iterations_error", "decision"}


def test_a_rejection_needs_its_reason(environ: dict[str, str]) -> None:
    (row,) = lines(run(environ, "ls", "--json", "--limit", "1"))
    assert run(environ, "reject", row["id"]).returncode == 2
    assert run(environ, "reject", row["id"], "--reason", "  ").returncode == 2
    rejected = run(environ, "reject", row["id"], "--reason", "Too dark", "--json")
    assert (rejected.returncode, lines(rejected)[0]["result"]) == (0, "done")


def test_a_read_only_console_sends_nothing(environ: dict[str, str]) -> None:
    (row,) = lines(run(environ, "ls", "--json", "--limit", "1"))
    refused = run(environ, "accept", row["id"], "--read-only")
    assert refused.returncode == 1
    assert "read-only" in refused.stderr
    shown = json.loads(run(environ, "show", row["id"], "--json").stdout)
    assert shown["dataset"]["status"] == "pending"


@pytest.mark.parametrize(
    ("change", "arguments", "code", "said"),
    [
        ({}, ["ls", "statsu:x"], 2, "did you mean `status`?"),
        ({"GERRA_API_KEY": ""}, ["ls"], 3, "No API key"),
        ({"GERRA_API_KEY": "wrong"}, ["ls"], 3, "Key refused (401)"),
        (
            {"GERRA_BASE_URL": "http://127.0.0.1:9"},
            ["stats"],
            4,
            "Cannot reach 127.0.0.1:9: connection refused.",
        ),
        ({"GERRA_BASE_URL": "http://api.gerra.com"}, ["ls"], 2, "plain http"),
        ({}, ["show", "00000000-0000-4000-8000-000000000000"], 1, "not found"),
        ({}, [], 2, "needs a terminal"),
        ({}, ["--config", "/nowhere.toml", "ls"], 2, "There is no config file"),
        ({"GERRA_PROFILE": "lab"}, ["ls"], 2, "There is no profile 'lab'"),
    ],
)
def test_what_goes_wrong_has_its_sentence_and_exit_code(
    environ: dict[str, str], change: dict[str, str], arguments: list[str], code: int, said: str
) -> None:
    answer = run(environ | change, *arguments)
    assert answer.returncode == code, answer.stderr
    assert said.lower() in answer.stderr.lower()
    assert answer.stdout == ""
    assert "Traceback" not in answer.stderr


def test_a_closed_pipe_is_quiet(environ: dict[str, str]) -> None:
    script = f"{sys.executable} -m gerra_tui ls '' --json | head -1"
    answer = subprocess.run(
        ["/bin/bash", "-o", "pipefail", "-c", script],
        env=environ,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert answer.stdout.count("\n") == 1
    assert answer.stderr == ""
    assert answer.returncode == 0


@pytest.mark.parametrize("command", ["config", "ls --limit 3"])
@pytest.mark.parametrize(
    ("output", "code", "told"), [(">/dev/full", 1, "The output broke off"), (">&-", 0, "")]
)
def test_output_that_goes_nowhere_costs_a_sentence_and_no_traceback(
    environ: dict[str, str], command: str, output: str, code: int, told: str
) -> None:
    line = f"exec {sys.executable} -m gerra_tui {command} {output}"
    answer = subprocess.run(
        ["/bin/sh", "-c", line],
        env=environ,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert (answer.returncode, answer.stdout) == (code, "")
    assert told in answer.stderr
    assert len(answer.stderr.splitlines()) == (1 if told else 0)


def wait_for_a_request(demo: DemoHost) -> None:
    """Until the service is asked for something: whoever asks has come that far."""
    url, key = f"{demo.base_url}/_demo/state", {"Gerra-Api-Key": demo.api_key}
    deadline = time.monotonic() + SECONDS
    while not httpx.get(url, headers=key, timeout=SECONDS).json()["requests"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_a_command_with_its_code(
    environ: dict[str, str], number: signal.Signals, code: int
) -> None:
    with DemoHost(["--datasets", "1200", "--latency-ms", "30000"]) as slow:
        process = subprocess.Popen(
            [sys.executable, "-m", "gerra_tui", "ls"],
            env=environ | {"GERRA_BASE_URL": slow.base_url, "GERRA_API_KEY": slow.api_key},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        wait_for_a_request(slow)
        process.send_signal(number)
        _, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == code, errors
    assert b"Traceback" not in errors


def test_the_key_is_nowhere_on_disk(
    environ: dict[str, str], demo: DemoHost, tmp_path: Path
) -> None:
    (row,) = lines(run(environ, "ls", "--json", "--limit", "1"))
    run(environ, "accept", row["id"])
    run(environ, "doctor")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "journal.db" for path in files)
    for path in files:
        assert demo.api_key.encode() not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0, path


def test_doctor_says_that_all_is_well(environ: dict[str, str]) -> None:
    answer = run(environ | {"TERM": "xterm-256color"}, "doctor")
    assert answer.returncode == 0, answer.stdout
    assert "ok  key          environment variable GERRA_API_KEY" in answer.stdout
    assert "!!" not in answer.stdout


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"GERRA_API_KEY": ""}, 3, "Set GERRA_API_KEY"),
        ({"GERRA_API_KEY": "wrong"}, 3, "Key refused (401)"),
        ({"GERRA_BASE_URL": "http://127.0.0.1:9"}, 4, "Check the network"),
        ({"TERM": "dumb"}, 1, "no screen can be drawn"),
        # access(2) allows root to write in /proc, where no file can be made all the same.
        ({"XDG_STATE_HOME": "/proc/state"}, 1, "Make /proc writable, or set XDG_STATE_HOME"),
        ({"XDG_CACHE_HOME": "/dev/null/cache"}, 1, "/dev/null is not a directory"),
    ],
)
def test_doctor_names_the_mend(
    environ: dict[str, str], change: dict[str, str], code: int, said: str
) -> None:
    answer = run(environ | {"TERM": "xterm"} | change, "doctor")
    assert answer.returncode == code, answer.stdout
    assert said in answer.stdout


def test_config_prints_path_example_and_what_is_in_force(
    environ: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "config" / "gerra-tui" / "config.toml"
    assert run(environ, "config", "--path").stdout == f"{path}\n"
    assert "[profiles.default]" in run(environ, "config", "--example").stdout
    assert "decide.hold = 10 s" in run(environ, "config").stdout
