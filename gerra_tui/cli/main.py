"""Arguments -> settings -> the console or a headless command, and its exit code."""

from __future__ import annotations

import errno
import gc
import os
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gerra_tui.cli.arguments import CONSOLE, parse

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping, Sequence

    from gerra_tui.bootstrap import End
    from gerra_tui.settings.effective import Options, Settings
    from gerra_tui.settings.kept_frame import KeptFrame
    from gerra_tui.terminal.early import EarlyScreen

FAILED = 1
WRONG_USAGE = 2
NO_KEY = 3
INTERRUPTED = 130
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    _fill_closed_streams()
    _steer_no_library()
    options = parse(sys.argv[1:] if argv is None else argv)
    try:
        code = _run(options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()  # the reader has what it wanted (`| head`)
        return 0
    except OSError as problem:
        if problem.errno not in NO_ROOM:
            raise
        _drop_output()
        sys.stderr.write(
            f"gerra-tui: The output broke off ({problem.strerror}). What was decided is kept: "
            "`gerra-tui log` and `gerra-tui outbox` tell it.\n"
        )
        return FAILED
    return code


def _fill_closed_streams() -> None:
    """Python has None for a stream that was closed before the start (`>&-`)."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115  # till the end
            setattr(sys, name, stream)


def _steer_no_library() -> None:
    """Textual takes orders from its environment, keys to press among them: none are meant here."""
    for name in [name for name in os.environ if name.startswith("TEXTUAL")]:
        del os.environ[name]


def _drop_output() -> None:
    """Nothing may be flushed to it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(options: argparse.Namespace) -> int:
    if options.command == "demo-server":
        from gerra_tui.demo.server import main as serve

        return serve(options.rest)
    if options.command == "help":
        return _help(options.topic)
    try:
        return _console(options) if options.command == CONSOLE else _with_settings(options)
    except Exception as problem:
        from gerra_tui.settings.tables import WrongConfig  # the first screen stands before it

        if not isinstance(problem, WrongConfig):
            raise
        return _refuse(str(problem))


def _with_settings(options: argparse.Namespace) -> int:
    from gerra_tui.settings.effective import effective
    from gerra_tui.settings.keys import take_keys_out
    from gerra_tui.settings.paths import Paths

    settings = effective(_service_options(options), os.environ, Paths.of(os.environ))
    environ = take_keys_out(os.environ, settings.profile)
    match options.command:
        case "config":
            return _config(options, settings)
        case "doctor":
            return _doctor(settings, environ)
        case "keys":
            return _keys(settings)
    from gerra_tui.cli.scripts import run

    if options.command != "log":
        _check_way(settings)
    return run(options, settings, environ)


def _check_way(settings: Settings) -> None:
    """Raises `WrongConfig` for a proxy of the environment that cannot be one."""
    from gerra_tui.settings.proxies import proxy_for

    proxy_for(settings.preferences.base_url, os.environ)


def _config(options: argparse.Namespace, settings: Settings) -> int:
    from gerra_tui.settings import report

    if options.example:
        sys.stdout.write(report.example())
    elif options.path:
        sys.stdout.write(f"{settings.config_file}\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in report.lines(settings))
    return 0


def _help(topic: str | None) -> int:
    from gerra_tui.cli.pages import NoSuchPage, help_lines

    try:
        sys.stdout.writelines(f"{line}\n" for line in help_lines(topic))
    except NoSuchPage as problem:
        return _refuse(str(problem))
    return 0


def _keys(settings: Settings) -> int:
    from gerra_tui.cli.pages import key_lines
    from gerra_tui.ui.keys.registry import WrongKeymap

    try:
        sys.stdout.writelines(f"{line}\n" for line in key_lines(settings))
    except WrongKeymap as problem:
        return _refuse(str(problem))
    return 0


def _doctor(settings: Settings, environ: Mapping[str, str]) -> int:
    import asyncio

    from gerra_tui.bootstrap import services
    from gerra_tui.cli.doctor import examine, report

    async def visit() -> int:
        async with services(settings, environ) as given:
            findings = await examine(settings, given.access, given.api, given.clock, environ)
        return report(findings, sys.stdout)

    return asyncio.run(visit())


def _service_options(options: argparse.Namespace) -> Options:
    from gerra_tui.settings.effective import Options

    names = ("base_url", "profile", "config", "read_only", "hold", "fresh", "mouse", "images")
    named = {name: getattr(options, name) for name in names if hasattr(options, name)}
    query = getattr(options, "query", None)
    return Options(**named, query=query, demo=getattr(options, "demo", False))


def _refuse(sentence: str) -> int:
    from gerra_tui.domain.text import clean

    sys.stderr.write(f"gerra-tui: {clean(sentence, 2000)}\n")  # it may name what a file holds
    return WRONG_USAGE


def _console(options: argparse.Namespace) -> int:
    """Open the console. Gives 0 after q, 129 and 143 after the signals, 1 after a failure."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        sentence = "The console needs a terminal. For scripts there is `gerra-tui ls`."
        if sys.stdin.isatty():
            sentence = (
                "The console draws on standard error, which is not the terminal: leave out what "
                "redirects it (2>...). What would be in it is in console.log."
            )
            _tell_the_terminal(sentence)
        return _refuse(sentence)
    from gerra_tui.terminal.capabilities import Capabilities

    able = Capabilities.of(os.environ)
    if able.unusable:
        return _refuse(able.unusable)
    # Textual, and the pager and editor, ask only whether it is there; no-color.org: not if empty.
    os.environ.pop("NO_COLOR", None)
    if not able.colors:
        os.environ["NO_COLOR"] = "1"
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)  # the terminal knows its size better, and it changes
    gc.disable()  # it would only find that imports stay; `open_console` enables it again
    if options.demo:
        return _demo(options)
    from gerra_tui.cli.first_screen import FirstScreen
    from gerra_tui.settings.paths import Paths

    paths = Paths.of(os.environ)
    first = FirstScreen(options, os.environ, paths)
    shown = first.show(sys.stdin.fileno(), sys.stderr.fileno())
    try:
        from gerra_tui.settings.effective import effective
        from gerra_tui.settings.keys import take_keys_out

        settings = effective(_service_options(options), os.environ, paths)
        _check_way(settings)
        environ = take_keys_out(os.environ, settings.profile)
        early = None if shown is None else (shown[0], shown[1].drawn)
        end = _opened(settings, environ, early, first.keep)
    finally:
        if shown is not None:
            shown[0].leave()  # a start that came to nothing
    return _told(end)


def _tell_the_terminal(sentence: str) -> None:
    with suppress(OSError), Path("/dev/tty").open("w", encoding="utf-8") as terminal:
        terminal.write(f"gerra-tui: {sentence}\n")


def _demo(options: argparse.Namespace) -> int:
    """The console on a demo service of its own, with its own key, config and state."""
    from tempfile import TemporaryDirectory

    from gerra_tui.demo.host import DemoHost, DemoUnavailable
    from gerra_tui.settings.effective import effective
    from gerra_tui.settings.keys import take_keys_out
    from gerra_tui.settings.paths import Paths

    wished = _service_options(options)
    with TemporaryDirectory(prefix="gerra-tui-demo-") as directory:
        try:
            host = DemoHost()
        except DemoUnavailable as problem:
            return _refuse(str(problem))
        with host:
            environ = {
                name: value for name, value in os.environ.items() if not name.startswith("GERRA_")
            } | {"GERRA_API_KEY": host.api_key, "GERRA_BASE_URL": host.base_url}
            settings = effective(
                replace(wished, base_url=None, profile=None), environ, Paths.within(Path(directory))
            )
            take_keys_out(os.environ, settings.profile)
            return _told(_opened(settings, environ))


def _opened(
    settings: Settings,
    environ: Mapping[str, str],
    early: tuple[EarlyScreen, str] | None = None,
    keep: Callable[[KeptFrame, tuple[int, int]], None] | None = None,
) -> End:
    from gerra_tui.bootstrap import open_console

    return open_console(settings, environ, early, keep)


def _told(end: End) -> int:
    """Its summary on standard error, and its exit code."""
    if end.summary:
        with suppress(OSError):  # the terminal may have gone: SIGHUP, a dropped connection
            sys.stderr.write(f"{end.summary}\n")
    return end.exit_code
