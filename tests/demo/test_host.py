"""The demo service as the console and its tests start it, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from gerra_tui.demo import server
from gerra_tui.demo.host import DemoHost, DemoUnavailable
from gerra_tui.demo.server import main
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.processes

SMALL = ["--datasets", "50"]


def connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    return socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE)


def is_closed_in_the_end(line: socket.socket) -> bool:
    with line:
        try:
            return line.recv(1) == b""
        except ConnectionResetError:  # it had not been accepted yet
            return True


def test_the_demo_answers_with_its_key_and_only_then() -> None:
    with DemoHost(SMALL) as demo:
        url = f"{demo.base_url}/datasets"
        assert httpx.get(url, timeout=PATIENCE).status_code == 401
        key = {"Gerra-Api-Key": demo.api_key}
        answer = httpx.get(url, headers=key, timeout=PATIENCE)
        assert urlsplit(demo.storage_url).netloc != urlsplit(demo.base_url).netloc
    assert answer.json()["total"] == 50


def test_a_stopped_demo_no_longer_listens() -> None:
    demo = DemoHost(SMALL)
    line = connected(demo.base_url)
    demo.stop()
    demo.stop()
    assert is_closed_in_the_end(line)
    with pytest.raises(OSError, match="refused"):
        connected(demo.base_url)


def test_a_killed_console_leaves_no_demo_behind() -> None:
    program = (
        "import sys; from gerra_tui.demo.host import DemoHost\n"
        "demo = DemoHost(['--datasets', '50'])\n"
        "print(demo.base_url, flush=True); sys.stdin.read()"
    )
    console = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert console.stdin
    assert console.stdout
    line = connected(console.stdout.readline().strip())
    console.kill()
    assert is_closed_in_the_end(line)
    console.communicate()


def test_keys_pressed_at_the_consoles_terminal_do_not_reach_the_demo() -> None:
    with DemoHost(SMALL) as demo:
        assert os.getsid(demo.pid) == demo.pid != os.getsid(0)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)]
)
@pytest.mark.parametrize("serving", [True, False])
def test_a_signal_ends_the_server_at_once_and_without_a_word(
    number: signal.Signals, code: int, serving: bool
) -> None:
    command = [sys.executable, "-m", "gerra_tui.demo", *SMALL]
    with ExitStack() as ends:
        process = ends.enter_context(
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        )
        ends.callback(process.kill)
        assert process.stdout
        assert process.stderr
        line = json.loads(process.stdout.readline())
        assert set(line) == {"base_url", "api_key", "storage_url", "pid"}
        assert line["pid"] == process.pid
        if serving:
            url = f"{line['base_url']}/datasets"
            assert httpx.get(url, timeout=PATIENCE).status_code == 401
            hanging = connected(line["base_url"])
        process.send_signal(number)
        assert process.wait(PATIENCE) == code
        assert process.stdout.read() + process.stderr.read() == b""
        if serving:
            hanging.close()


def test_the_port_can_be_chosen_and_storage_takes_the_next() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with DemoHost(["--port", str(port), *SMALL]) as demo:
        assert demo.base_url == f"http://127.0.0.1:{port}"
        assert demo.storage_url == f"http://127.0.0.1:{port + 1}"


def test_a_port_in_use_is_told_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(DemoUnavailable, match=f"cannot use port {port}: Address already"):
            DemoHost(["--port", str(port)])


def test_a_record_that_cannot_be_written_is_told_before_anything_listens(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--record", str(tmp_path / "nowhere" / "posts.jsonl")]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "nowhere/posts.jsonl: No such file or directory" in err


def test_a_missing_extra_is_told_with_its_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['fastapi'] = None\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(DemoUnavailable) as refusal:
        DemoHost()
    assert str(refusal.value) == server.MISSING_EXTRA
    assert "pip install 'gerra-tui[demo]'" in server.MISSING_EXTRA


@pytest.mark.parametrize(
    "wrong",
    [
        ["--port", "70000"],
        ["--port", "http"],
        ["--datasets", "-1"],
        ["--fail", "1.5"],
        ["--others", "-1"],
        ["--latency-ms", "inf"],
        ["--clock", "noon"],
        ["--ports", "1"],
    ],
)
def test_wrong_options_are_wrong_usage(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(wrong)
    assert end.value.code == 2
    assert "error: argument" in capsys.readouterr().err.replace("unrecognized ", "argument ")


def test_a_console_without_a_demo_imports_nothing_but_the_standard_library() -> None:
    program = (
        "import sys, gerra_tui.demo.host; print(*{name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    bare = subprocess.run(
        [sys.executable, "-c", "import sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split()) - set(bare.stdout.split()) - {"gerra_tui"}
    assert loaded <= sys.stdlib_module_names
