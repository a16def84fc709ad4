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


def about(topic: str) -> str:
    """The first sentence of a page, on one line. Raises `KeyError`."""
    _, paragraph, *_ = page(topic).split("\n\n")
    sentence, *_ = " ".join(paragraph.split()).split(". ")
    return sentence.rstrip(".") + "."
