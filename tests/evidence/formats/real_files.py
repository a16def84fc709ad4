"""Genuine files from public packages and repositories, which the repository does not hold.

They stand in `shared/evidence`, in a folder beside the repository or further up, or where
EVIDENCE_FILES says: `manifest.json`, with each file's truth as an independent tool gives it, and
`files/`.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest


@cache
def manifest() -> dict[str, dict[str, Any]]:
    """What is known of each file, by its name; empty where there are none."""
    root = _root()
    if root is None:
        return {}
    return {
        each["name"]: each for each in json.loads((root / "manifest.json").read_text())["files"]
    }


def named(*folders: str) -> list[str]:
    """The names of the files in these folders, or one that makes the test say that it has none."""
    return [name for name in manifest() if name.startswith(folders)] or ["none"]


def real(name: str) -> tuple[bytes, dict[str, Any]]:
    """A file's bytes and its truth; skips where there are no such files."""
    root = _root()
    if root is None:
        pytest.skip("the genuine files (shared/evidence) are not on this machine")
    return (root / "files" / name).read_bytes(), manifest()[name]["truth"]


@cache
def _root() -> Path | None:
    if told := os.environ.get("EVIDENCE_FILES"):
        return Path(told)
    for folder in Path(__file__).resolve().parents:
        if (folder / "shared" / "evidence" / "manifest.json").is_file():
            return folder / "shared" / "evidence"
    return None
