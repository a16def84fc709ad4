"""What a reviewer's version of before left on disk opens in this one, and nothing of it is lost.

The files were written by the console of commit 5f07a03 (24 November 2026): a journal with a
decision in each state when its console ended, and one batch of two that was kept; the session with
marks, a draft, a note and a flag; the rows last seen; a config with a view that the console wrote.
The names of user and machine were changed.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gerra_tui.bootstrap import audited, origin
from gerra_tui.cli.main import main
from gerra_tui.domain.decision import LISTED, DecisionState, Verdict
from gerra_tui.domain.revision import AS_RECEIVED
from gerra_tui.domain.view import Column, Sort
from gerra_tui.journal.audit import FileAuditLog
from gerra_tui.journal.sqlite import SqliteJournal
from gerra_tui.service.decisions.decisions import Decisions
from gerra_tui.settings.effective import Options, Settings, effective
from gerra_tui.settings.paths import Paths
from gerra_tui.settings.session_file import SessionFile
from tests.fakes import FakeService
from tests.virtual_time import LoopClock, in_virtual_time

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

FILES = Path(__file__).parent / "files_of_before"
REASON = "The mug vanishes\nat 0:12 \U0001f375 'quoted'"
PLACE = {state: number for number, state in enumerate(DecisionState)}
HELD, KEPT, DONE, REFUSED = (
    DecisionState.HELD, DecisionState.KEPT, DecisionState.DONE, DecisionState.REFUSED
)  # fmt: skip


@pytest.fixture
def environ(tmp_path: Path) -> Mapping[str, str]:
    """Of a reviewer who has these files."""
    variables = {}
    for name in ("config", "state", "cache"):
        shutil.copytree(FILES / name, tmp_path / name)
        variables[f"XDG_{name.upper()}_HOME"] = str(tmp_path / name)
    return variables


@pytest.fixture
def settings(environ: Mapping[str, str]) -> Settings:
    return effective(Options(), environ, Paths.of(environ))


def test_the_config_means_what_it_meant(settings: Settings) -> None:
    preferences = settings.preferences
    assert preferences.base_url == "http://127.0.0.1:47311"
    assert (preferences.hold, preferences.resend_after) == ("manual", 45)
    assert preferences.keymap == {
        "list": {"accept": ("a", "f2"), "page_down": ("pagedown", "ctrl+f")}
    }
    assert preferences.require_details
    assert len(preferences.reject_reasons["episode"]) == 2
    pending, big, mine = preferences.views
    assert (pending.name, pending.query) == ("Pending", "status:pending")
    assert big.columns is not None
    assert [Column.of(one).name for one in big.columns] == [
        "state", "name", "size", "meta.location", "id"
    ]  # fmt: skip
    assert big.sort == Sort(column="size", descending=True)
    assert (mine.name, mine.query) == ("Mine", "status:pending type:episode")


def test_the_reviewer_is_where_they_were(settings: Settings) -> None:
    paths = settings.paths
    session = SessionFile(paths.session, paths.cache, settings.preferences.base_url).load()
    assert (session.view, session.query, session.cursor_line) == (1, "status:pending", 2)
    assert session.cursor_id in session.marks
    assert len(session.marks) == 2
    assert list(session.drafts.values()) == ["The peg slips at 0:12"]
    assert list(session.aside.values()) == ["gripper looks odd"]
    assert len(session.flags) == 1
    assert session.history == ("status:pending type:episode", "status:pending")
    assert (session.detail_on, session.detail_right) == (False, True)


def test_the_rows_last_seen_are_there_at_once(settings: Settings) -> None:
    paths = settings.paths
    sessions = SessionFile(paths.session, paths.cache, settings.preferences.base_url)
    kept = sessions.load_rows()
    assert kept is not None
    assert kept.query == "status:pending"
    assert len(kept.rows) == 10
    assert {row.id for row in kept.rows} >= sessions.load().marks


def test_each_decision_left_open_is_listed_with_all_that_was_known(
    environ: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert main(["outbox", "--json"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    *each, one, other = told
    assert [it["dataset_id"] for it in each] == [
        id_of(state) for state in DecisionState if state in LISTED
    ]
    assert [it["state"] for it in each] == [
        "kept", "kept", "kept", "unknown", "kept", "refused", "failed"
    ]  # fmt: skip
    assert {it["version"] for it in each} == {2}
    assert {it["reason"] for it in each if it["verdict"] == "reject"} == {REASON}
    assert one["batch_id"] is not None
    assert one["batch_id"] == other["batch_id"]
    assert {it["owner"]["alive"] for it in told} == {False}


@asynccontextmanager
async def started(settings: Settings, service: FakeService) -> AsyncIterator[Decisions]:
    """This version's console without a screen, on what was left."""
    decisions = Decisions(
        journal=SqliteJournal(settings.paths.journal, origin(settings)),
        audit=FileAuditLog(settings.paths.audit),
        api=service,
        clock=LoopClock(),
        origin=origin(settings),
        resend_after=settings.preferences.resend_after,
    )
    await decisions.start()
    sending = asyncio.create_task(decisions.run())
    try:
        yield decisions
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await decisions.close()


@in_virtual_time
async def test_what_was_left_open_is_sent_on_the_reviewers_word_alone(settings: Settings) -> None:
    service = FakeService(0)
    service.bodies = {id_of(state): as_it_was(state) for state in DecisionState}
    async with started(settings, service) as decisions:
        await asyncio.sleep(1000)
        assert service.posts == []
        for state in (HELD, KEPT):
            left = decisions.of(id_of(state))
            assert left is not None
            await decisions.send_now([left.id])
        await asyncio.sleep(60)
        assert [(one.dataset_id, one.verdict, one.reason) for one in service.posts] == [
            (id_of(HELD), Verdict.ACCEPT, None),
            (id_of(KEPT), Verdict.REJECT, REASON),
        ]
        ended = {one.dataset_id for one in decisions.listing() if one.state is DONE}
        assert ended == {id_of(HELD), id_of(KEPT)}
    lines = [json.loads(line)["dataset_id"] for line in audited(settings)]
    assert lines[-2:] == [id_of(HELD), id_of(KEPT)]


@in_virtual_time
async def test_what_was_left_open_and_changed_since_is_not_sent(settings: Settings) -> None:
    service = FakeService(0)
    service.bodies = {id_of(state): as_it_was(state) for state in DecisionState}
    service.bodies[id_of(HELD)]["metadata"] = {"take": 1, "note": "caf\u00e9"}
    async with started(settings, service) as decisions:
        left = decisions.of(id_of(HELD))
        assert left is not None
        assert left.revision.form == AS_RECEIVED
        await decisions.send_now([left.id])
        await asyncio.sleep(60)
        now = decisions.of(id_of(HELD))
        assert now is not None
        assert now.state is REFUSED
        assert service.posts == []


def test_the_audit_log_still_tells_what_ended(settings: Settings) -> None:
    lines = [json.loads(line) for line in audited(settings)]
    assert [one["dataset_id"] for one in lines] == [
        id_of(state) for state in DecisionState if state.is_end
    ]


def id_of(state: DecisionState) -> str:
    """The dataset of the decision that was in this state when a console ended."""
    return f"{PLACE[state]:08x}-0000-4000-8000-00000000000b"


def as_it_was(state: DecisionState) -> dict[str, Any]:
    """That dataset as the reviewer saw it."""
    return {
        "id": id_of(state),
        "status": "pending",
        "data_type": "episode",
        "name": f"In state {state}",
        "organization_id": "0b8e1b9e-0000-4000-8000-00000000000f",
        "date_created": "2026-11-20T08:00:00Z",
        "date_updated": "2026-11-21T08:00:00Z",
        "metadata": {"take": PLACE[state], "note": "caf\u00e9"},
    }
