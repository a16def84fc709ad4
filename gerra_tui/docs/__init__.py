"""The pages that `gerra-tui help TOPIC` and `:help TOPIC` show: Markdown, shipped with the package.

A page's first line is its title, its first paragraph says what it is about.
"""

from __future__ import annotations

from importlib.resources import files


def topics() -> tuple[str, ...]:
    """The names of all pages, in alphabetical order."""
    found = files(__name__).iterdir()
    return tuple(sorted(one.name.removesuffix(".md") for one in found if one.name.endswith(".md")))


def page(topic: str) -> str:
    """The text of a page. Raises `KeyError` for a name that is none of `topics`."""
    if topic not in topics():
        raise KeyError(topic)
    return files(__name__).joinpath(f"{topic}.md").read_text(encoding="utf-8")


def table(topic: str, at: int = 0) -> list[list[str]]:
    """The rows of a page's table, without its head and without code marks; `at` counts the tables
    that no generator writes. Raises `KeyError`, and `IndexError` for a table that is not there."""
    tables: list[list[list[str]]] = []
    for block in page(topic).split("\n\n"):
        lines = block.splitlines()
        if len(lines) > 2 and all(line.startswith("|") for line in lines):
            tables.append([_cells(line) for line in lines[2:]])
    return tables[at]


def _cells(row: str) -> list[str]:
    return [cell.strip().replace("`", "") for cell in row.strip("|").split(" | ")]


def about(topic: str) -> str:
    """The first sentence of a page, on one line. Raises `KeyError`."""
    _, paragraph, *_ = page(topic).split("\n\n")
    sentence, *_ = " ".join(paragraph.split()).split(". ")
    return sentence.rstrip(".") + "."
