"""What certificates are checked by: what the reviewer's other programs check them by."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest

from gerra_tui.api import trust
from gerra_tui.api.client import GerraClient
from gerra_tui.api.trust import NoCertificates, trusted
from gerra_tui.service.failures import ServiceUnavailable

if TYPE_CHECKING:
    from pathlib import Path

CORPORATE = """\
-----BEGIN CERTIFICATE-----
MIIBhDCCASugAwIBAgIUdO+CarQipzD46hoBbwbfFJU374YwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMQ29ycCB0ZXN0IENBMCAXDTI2MTEyODEwMzg0MVoYDzIxMjYx
MTA0MTAzODQxWjAXMRUwEwYDVQQDDAxDb3JwIHRlc3QgQ0EwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAATETn47VSI+zGi5hrM/5VaoBfzrCg+RalwA/81xg0yZFXmt
jQ3ctThMeV6iVpasvuVpZJKBPNJbhk6ng2KYGbrKo1MwUTAdBgNVHQ4EFgQUGxvr
qjAuMFM4/4G1a97h0dVmBxcwHwYDVR0jBBgwFoAUGxvrqjAuMFM4/4G1a97h0dVm
BxcwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiAXfbkCFiiARjYp
JRDU8dTi3EsQuFLqm0xoxJKOUUMzYwIgdLNG+REX+CiqWdIcCSXneEXtMD7iFtG5
DIF9a2owr7Q=
-----END CERTIFICATE-----
"""


def names(context: ssl.SSLContext) -> set[str]:
    return {str(one["subject"]) for one in context.get_ca_certs()}


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    file = tmp_path / "ca.crt"
    file.write_text(CORPORATE)
    return file


def test_the_systems_store_counts_beside_certifis(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trust, "BUNDLES", ("/nowhere/ca.crt", str(bundle)))
    known = names(trusted({}))
    assert any("Corp test CA" in one for one in known)
    assert len(known) > 50
    assert str(bundle) in trust.told({})


def test_a_variable_counts_alone(bundle: Path) -> None:
    assert len(names(trusted({"SSL_CERT_FILE": str(bundle)}))) == 1
    assert trust.told({"SSL_CERT_FILE": str(bundle)}) == f"SSL_CERT_FILE={bundle}"


def test_what_is_checked_is_checked_by_name_too() -> None:
    context = trusted({})
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
@pytest.mark.parametrize("value", ["/nowhere/ca", "empty", "a\0b"])
def test_a_variable_that_names_none_is_told(tmp_path: Path, variable: str, value: str) -> None:
    (tmp_path / "empty").touch()
    place = str(tmp_path / "empty") if value == "empty" else value
    with pytest.raises(NoCertificates, match=f"that {variable} names cannot be read"):
        trusted({variable: place})


def test_a_proxy_that_cannot_be_used_is_told_by_its_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:SECRET@proxy.te\rst")
    for name in ("https_proxy", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ServiceUnavailable, match="HTTPS_PROXY is no proxy's address") as refused:
        GerraClient("https://api.example.test", lambda: "k")
    assert "SECRET" not in str(refused.value)


async def test_a_proxy_that_is_away_is_told_as_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://me:SECRET@127.0.0.1:1")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    client = GerraClient("https://api.example.test", lambda: "k")
    with pytest.raises(ServiceUnavailable) as away:
        await client.dataset_once("0b8e1b9e-0000-4000-8000-00000000000a")
    await client.aclose()
    assert away.value.detail == (
        "Cannot reach api.example.test by the proxy 127.0.0.1:1: connection refused."
    )
