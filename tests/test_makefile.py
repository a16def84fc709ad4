"""`make demo` says what it does, nothing else, and finds its way out of a half-made environment."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.patience import PATIENCE

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed"),
]

MAKEFILE = Path(__file__).parent.parent / "Makefile"
SHIM = """#!/bin/sh
echo "pyenv: $0: command not found" >&2
for version in 1 2 3 4 5; do echo "The command exists in these Python versions: $version" >&2; done
exit 127
"""
PYTHON = """#!/bin/sh
case "$*" in
*"-m venv"*)
    mkdir -p .venv/bin
    cp "$0" .venv/bin/python
    [ "$HALF_MADE" ] || touch .venv/pip
    printf '#!/bin/sh\\necho the demo runs\\n' > .venv/bin/gerra-tui
    chmod +x .venv/bin/gerra-tui ;;
*"-m pip"*) [ -e .venv/pip ] ;;
esac
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A clone on a machine with pyenv, where only one of its versions is chosen."""
    shutil.copy(MAKEFILE, tmp_path)
    (tmp_path / "pyproject.toml").touch()
    shims = tmp_path / "shims"
    shims.mkdir()
    for name, text in (("python3.14", SHIM), ("python3.13", SHIM), ("python3.12", PYTHON)):
        (shims / name).write_text(text)
        (shims / name).chmod(0o755)
    return tmp_path


def make(place: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [shutil.which("make") or "make", *arguments],
        cwd=place,
        env={"PATH": f"{place / 'shims'}:/usr/bin:/bin", **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def test_the_demo_says_what_it_does_and_nothing_else(place: Path) -> None:
    first = make(place, "demo")
    assert first.stdout.splitlines() == [
        "Making a virtual environment in .venv with python3.12 ...",
        "Installing gerra-tui with demo: once, and it takes up to a minute or two ...",
        "the demo runs",
    ]
    assert first.stderr == ""
    assert make(place, "demo").stdout == "the demo runs\n"


def test_an_environment_without_pip_is_made_anew(place: Path) -> None:
    assert make(place, "demo", HALF_MADE="1").returncode != 0
    assert (place / ".venv" / "bin" / "python").exists()
    again = make(place, "demo")
    assert again.stdout.endswith("the demo runs\n")
    assert again.returncode == 0


def test_without_a_python_that_is_new_enough_that_is_said(place: Path) -> None:
    for shim in (place / "shims").iterdir():
        shim.write_text(SHIM)
    for name in ("python3.11", "python3"):  # hide this machine's own
        (place / "shims" / name).write_text(SHIM)
        (place / "shims" / name).chmod(0o755)
    ended = make(place, "demo")
    assert "Python 3.11 or newer is needed" in ended.stdout
    assert "pyenv" not in ended.stderr
