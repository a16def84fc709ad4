"""The demo service as the console and its tests start it."""

from __future__ import annotations

import httpx

from gerra_tui.demo.host import DemoHost


def test_the_demo_answers_with_its_key_and_only_then() -> None:
    with DemoHost(["--datasets", "50"]) as demo:
        url = f"{demo.base_url}/datasets"
        assert httpx.get(url).status_code == 401
        answer = httpx.get(url, headers={"Gerra-Api-Key": demo.api_key})
    assert answer.json()["total"] == 50
