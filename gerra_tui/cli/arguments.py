"""The command line: what can be typed, and what it means. Imports the standard library only."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

from gerra_tui import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

CONSOLE = "console"
VALUED = frozenset(
    {
        "--base-url", "--profile", "--config", "--hold", "--mouse", "--images", "--limit",
        "--reason", "--query", "--file", "--max-bytes",
    }
)  # fmt: skip
# A negated query term looks like an option to argparse; no option of ours contains these signs.
NEGATED_TERM = re.compile(r"""-(?:[A-Za-z_][\w.]*[:=~<>]|["'])""")
TERM_MARK = "\0"

DESCRIPTION = "Review pending robot-training datasets by keyboard."
COMMANDS = {
    "ls": "list datasets in the service's order",
    "show": "one dataset with its iterations",
    "stats": "the organization's counts",
    "accept": "accept datasets, through the console's journal and checks",
    "reject": "reject datasets with a reason",
    "outbox": "decisions made here and not yet settled",
    "log": "the audit log",
    "keys": "every command with its keys, as your settings have them",
    "help": "the pages that say how it all works",
    "evidence": "what lies behind datasets' links, without downloading it",
    "config": "the effective settings and where each comes from",
    "doctor": "what is wrong here, and its mend",
    "demo-server": "the demo service alone",
}


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The options of one call, `command` among them. Exits with 2 on wrong usage, 0 on --help."""
    command, rest = _command_of(argv)
    if command == "demo-server":
        return argparse.Namespace(command=command, rest=rest)
    parser = _parser_of(command)
    options = parser.parse_intermixed_args(_marked(rest, parser))
    options.command = command
    query = getattr(options, "query", None)
    if isinstance(query, str):
        options.query = query.removeprefix(TERM_MARK)
    elif query is not None:
        words = [word.removeprefix(TERM_MARK) for word in query]
        options.query = " ".join(words) if words else None
    return options


def _marked(words: list[str], parser: argparse.ArgumentParser) -> list[str]:
    """Words of a query that begin with a dash, and all behind `--`, made to pass as words."""
    if "--" in words and parser.get_default("takes_query"):
        end = words.index("--")
        return [*_marked(words[:end], parser), *(TERM_MARK + word for word in words[end + 1 :])]
    return [TERM_MARK + word if NEGATED_TERM.match(word) else word for word in words]


def _command_of(argv: Sequence[str]) -> tuple[str, list[str]]:
    """The first word that is no option, if it names a command; and the other words."""
    position = 0
    while position < len(argv):
        word = argv[position]
        if word == "--":
            break
        if not word.startswith("-") or word == "-":
            if word in COMMANDS:
                return word, [*argv[:position], *argv[position + 1 :]]
            break
        position += 2 if word in VALUED else 1
    return CONSOLE, list(argv)


def _parser_of(command: str) -> argparse.ArgumentParser:
    if command == CONSOLE:
        parser = _console()
    else:
        parser = argparse.ArgumentParser(
            prog=f"gerra-tui {command}", description=_sentence(COMMANDS[command])
        )
        ADD_ARGUMENTS[command](parser)
    _service_options(parser)
    return parser


def _console() -> argparse.ArgumentParser:
    lines = "\n".join(f"  {name:<12} {text}" for name, text in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="gerra-tui",
        usage="gerra-tui [options] [QUERY]\n       gerra-tui [options] COMMAND ...",
        description=DESCRIPTION,
        epilog=f"commands ('gerra-tui COMMAND --help' tells more):\n{lines}\n\n"
        "A key comes from GERRA_API_KEY, the profile, the system keyring or a private config\n"
        "file, never from an option: others on this machine could read it there.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(takes_query=True)
    parser.add_argument(
        "query", nargs="*", metavar="QUERY", help="open on this query, e.g. status:pending size>1GB"
    )
    parser.add_argument("--version", action="version", version=f"gerra-tui {__version__}")
    parser.add_argument(
        "--demo", action="store_true", help="over an embedded demo service: no key, no network"
    )
    parser.add_argument(
        "--hold", metavar="SECONDS|manual", help="how long a decision can be taken back (10)"
    )
    parser.add_argument("--fresh", action="store_true", help="ignore the last session")
    parser.add_argument(
        "--mouse", choices=("auto", "on", "off"), default="auto", help="auto: off over SSH"
    )
    parser.add_argument(
        "--images", choices=("off", "palette", "rgb4", "rgb"), help="how pictures are drawn"
    )
    return parser


def _service_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("service")
    group.add_argument("--base-url", metavar="URL", help="the service to talk to")
    group.add_argument("--profile", metavar="NAME", help="a profile of config.toml")
    group.add_argument("--config", metavar="FILE", type=Path, help="instead of config.toml")
    group.add_argument("--read-only", action="store_true", help="no decision can be made")


def _ls(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(takes_query=True)
    parser.add_argument("query", nargs="*", metavar="QUERY", help="default: status:pending")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one dataset a line, as received")
    form.add_argument("--csv", action="store_true", help="with a header")
    parser.add_argument("--limit", metavar="N", type=_positive, help="stop after N datasets")


def _show(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID")
    _json(parser)


def _accept(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ids", nargs="+", metavar="ID", help="'-' reads standard input")
    parser.add_argument("--dry-run", action="store_true", help="check, and send nothing")
    _json(parser)


def _reject(parser: argparse.ArgumentParser) -> None:
    _accept(parser)
    parser.add_argument("--reason", metavar="TEXT", required=True)


def _outbox(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ids", nargs="*", metavar="ID", help="ids of datasets")
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--send", action="store_true", help="send these, or all")
    action.add_argument("--drop", action="store_true", help="never send these")
    _json(parser)


def _evidence(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ids", nargs="*", metavar="ID", help="'-' reads standard input")
    parser.add_argument("--query", metavar="QUERY", help="all datasets that it fits")
    parser.add_argument("--file", metavar="PATH", type=Path, help="a local file, as if remote")
    parser.add_argument("--more", action="store_true", help="go on beyond 3 requests and 256 kB")
    parser.add_argument("--max-bytes", metavar="N", type=_bytes, help="at most N for each")
    _json(parser)


def _config(parser: argparse.ArgumentParser) -> None:
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--example", action="store_true", help="print a commented config.toml")
    action.add_argument("--path", action="store_true", help="print where config.toml is")


def _help(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("topic", nargs="?", metavar="TOPIC", help="without one: which there are")


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def _nothing(parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


ADD_ARGUMENTS = {
    "ls": _ls,
    "show": _show,
    "stats": _json,
    "accept": _accept,
    "reject": _reject,
    "outbox": _outbox,
    "log": _json,
    "keys": _nothing,
    "help": _help,
    "evidence": _evidence,
    "config": _config,
    "doctor": _nothing,
}


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("it must be a whole number, 1 or more")
    return int(text)


def _bytes(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise argparse.ArgumentTypeError("it must be a whole number of bytes")
    return int(text)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
