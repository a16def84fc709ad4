"""What of a web address is shown, kept and compared."""

from __future__ import annotations

import time
from typing import Final

import pytest

from gerra_tui.domain import urls

PATH: Final = "https://store.example:8443/bucket/a%20b.zip"
SIGNED: Final = {
    "AWS": "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AK%2F20261128&X-Amz-Date=20261128"
    "T100000Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=abc"
    "&X-Amz-Security-Token=tok",
    "AWS, the older one": "AWSAccessKeyId=AK&Expires=1764324000&Signature=s%2Fx%3D",
    "Google": "X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=c&X-Goog-Date=20261128T100000Z"
    "&X-Goog-Expires=3600&X-Goog-SignedHeaders=host&X-Goog-Signature=abc",
    "Google, the older one": "GoogleAccessId=who%40x&Expires=1764324000&Signature=abc",
    "Azure": "sv=2024-11-04&st=2026-11-28T10%3A00%3A00Z&se=2026-11-28T11%3A00%3A00Z&sr=b&sp=r"
    "&spr=https&sig=abc%3D",
    "Azure, by a stored policy": "sv=2024-11-04&si=readers&sr=b&sig=abc%3D",
    "Azure, by a user": "skoid=o&sktid=t&skt=a&ske=b&sks=b&skv=2024-11-04&sv=2024-11-04&se=x&sr=b"
    "&sp=r&sig=abc",
    "CloudFront": "Expires=1764324000&Signature=abc&Key-Pair-Id=K1",
    "CloudFront, by a policy": "Policy=eyJ&Signature=abc&Key-Pair-Id=K1&Hash-Algorithm=SHA256",
}
SUPABASE: Final = "https://ref.supabase.example/storage/v1/object/sign/bucket/a.zip"


@pytest.mark.parametrize("scheme", SIGNED)
def test_a_url_that_was_signed_anew_is_no_change(scheme: str) -> None:
    assert urls.compared(f"{PATH}?{SIGNED[scheme]}") == PATH
    assert urls.compared(f"see {PATH}?versionId=3&{SIGNED[scheme]}&x=1#top, ok") == (
        f"see {PATH}?versionId=3&x=1#top, ok"
    )
    assert urls.compared(f"{PATH}?{SIGNED[scheme].lower()}") == PATH


def test_a_token_is_a_signature_only_where_supabase_has_it() -> None:
    assert urls.compared(f"{SUPABASE}?token=a.b.c") == SUPABASE
    assert urls.compared(f"{SUPABASE}?token=a.b.c&download=1") == f"{SUPABASE}?download=1"
    assert urls.compared(f"{PATH}?token=a.b.c") == f"{PATH}?token=a.b.c"


@pytest.mark.parametrize(
    "text",
    [PATH, f"{PATH}?st=1&sp=2&sr=3", f"{PATH}?expires=5", f"{PATH}?a=1#sig=2", "no address?sig=1",
     "", f"{PATH}?", "what? https://x"],
)  # fmt: skip
def test_whatever_is_no_signature_counts(text: str) -> None:
    assert urls.compared(text) == text


def test_another_file_behind_a_signed_url_is_a_change() -> None:
    other = PATH.replace("a%20b", "c")
    assert urls.compared(f"{PATH}?{SIGNED['AWS']}") != urls.compared(f"{other}?{SIGNED['AWS']}")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"{PATH}?key=SECRET", PATH),
        (f"{PATH}#tok=SECRET", PATH),
        ("HTTPS://me:SECRET@h.example/p?q", "HTTPS://h.example/p"),
        ("s3://b/k?X-Amz-Signature=SECRET", "s3://b/k"),
        (f"look at {PATH}?sig=SECRET, or not?", f"look at {PATH} or not?"),
        (f'{{"u":"{PATH}?a=SECRET"}}', f'{{"u":"{PATH}"}}'),
        ("bucket/key?X-Amz-Signature=SECRET&x=1 there", "bucket/key there"),
        ("https://a@b@h/p@q?SECRET", "https://h/p@q"),
        ("Is it a mug?", "Is it a mug?"),
        ("a?b=c", "a?b=c"),
    ],
)
def test_neither_signature_nor_password_is_kept(text: str, kept: str) -> None:
    assert urls.without_secrets(text) == kept
    assert urls.without_secrets(kept) == kept


def test_a_kept_value_is_clean_in_keys_and_depths() -> None:
    url = f"{PATH}?sig=SECRET"
    value = {"signed_url": url, "metadata": {url: [url, {"gif": "SECRET", "n": 1.5}], "ok": None}}
    assert urls.kept(value) == {
        "signed_url": None,
        "metadata": {PATH: [PATH, {"gif": None, "n": 1.5}], "ok": None},
    }


@pytest.mark.parametrize(
    "url", ["https://[redacted]/x", "https://h:99999/x", "", "mailto:x", "https:///x", "//h/p"]
)
def test_what_is_no_address_is_said_so(url: str) -> None:
    assert urls.split(url) is None
    assert urls.shown(url) == urls.NOT_AN_ADDRESS


def test_an_address_is_shown_without_what_it_hides() -> None:
    assert urls.shown(f"{PATH}?{SIGNED['AWS']}#x") == PATH


@pytest.mark.parametrize("piece", ["a", "://", "http://h?", "?a", "https://h/p?sig=1&", "x-amz."])
def test_long_texts_take_time_by_their_length_only(piece: str) -> None:
    def seconds(count: int) -> float:
        text = piece * count
        started = time.process_time()
        urls.without_secrets(text)
        urls.compared(text)
        return time.process_time() - started

    seconds(1000)
    assert seconds(40_000) < 20 * max(seconds(10_000), 0.005)
