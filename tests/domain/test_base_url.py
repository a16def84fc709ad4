"""One service has one address, however it is spelt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.domain.base_url import NotABaseUrl, is_same, normal, origin


@pytest.mark.parametrize(
    "spelling",
    ["https://api.gerra.com", "HTTPS://API.Gerra.com", "https://api.gerra.com/", "https:\
//api.gerra.com:443", "https://api.gerra.com:0443//", "https://api.gerra.com./", " https:\
//api.gerra.com \n", "\ufeffhttps://api.gerra.com", "https://api.gerra.com:", "https:\
//api.gerra.com/.", "https://api.gerra.com/v1/..", "https://\uff41pi.gerra.com"],
)  # fmt: skip
def test_other_spellings_are_the_same_service(spelling: str) -> None:
    assert normal(spelling) == "https://api.gerra.com"


@pytest.mark.parametrize(
    ("spelling", "one"),
    [
        ("HTTP://LocalHost:08080/", "http://localhost:8080"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[0:0:0:0:0:0:0:1]:80/", "http://[::1]"),
        ("https://B\u00fccher.example/", "https://xn--bcher-kva.example"),
        ("https://h.example/a/./b/../c/", "https://h.example/a/c"),
        ("https://h.example/V1", "https://h.example/V1"),
        ("https://h.example//evil.example/", "https://h.example//evil.example"),
        ("https://h.example/../../a", "https://h.example/a"),
        ("https://h.example/;/", "https://h.example/;"),
        ("https://h.example/x:", "https://h.example/x:"),
        ("https://h.example/\u00fc", "https://h.example/%C3%BC"),
        ("https://my_host.corp:8443", "https://my_host.corp:8443"),
    ],
)
def test_each_service_has_one_spelling(spelling: str, one: str) -> None:
    assert normal(spelling) == one
    assert normal(one) == one


@pytest.mark.parametrize(
    "one", ["http://api.gerra.com", "https://api.gerra.com:8443", "https://api.gerra.com/v1",
            "https://gerra.com", "https://api.gerra.com.evil.example"],
)  # fmt: skip
def test_another_scheme_host_port_or_path_is_another_service(one: str) -> None:
    assert not is_same(one, "https://api.gerra.com")


@pytest.mark.parametrize(
    "text",
    ["", "api.gerra.com", "ftp://h", "https://", "https://h:99999", "https://h:0", "https://h:x",
     "https://[::1", "https://u:SECRET@h", "https://h?SECRET", "https://h#SECRET", "https://h/a b",
     "https://h\u200b.x", "https://h\r.x", "https://a..b", f"https://{'a' * 64}.x", "https://-a.x",
     f"https://{'a.' * 200}x", "https://h%41", "https://\u2100@SECRET.x", "https://xn--\u00fc.x"],
)  # fmt: skip
def test_what_is_no_address_is_told_without_its_secrets(text: str) -> None:
    with pytest.raises(NotABaseUrl) as refused:
        normal(text)
    assert "SECRET" not in str(refused.value)


@given(st.text(max_size=30))
def test_no_text_makes_it_fail_otherwise(text: str) -> None:
    for spelling in (text, f"https://{text}", f"https://h/{text}"):
        try:
            one = normal(spelling)
        except NotABaseUrl:
            continue
        assert normal(one) == one
        assert origin(one)[1]
