"""Which proxy a service is reached by, as the reviewer's other programs have it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.settings.proxies import proxy_for, shown
from gerra_tui.settings.tables import WrongConfig

PROXY = "http://proxy.test:3128"
URL = "https://api.corp.example"


@pytest.mark.parametrize(
    ("environ", "proxy"),
    [
        ({}, None),
        ({"https_proxy": PROXY}, PROXY),
        ({"HTTPS_PROXY": f" {PROXY}/ "}, PROXY),
        ({"https_proxy": "", "ALL_PROXY": "proxy.test:3128"}, PROXY),
        ({"https_proxy": "HTTP://Proxy.test:03128"}, PROXY),
        ({"https_proxy": "http://me:s%40crt@proxy.test"}, "http://me:s%40crt@proxy.test"),
        ({"https_proxy": "https://[::1]:8080"}, "https://[::1]:8080"),
        ({"http_proxy": PROXY}, None),
    ],
)
def test_the_first_variable_that_says_something_counts(
    environ: dict[str, str], proxy: str | None
) -> None:
    assert proxy_for(URL, environ) == proxy


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "https://localhost", "https://[::1]:8"])
def test_this_machine_needs_no_proxy(url: str) -> None:
    assert proxy_for(url, {"https_proxy": PROXY}) is None


@pytest.mark.parametrize(
    ("url", "no_proxy"),
    [
        (URL, "api.corp.example"),
        (URL, "corp.example"),
        (URL, ".corp.example"),
        (URL, "*.corp.example"),
        (URL, "*.CORP.example."),
        (URL, "*"),
        (URL, "a.b, api.corp.example:443"),
        (URL, "a.b api.corp.example"),
        (f"{URL}:8443", "corp.example:8443"),
        ("https://10.1.2.3", "10.0.0.0/8"),
        ("https://10.1.2.3", "10.1.2.3"),
        ("https://10.1.2.3:8443", "10.1.0.0/16:8443"),
        ("https://[fd00::1]", "fd00::/8"),
        ("https://[fd00::1]:8443", "[fd00::1]:8443"),
    ],
)
def test_what_is_excepted_is_reached_without_one(url: str, no_proxy: str) -> None:
    assert proxy_for(url, {"https_proxy": PROXY, "NO_PROXY": no_proxy}) is None


@pytest.mark.parametrize(
    ("url", "no_proxy"),
    [
        (URL, "rp.example"),
        (URL, "api.corp.example:8443"),
        (URL, "api.corp.example.evil"),
        (URL, "10.0.0.0/8"),
        (URL, " , .,*.,"),
        ("https://11.1.2.3", "10.0.0.0/8"),
        ("https://10.1.2.3", "10.0.0.0/99"),
        ("https://10.1.2.3", "1.2.3"),
    ],
)
def test_what_is_not_excepted_is_not(url: str, no_proxy: str) -> None:
    assert proxy_for(url, {"https_proxy": PROXY, "no_proxy": no_proxy}) == PROXY


@pytest.mark.parametrize(
    ("proxy", "said"),
    [
        ("socks5://me:SECRET@proxy.test", "names a socks5 proxy"),
        ("http://me:SECRET@proxy.test:99999", "is no proxy's address"),
        ("http://me:SEC/RET@proxy.test", "must be written as %XX"),
        ("http://me:SECRET@", "is no proxy's address"),
        ("http://proxy.te\rst", "is no proxy's address"),
        ("http://proxy\u200b.test", "is no proxy's address"),
        ("http://a..b:1", "is no proxy's address"),
        ("http://[::1", "is no proxy's address"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_told_by_its_variable(proxy: str, said: str) -> None:
    with pytest.raises(WrongConfig, match=f"^HTTPS_PROXY .*{said}") as refused:
        proxy_for(URL, {"HTTPS_PROXY": proxy})
    assert "SECRET" not in str(refused.value)


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_makes_it_fail_otherwise(proxy: str, no_proxy: str) -> None:
    try:
        found = proxy_for(URL, {"https_proxy": proxy, "no_proxy": no_proxy})
    except WrongConfig:
        return
    assert found is None or shown(found)


def test_a_proxy_is_shown_without_its_password() -> None:
    assert shown("http://me:SECRET@proxy.test:3128") == "proxy.test:3128"
    assert shown("http://me:SECRET@proxy.test") == "proxy.test"
