"""Each way in which the service can answer badly, by the name of what one can do about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from gerra_tui.domain.query.narrowing import Narrowing
from gerra_tui.service.failures import (
    BadResponse,
    DecisionRefused,
    Failure,
    Forbidden,
    InvalidRequest,
    NotFound,
    RateLimited,
    ServiceUnavailable,
    Unauthorized,
)
from tests.api.bodies import HTML, ID, OTHER_ID, dataset

if TYPE_CHECKING:
    import respx

    from gerra_tui.api.client import GerraClient

ACCEPT = f"/datasets/{ID}/accept"
REJECT = f"/datasets/{ID}/reject"
CONFIRMED = {"id": ID, "status": "accepted", "message": "Dataset accepted successfully"}


def words(detail: Any) -> dict[str, Any]:
    return {"json": {"detail": detail}}


@pytest.mark.parametrize(
    ("status", "answer", "kind", "detail"),
    [
        (400, words("bad limit"), InvalidRequest, "bad limit"),
        (401, words("Invalid API key"), Unauthorized, "Invalid API key"),
        (401, {"html": HTML}, Unauthorized, "401 Unauthorized from the CDN"),
        (403, words("Another organization"), Forbidden, "Another organization"),
        (403, {"html": HTML}, ServiceUnavailable, "403 Forbidden from the CDN"),
        (404, words("Dataset not found"), NotFound, "Dataset not found"),
        (404, {"html": HTML}, NotFound, "404 Not Found from the CDN"),
        (408, words("slow"), ServiceUnavailable, "slow"),
        (422, words("id is no UUID"), InvalidRequest, "id is no UUID"),
        (500, words("Internal server error"), ServiceUnavailable, "Internal server error"),
        (500, {"text": "Internal Server Error"}, ServiceUnavailable, "500 Internal Server Error"),
        (502, {"html": HTML}, ServiceUnavailable, "502 Bad Gateway from the CDN"),
        (503, {"content": b""}, ServiceUnavailable, "503 Service Unavailable"),
        (520, {"html": HTML}, ServiceUnavailable, "520 from the CDN"),
        (418, words({"odd": [1]}), InvalidRequest, '{"odd": [1]}'),
        (400, words(None), InvalidRequest, "400 Bad Request"),
        (400, {"json": ["x"]}, InvalidRequest, "400 Bad Request"),
    ],
)
async def test_a_reader_is_told_what_went_wrong(
    service: respx.MockRouter,
    client: GerraClient,
    status: int,
    answer: dict[str, Any],
    kind: type[Failure],
    detail: str,
) -> None:
    service.get("/datasets/dataset").respond(status, **answer)
    with pytest.raises(Failure) as caught:
        await client.dataset(ID)
    assert (type(caught.value), caught.value.detail) == (kind, detail)
    assert caught.value.http_status == status
    assert not caught.value.uncertain


async def test_what_the_service_does_not_take_is_said_without_its_librarys_words(
    service: respx.MockRouter, client: GerraClient
) -> None:
    error = {
        "loc": ["query", "id"],
        "msg": "Input should be a valid UUID, invalid character: found `x` at 1",
        "type": "uuid_parsing",
    }
    service.get("/datasets/dataset").respond(422, json={"detail": [error]})
    with pytest.raises(InvalidRequest, match=r"^id is not a UUID$"):
        await client.dataset(ID)


async def test_validation_errors_are_put_into_words(
    service: respx.MockRouter, client: GerraClient
) -> None:
    errors = [
        {"loc": ["query", "limit"], "msg": "Input should be at most 1000", "type": "less"},
        {"msg": "no place"},
        "odd",
    ]
    service.get("/datasets").respond(422, json={"detail": errors})
    with pytest.raises(InvalidRequest) as caught:
        await client.page(Narrowing(), limit=5000, offset=0)
    assert caught.value.detail == "query.limit: Input should be at most 1000; no place; odd"


@pytest.mark.parametrize(
    ("status", "answer", "kind", "uncertain"),
    [
        (400, words("bad"), InvalidRequest, False),
        (401, words("Invalid API key"), Unauthorized, False),
        (403, words("Another organization"), Forbidden, False),
        (403, {"html": HTML}, ServiceUnavailable, True),
        (404, words("Dataset not found"), NotFound, False),
        (409, words("already accepted"), DecisionRefused, False),
        (422, words("Dataset is not pending"), DecisionRefused, False),
        (422, words([{"loc": ["body", "reason"], "msg": "Required"}]), InvalidRequest, False),
        (422, {"html": HTML}, ServiceUnavailable, True),
        (429, words("Slow down"), RateLimited, False),
        (429, {"html": HTML}, RateLimited, False),
        (500, words("Internal server error"), ServiceUnavailable, True),
        (502, {"html": HTML}, ServiceUnavailable, True),
        (503, words("Later"), ServiceUnavailable, True),
        (524, {"html": HTML}, ServiceUnavailable, True),
        (302, {"headers": {"location": "https://login.test/?t=s"}}, BadResponse, True),
        (200, {"html": HTML}, BadResponse, True),
        (200, {"content": b'{"id": "77aa'}, BadResponse, True),
        (200, {"json": [CONFIRMED]}, BadResponse, True),
        (200, {"json": CONFIRMED | {"id": OTHER_ID}}, BadResponse, True),
        (200, {"json": CONFIRMED | {"status": "rejected"}}, BadResponse, True),
        (204, {"content": b""}, BadResponse, True),
    ],
)
async def test_a_verdict_that_may_have_taken_effect_is_called_uncertain(
    service: respx.MockRouter,
    client: GerraClient,
    status: int,
    answer: dict[str, Any],
    kind: type[Failure],
    uncertain: bool,
) -> None:
    route = service.post(ACCEPT).respond(status, **answer)
    with pytest.raises(Failure) as caught:
        await client.accept(ID)
    assert isinstance(caught.value, kind)
    assert (caught.value.kind, caught.value.uncertain) == (kind.kind, uncertain)
    assert route.call_count == 1, "a POST is never tried again in here"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (HTML.encode(), "a web page instead of data: is there a log-in in between?"),
        (b"  ", "it is empty"),
        (b'{"datasets": [', "not JSON"),
    ],
)
async def test_an_answer_that_is_no_data_is_told_in_our_words(
    service: respx.MockRouter, client: GerraClient, body: bytes, told: str
) -> None:
    route = service.get("/datasets").respond(content=body)
    with pytest.raises(BadResponse) as caught:
        await client.page(Narrowing(), limit=100, offset=0)
    assert told in caught.value.detail
    assert route.call_count <= 3


@pytest.mark.parametrize(
    ("problem", "uncertain"),
    [
        (httpx.ConnectError("refused"), False),
        (httpx.ConnectTimeout("slow"), False),
        (httpx.PoolTimeout("busy"), False),
        (httpx.ProxyError("407 Proxy Authentication Required"), False),
        (httpx.ReadTimeout("slow"), True),
        (httpx.WriteTimeout("slow"), True),
        (httpx.ReadError("reset"), True),
        (httpx.WriteError("reset"), True),
        (httpx.RemoteProtocolError("disconnected"), True),
    ],
)
async def test_a_cut_before_the_post_was_written_is_not_uncertain(
    service: respx.MockRouter, client: GerraClient, problem: Exception, uncertain: bool
) -> None:
    service.post(REJECT).mock(side_effect=problem)
    with pytest.raises(ServiceUnavailable, match=r"^Cannot reach api\.example\.test: ") as caught:
        await client.reject(ID, "blurred")
    assert caught.value.uncertain == uncertain


async def test_a_redirect_is_not_followed_and_named_by_its_host_alone(
    service: respx.MockRouter, client: GerraClient
) -> None:
    elsewhere = service.get("https://evil.test/").respond(200, json=dataset())
    service.get("/datasets/dataset").respond(
        307, headers={"location": "https://evil.test/?token=secret"}
    )
    with pytest.raises(BadResponse, match=r"307, a redirect to evil\.test, not followed") as caught:
        await client.dataset(ID)
    assert "secret" not in caught.value.detail
    assert not elsewhere.called


@pytest.mark.parametrize("location", ["/elsewhere", "https://[broken"])
async def test_a_redirect_to_nowhere_is_still_a_sentence(
    service: respx.MockRouter, client: GerraClient, location: str
) -> None:
    service.get("/datasets/stats").respond(301, headers={"location": location})
    with pytest.raises(
        BadResponse, match=r"a redirect to (itself|not a valid address), not followed"
    ):
        await client.statistics()


@pytest.mark.parametrize(
    ("wish", "seconds"),
    [("7", 7.0), (" 7 ", 7.0), ("soon", None), ("-3", None), ("", None), ("9" * 40, 999_999_999.0)],
)
async def test_retry_after_in_seconds_is_handed_on(
    service: respx.MockRouter, client: GerraClient, wish: str, seconds: float | None
) -> None:
    service.post(ACCEPT).respond(429, headers={"retry-after": wish}, json={"detail": "Slow down"})
    with pytest.raises(RateLimited) as caught:
        await client.accept(ID)
    assert caught.value.retry_after == seconds


@pytest.mark.parametrize("ahead", [timedelta(minutes=2), timedelta(minutes=-2)])
async def test_retry_after_as_a_date_is_handed_on(
    service: respx.MockRouter, client: GerraClient, ahead: timedelta
) -> None:
    date = format_datetime(datetime.now(UTC) + ahead, usegmt=True)
    service.post(ACCEPT).respond(503, headers={"retry-after": date}, html=HTML)
    with pytest.raises(ServiceUnavailable) as caught:
        await client.accept(ID)
    expected = max(ahead.total_seconds(), 0)
    assert caught.value.retry_after == pytest.approx(expected, abs=30)


@pytest.mark.parametrize("status", [429, 500, 502, 503])
async def test_reading_is_tried_again_while_the_service_catches_its_breath(
    service: respx.MockRouter, client: GerraClient, status: int
) -> None:
    service.get("/datasets/dataset").mock(
        side_effect=[
            httpx.Response(status, html=HTML),
            httpx.ConnectError("refused"),
            httpx.Response(200, json=dataset()),
        ]
    )
    assert (await client.dataset(ID)).id == ID


async def test_reading_gives_up_after_a_few_tries(
    service: respx.MockRouter, client: GerraClient
) -> None:
    route = service.get("/datasets/stats").respond(503, html=HTML)
    with pytest.raises(ServiceUnavailable):
        await client.statistics()
    assert route.call_count == 3


async def test_reading_comes_back_when_the_service_asked_for_it(
    service: respx.MockRouter, client: GerraClient
) -> None:
    service.get("/datasets/stats").mock(
        side_effect=[
            httpx.Response(429, headers={"retry-after": "0"}),
            httpx.Response(200, json={"total_datasets": 3}),
        ]
    )
    assert (await client.statistics()).total_datasets == 3


async def test_a_long_wish_to_be_left_alone_is_the_callers_to_wait_for(
    service: respx.MockRouter, client: GerraClient
) -> None:
    route = service.get("/datasets/stats").respond(429, headers={"retry-after": "60"})
    with pytest.raises(RateLimited) as caught:
        await client.statistics()
    assert (route.call_count, caught.value.retry_after) == (1, 60.0)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
async def test_what_will_never_pass_is_asked_once(
    service: respx.MockRouter, client: GerraClient, status: int
) -> None:
    route = service.get("/datasets/dataset").respond(status, json={"detail": "no"})
    with pytest.raises(Failure):
        await client.dataset(ID)
    assert route.call_count == 1


async def test_the_outbox_reads_once_and_paces_itself(
    service: respx.MockRouter, client: GerraClient
) -> None:
    route = service.get("/datasets/dataset").respond(503, html=HTML)
    with pytest.raises(ServiceUnavailable):
        await client.dataset_once(ID)
    assert route.call_count == 1


async def test_another_datasets_body_is_not_taken_for_the_one_asked_for(
    service: respx.MockRouter, client: GerraClient
) -> None:
    service.get("/datasets/dataset").respond(200, json=dataset(id=OTHER_ID))
    with pytest.raises(BadResponse, match="about another dataset"):
        await client.dataset_once(ID)


@pytest.mark.parametrize("odd", ["", ".", "..", "../../x", "a b", "a/b", "é", "\ud800", "-", "x\n"])
async def test_an_odd_id_leads_to_no_request(
    service: respx.MockRouter, client: GerraClient, odd: str
) -> None:
    for call in (client.accept, client.dataset, client.dataset_once, client.iterations):
        with pytest.raises(InvalidRequest):
            await call(odd)
    assert not service.calls


async def test_a_reason_that_is_no_text_leads_to_no_request(
    service: respx.MockRouter, client: GerraClient
) -> None:
    with pytest.raises(InvalidRequest, match="Unicode"):
        await client.reject(ID, "broken \udc80")
    assert not service.calls


async def test_an_error_of_any_length_is_short_in_words(
    service: respx.MockRouter, client: GerraClient
) -> None:
    service.get("/datasets/stats").respond(400, json={"detail": "no " * 10_000})
    with pytest.raises(InvalidRequest) as caught:
        await client.statistics()
    assert len(caught.value.detail) == 1000
    service.get("/datasets/stats").respond(400, content=b"x" * 1_000_000)
    with pytest.raises(ServiceUnavailable, match=r"^400 Bad Request$"):
        await client.statistics()


async def test_an_answer_that_cannot_be_unpacked_is_named(
    service: respx.MockRouter, client: GerraClient
) -> None:
    service.get("/datasets/stats").mock(
        side_effect=lambda _: httpx.Response(
            200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(b"not gzip")
        )
    )
    with pytest.raises(BadResponse, match="cannot be unpacked"):
        await client.statistics()
