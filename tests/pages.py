"""The blocks of code in README and docs, wherever they stand in a page."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import attrs

ROOT: Final = Path(__file__).parent.parent
PAGES: Final = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])

_FENCE: Final = re.compile(r"( *)(`{3,}|~{3,})(.*)")
_ITEM: Final = re.compile(r"\s{0,3}(?:[-*+]|\d+[.)]|:) ")


@attrs.frozen(kw_only=True)
class Block:
    """One block of code.

    Attributes:
        page: Where it stands, from the root of the project.
        line: Number of its first line, from 1.
        kind: The first word behind its fence, ``"indented"`` for one without a fence.
        title: The other words behind its fence.
        code: What stands in it, without the indentation of the list or tab around it.
    """

    page: str
    line: int
    kind: str
    title: str
    code: str

    @property
    def first(self) -> str:
        """Its first line that is not empty."""
        return next(line for line in self.code.splitlines() if line.strip()).strip()


def blocks_of(text: str, page: str) -> Iterator[Block]:
    """Yield the blocks of a page's *text*, in order (CommonMark 0.31, 4.4 and 4.5)."""
    lines = text.splitlines()
    at, listed, blank = 0, False, True
    while at < len(lines):
        line = lines[at]
        if fence := _FENCE.fullmatch(line):
            indent, marks, info = fence.groups()
            closing = re.compile(rf" *{re.escape(marks[0])}{{{len(marks)},}} *")
            stop = next(n for n in range(at + 1, len(lines) + 1) if _ends(lines, n, closing))
            code = "\n".join(one.removeprefix(indent) for one in lines[at + 1 : stop]) + "\n"
            kind, _, title = info.strip().partition(" ")
            yield Block(page=page, line=at + 2, kind=kind, title=title, code=code)
            at, blank = stop + 1, False
            continue
        if line.strip() and not line.startswith(" "):
            listed = _ITEM.match(line) is not None
        if line.startswith("    ") and line.strip() and blank and not listed:
            stop = at
            while stop < len(lines) and (lines[stop].startswith("    ") or not lines[stop]):
                stop += 1
            code = textwrap.dedent("\n".join(lines[at:stop])).strip("\n") + "\n"
            yield Block(page=page, line=at + 1, kind="indented", title="", code=code)
            at, blank = stop, True
            continue
        blank = not line.strip()
        at += 1


def _ends(lines: list[str], at: int, closing: re.Pattern[str]) -> bool:
    return at >= len(lines) or closing.fullmatch(lines[at]) is not None


def all_blocks() -> list[Block]:
    """Return the blocks of README and docs."""
    return [
        block
        for page in PAGES
        for block in blocks_of(page.read_text("utf-8"), page.relative_to(ROOT).as_posix())
    ]
