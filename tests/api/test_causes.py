"""Why the service cannot be reached, without the words of a library."""

from __future__ import annotations

import errno
import logging
import socket
import ssl

import httpx
import pytest

from gerra_tui.api.failures import of_exception
from gerra_tui.api.wording import why_unconnected


def connect_error(cause: BaseException | None = None) -> httpx.ConnectError:
    problem = httpx.ConnectError("All connection attempts failed")
    problem.__cause__ = cause
    return problem


def untrusted() -> ssl.SSLCertVerificationError:
    problem = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] (_ssl.c:1006)")
    problem.verify_message = "certificate has expired"
    return problem


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (connect_error(ConnectionRefusedError(111, "Connect call failed")), "connection refused"),
        (
            connect_error(ExceptionGroup("", [OSError(errno.ENETUNREACH, "x")])),
            "network is unreachable",
        ),
        (connect_error(socket.gaierror(socket.EAI_NONAME, "x")), "its name is not known"),
        (
            connect_error(socket.gaierror(socket.EAI_AGAIN, "x")),
            "its name cannot be looked up now: is the network up?",
        ),
        (connect_error(untrusted()), "its certificate is not trusted, certificate has expired"),
        (connect_error(ssl.SSLError(1, "x")), "no secure connection can be made"),
        (connect_error(), "no connection can be made"),
        (httpx.PoolTimeout("x"), "no connection was free in time"),
        (httpx.UnsupportedProtocol("x"), "its address is not a web address"),
        (httpx.ProxyError("407 Auth"), "the proxy does not let it through (407 Auth)"),
    ],
)
def test_why_there_is_no_connection_is_told_in_plain_words(problem: Exception, words: str) -> None:
    assert why_unconnected(problem) == words


def test_the_librarys_own_words_are_kept_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    failure = of_exception(
        connect_error(),
        host="api.example",
        way="api.example",
        to_a_post=False,
        written=False,
        answered=None,
    )
    assert failure.detail == "Cannot reach api.example: no connection can be made."
    assert "All connection attempts failed" in caplog.text
