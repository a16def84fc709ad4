"""Verdicts by the hundred on standard input, killed and run again: each takes effect once."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from gerra_tui.demo.host import DemoHost
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

pytestmark = pytest.mark.processes

RESEND_AFTER = 4  # seconds; the demo's late POSTs take effect after 3


class Person:
    """Runs commands with a home of their own."""

    def __init__(self, home: Path, host: DemoHost) -> None:
        config = home / "config" / "gerra-tui"
        config.mkdir(parents=True)
        (config / "config.toml").write_text(f"[decide]\nresend_after = {RESEND_AFTER}\n")
        self._environ = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "GERRA_BASE_URL": host.base_url,
            "GERRA_API_KEY": host.api_key,
            **{
                f"XDG_{name.upper()}_HOME": str(home / name)
                for name in ("config", "state", "cache", "data")
            },
        }

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "gerra_tui", *words],
            env=self._environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, stdin: str = "") -> tuple[int, list[str], str]:
        process = self.start(*words)
        out, err = process.communicate(stdin, timeout=280)
        return process.returncode, out.splitlines(), err

    def run_interrupted(self, *words: str, stdin: str, after: int, by: signal.Signals) -> int:
        """End it by a signal once so many lines have come; gives its exit code."""
        process = self.start(*words)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(stdin)
        process.stdin.close()
        for _ in range(after):
            process.stdout.readline()
        process.send_signal(by)
        process.stdout.read()
        process.stdout.close()
        assert process.stderr is not None
        process.stderr.close()
        return process.wait(timeout=PATIENCE)


def took_effect(record: Path, ids: Sequence[str]) -> Counter[str]:
    lines = [json.loads(line) for line in record.read_text().splitlines()]
    assert {line["dataset_id"] for line in lines} <= set(ids), "nothing else was decided"
    return Counter(line["dataset_id"] for line in lines if line["took_effect"])


@pytest.mark.parametrize(
    ("count", "faults"),
    [
        (120, ["--latency-ms", "20"]),
        pytest.param(
            1000, ["--latency-ms", "5", "--fail", "0.03", "--seed", "3"], marks=pytest.mark.slow
        ),
    ],
)
def test_what_was_interrupted_and_run_again_took_effect_exactly_once(
    tmp_path: Path, count: int, faults: list[str]
) -> None:
    record = tmp_path / "record"
    chance = random.Random(count)
    with DemoHost(["--datasets", "5000", "--record", str(record), *faults]) as host:
        person = Person(tmp_path, host)
        _, listed, _ = person.run("ls", "--json", "--limit", str(count))
        ids = [json.loads(line)["id"] for line in listed]
        stdin = "\n".join([*listed[: count // 2], *ids])  # some with what was seen, all by id
        command = ["reject", "-", "--reason", "blurred", "--json"]
        ends = {signal.SIGKILL: -9, signal.SIGINT: 130, signal.SIGTERM: 143}
        for by, code in [*ends.items(), (signal.SIGKILL, -9)]:
            after = chance.randrange(count // 8, count // 5)
            assert person.run_interrupted(*command, stdin=stdin, after=after, by=by) == code
        code, lines, err = person.run(*command, stdin=stdin)
        for _ in range(3):
            if code == 0:
                break
            code, lines, err = person.run(*command, stdin=stdin)
        assert code == 0, (err, [line for line in lines if '"done"' not in line])
        assert [json.loads(line)["dataset_id"] for line in lines] == ids
        assert {json.loads(line)["result"] for line in lines} == {"done"}
        assert took_effect(record, ids) == dict.fromkeys(ids, 1)
        code, logged, _ = person.run("log", "--json")
        assert Counter(json.loads(line)["dataset_id"] for line in logged) == dict.fromkeys(ids, 1)
        assert person.run("outbox") == (0, [], "")
