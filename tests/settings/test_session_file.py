"""What the next start comes back to, and what is never written."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.view import Sort, View
from gerra_tui.service.preferences import ViewsUnwritable
from gerra_tui.service.session import KeptRows, Session
from gerra_tui.settings.config import parse_config
from gerra_tui.settings.session_file import SessionFile
from gerra_tui.settings.views import ConfigViews

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "https://storage.example/a.zip?X-Amz-Signature=abcdef"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def session_file(tmp_path: Path) -> SessionFile:
    return SessionFile(tmp_path / "state" / "session.json", tmp_path / "cache", "https://a.b")


FULL = Session(
    view=3,
    query="type:episode",
    sort=Sort(column="size", descending=True),
    columns=("state", "name"),
    cursor_id="id-1",
    cursor_line=17,
    sorted_of=600,
    marks=frozenset({"id-1", "id-2"}),
    drafts={"id-3": "Too dark at"},
    history=("a", "b"),
    aside={"id-4": "ask Jo"},
    flags=frozenset({"id-5"}),
    detail_on=False,
    detail_right=False,
)


def test_the_reviewer_comes_back_to_where_they_were(session_file: SessionFile) -> None:
    session_file.save(FULL)
    assert session_file.load() == FULL


def test_a_session_of_another_spelling_of_the_address_is_gone_on_with(tmp_path: Path) -> None:
    before = SessionFile(tmp_path / "session.json", tmp_path / "cache", "HTTPS://A.B:443/")
    before.save(FULL)
    now = SessionFile(tmp_path / "session.json", tmp_path / "cache", "https://a.b")
    assert now.load() == FULL
    now.save(FULL)
    assert list(json.loads((tmp_path / "session.json").read_text())["services"]) == ["https://a.b"]


def test_each_service_has_its_own_session(tmp_path: Path, session_file: SessionFile) -> None:
    other = SessionFile(tmp_path / "state" / "session.json", tmp_path / "cache", "https://c.d")
    session_file.save(FULL)
    other.save(Session(view=2))
    assert session_file.load() == FULL
    assert other.load().view == 2


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"services": 3}', '{"services": {"https://a.b": {"view": "x"}}}']
)
def test_a_broken_session_costs_only_the_place(
    tmp_path: Path, session_file: SessionFile, text: str
) -> None:
    session_file.save(FULL)
    (tmp_path / "state" / "session.json").write_text(text)
    assert session_file.load() == Session()


HUGE = "9" * 5000
DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize(
    "entry",
    ['{"view": Infinity}', '{"view": -1}', '{"cursor_line": 1e999}', f'{{"sorted_of": {HUGE}}}',
     f'{{"view": {"9" * 300}}}', f'{{"marks": {DEEP}}}', f'{{"drafts": {"[" * 400 + "]" * 400}}}',
     '{"sort": {"column": 1}}', '{"drafts": [1]}', '{"columns": 3}', '{"view": NaN}', "[[]]"],
)  # fmt: skip
def test_whatever_stands_in_the_session_the_start_goes_on(
    tmp_path: Path, session_file: SessionFile, entry: str
) -> None:
    session_file.save(FULL)
    (tmp_path / "state" / "session.json").write_text(f'{{"services": {{"https://a.b": {entry}}}}}')
    session = session_file.load()
    assert 0 <= session.view <= 9
    assert 0 <= session.cursor_line < 2**32
    session_file.save(FULL)
    assert session_file.load() == FULL


@pytest.mark.parametrize(
    "fields",
    [f'"data_byte_size": {HUGE}', f'"data_byte_size": {"9" * 310}', '"data_byte_size": Infinity',
     f'"metadata": {DEEP}', f'"metadata": {"[" * 400 + "]" * 400}', '"metadata": {"x": Infinity}',
     '"date_created": "0001-01-01T00:00:00+14:00"', '"date_updated": "9999-12-31T23:59:59-14:00"',
     '"id": 5', '"name": null, "status": [1]'],
)  # fmt: skip
def test_whatever_stands_in_the_rows_the_start_goes_on(
    tmp_path: Path, session_file: SessionFile, fields: str
) -> None:
    session_file.save_rows(KeptRows(query="", rows=(row(),), as_of=NOW))
    (file,) = (tmp_path / "cache").glob("rows-*.json")
    file.write_text(
        f'{{"query": "", "as_of": "{NOW.isoformat()}", "rows": [{{"id": "x", {fields}}}]}}'
    )
    kept = session_file.load_rows()
    for one in kept.rows if kept else ():
        assert isinstance(one, Dataset)
        assert one.data_byte_size is None
        assert isinstance(one.name, str)
        json.dumps(one.raw, allow_nan=False)
    session_file.save_rows(KeptRows(query="", rows=(row(),), as_of=NOW))
    assert session_file.load_rows() is not None


def test_no_signature_is_kept_in_keys_names_or_queries(
    tmp_path: Path, session_file: SessionFile
) -> None:
    secret = "https://store.example/a?key=SECRET#SECRET"
    signed = "https://store.example/a?X-Amz-Signature=SECRET"
    rows = (row(name=secret, metadata={secret: 1}, description=f"see {secret}"),)
    session_file.save_rows(KeptRows(query=f"link:{signed}", rows=rows, as_of=NOW))
    session_file.save(Session(query=f"link:{signed}", history=(f"link:{signed}",)))
    for file in [*(tmp_path / "cache").iterdir(), tmp_path / "state" / "session.json"]:
        assert "SECRET" not in file.read_text()
    assert session_file.load().query == "link:https://store.example/a"


def test_a_full_disk_does_not_stop_the_end(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    blocked = SessionFile(tmp_path / "state" / "session.json", tmp_path / "state", "https://a.b")
    blocked.save(FULL)
    blocked.save_rows(KeptRows(query="", rows=(), as_of=NOW))
    assert blocked.load() == Session()


def row(**more: object) -> Dataset:
    raw = {
        "id": "0b19cd02-0000-4000-8000-000000000000",
        "status": "pending",
        "data_type": "episode",
        "name": "Kitchen wipe",
        "signed_url": SECRET,
        "data_byte_size": 2100,
        "date_created": "2026-11-20T10:00:00Z",
        "date_updated": None,
        "metadata": {"source": f"see {SECRET} there", "runs": [{"download_url": SECRET}]},
        **more,
    }
    return Dataset(id=str(raw["id"]), status="pending", data_type="episode", name="K", raw=raw)


def test_the_last_rows_are_shown_at_the_next_start(session_file: SessionFile) -> None:
    assert session_file.load_rows() is None
    session_file.save_rows(KeptRows(query="status:pending", rows=(row(),), as_of=NOW))
    kept = session_file.load_rows()
    assert kept is not None
    assert (kept.query, kept.as_of) == ("status:pending", NOW)
    (dataset,) = kept.rows
    assert isinstance(dataset, Dataset)
    assert dataset.name == "Kitchen wipe"
    assert dataset.data_byte_size == 2100
    assert dataset.date_created == datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    assert dataset.date_updated is None


def test_signed_urls_are_never_written(tmp_path: Path, session_file: SessionFile) -> None:
    session_file.save_rows(KeptRows(query="", rows=(row(),), as_of=NOW))
    (written,) = (tmp_path / "cache").iterdir()
    assert "abcdef" not in written.read_text()
    assert "https://storage.example/a.zip" in written.read_text()
    assert written.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"query": "", "as_of": "x", "rows": []}'])
def test_broken_rows_are_left_out(tmp_path: Path, session_file: SessionFile, text: str) -> None:
    session_file.save_rows(KeptRows(query="", rows=(row(),), as_of=NOW))
    (written,) = (tmp_path / "cache").iterdir()
    written.write_text(text)
    assert session_file.load_rows() is None


def test_the_session_file_is_plain_json_with_a_version(
    tmp_path: Path, session_file: SessionFile
) -> None:
    session_file.save(FULL)
    assert json.loads((tmp_path / "state" / "session.json").read_text())["v"] == 1


COMMENTED = """\
# my settings
[decide]
hold = 3 # short

[[views]]
name = "Thermal" # the good ones
query = "meta.sensor_type:thermal"

[[views]]
name = "Old"
query = "updated>30d"
sort = "size"
"""


def test_a_saved_view_keeps_the_files_comments(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(COMMENTED)
    before = parse_config(COMMENTED).views
    added = View(name="Big", query="size>1GB", columns=("state",), sort=Sort(column="size"))
    changed = View(name="Old", query="updated>60d")
    ConfigViews(file).save((added, changed, before[0]))
    text = file.read_text()
    assert "# my settings" in text
    assert "hold = 3 # short" in text
    assert '"Thermal" # the good ones' in text
    assert parse_config(text).views == (added, changed, before[0])


def test_a_first_view_makes_the_file(tmp_path: Path) -> None:
    file = tmp_path / "new" / "config.toml"
    ConfigViews(file).save((View(name="Big", query="size>1GB"),))
    assert parse_config(file.read_text()).views == (View(name="Big", query="size>1GB"),)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_view_that_cannot_be_saved_is_a_sentence_and_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("not toml =")
    with pytest.raises(ViewsUnwritable, match="The view was not saved"):
        ConfigViews(file).save((View(name="Big", query=""),))
    assert file.read_text() == "not toml ="
