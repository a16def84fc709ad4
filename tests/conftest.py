"""What holds for every test: nothing of this machine's user, and chance that can be repeated."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

CI = os.environ.get("CI", "") not in ("", "false")
# CI meets the same cases every time; elsewhere TEST_SEED repeats a run. Workers inherit it.
SEED = os.environ.setdefault("TEST_SEED", "0" if CI else str(random.randrange(1_000_000)))
# What would change how the program looks, is spoken to, or where it keeps its files.
_OF_THE_USER = (
    "GERRA_",
    "XDG_",
    "TEXTUAL",
    "COLUMNS",
    "LINES",
    "NO_COLOR",
    "FORCE_COLOR",
    "TMUX",
    "STY",
    "SSH_",
    "VISUAL",
    "EDITOR",
    "PAGER",
)

# Other programs, which a busy machine holds up, have a part in these.
_OTHERS_TAKE_PART = ("pty", "processes")

settings.register_profile(
    "anywhere",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
    derandomize=False,
)
settings.register_profile("ci", settings.get_profile("anywhere"), derandomize=True, database=None)
settings.load_profile("ci" if CI else "anywhere")


def pytest_report_header() -> str:
    return f"seed: {SEED} (TEST_SEED)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A last net, in CI alone: one stall of the machine there shall not discard a whole run.

    The summary names each test that was run again: a failure of the test or of the program.
    """
    for item in items if CI else ():
        if any(map(item.get_closest_marker, _OTHERS_TAKE_PART)):
            item.add_marker(pytest.mark.flaky(reruns=2))


@pytest.fixture(autouse=True, scope="session")
def _nobody_s_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests never read or write the files or keys of the person who runs them."""
    contract = "GERRA_CONTRACT_BASE_URL" in os.environ
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if contract and (name.startswith("GERRA_CONTRACT_") or name == "GERRA_API_KEY"):
                continue
            if name.startswith(_OF_THE_USER) or name.lower().endswith("_proxy"):
                patch.delenv(name)
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(autouse=True)
def _repeatable_chance(request: pytest.FixtureRequest) -> None:
    random.seed(f"{SEED} {request.node.nodeid}")
