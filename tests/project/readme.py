"""README.md taken apart: its sections, fenced blocks and tables."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TOP: Final = Path(__file__).parents[2]
README: Final = TOP / "README.md"

FENCED: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROW: Final = re.compile(r"^\| (.+) \|$", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """What stands under one heading."""

    title: str
    text: str

    def blocks(self, language: str) -> list[str]:
        """The fenced blocks of a language."""
        return [text for kind, text in FENCED.findall(self.text) if kind == language]

    def tables(self) -> list[list[list[str]]]:
        """The tables, each as its rows of cells, heads left out."""
        found = re.findall(r"(?:^\|.*\|\n)+", self.text, re.MULTILINE)
        return [[re.split(r"(?<!\\) \| ", row) for row in ROW.findall(table)[1:]] for table in found]


def sections(path: Path = README) -> dict[str, Section]:
    """By title; what stands before the first one is under the empty title."""
    parts = re.split(r"^## (.+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    titles, texts = ["", *parts[1::2]], parts[0::2]
    return {title: Section(title, text) for title, text in zip(titles, texts, strict=True)}


def code(cell: str) -> str:
    """The first thing in backticks in a cell."""
    found = re.match(r"`([^`]+)`", cell)
    assert found, f"{cell!r} doesn't begin with a name in backticks"
    return found[1]
