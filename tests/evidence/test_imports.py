"""What reads foreign files is imported when such a file is looked at, and mostly in a child."""

from __future__ import annotations

import subprocess
import sys

import pytest

FORMATS = "archive tar lerobot mp4 mcap bag parquet npz hdf5 image table db3"
HEAVY = "PIL numpy av pyarrow mcap h5py"


@pytest.mark.processes
@pytest.mark.parametrize(
    "modules",
    [
        "gerra_tui.cli.main gerra_tui.bootstrap gerra_tui.cli.scripts gerra_tui.ui.app",
        "gerra_tui.evidence.evidence "
        + " ".join(f"gerra_tui.evidence.formats.{name}" for name in FORMATS.split()),
    ],
)
def test_a_start_and_the_readers_import_no_heavy_library(modules: str) -> None:
    script = (
        "import importlib, sys\n"
        f"for name in {modules.split()!r}: importlib.import_module(name)\n"
        f"print(sorted(set({HEAVY.split()!r}) & set(sys.modules)))\n"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    assert answer.stdout == b"[]\n"


@pytest.mark.processes
def test_a_start_imports_no_reader_at_all() -> None:
    script = (
        "import sys, gerra_tui.cli.main, gerra_tui.bootstrap, gerra_tui.ui.app\n"
        "print([name for name in sys.modules if name.startswith('gerra_tui.evidence')])\n"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    assert answer.stdout == b"[]\n"
