"""What `inspect` looks for, where, and why it matters: the tables of the readers as one page.

``python tests/looked_for.py`` writes it into docs/looked-for.md; a test holds the page against it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from photoprivacy.metadata import (
    _app_segments,
    _credentials,
    _iptc_records,
    _movie,
    _others,
    _photoshop,
    _profile,
    _tags,
    _text,
    _trailers,
    _xmp_names,
)
from photoprivacy.metadata._severity import BY_CATEGORY
from photoprivacy.metadata.makers._blocks import CIFF, GOPRO, SAMSUNG_DATA
from photoprivacy.metadata.makers._families import FAMILIES
from photoprivacy.policy import Category

PAGE = Path(__file__).parent.parent / "docs" / "looked-for.md"
BEGIN, END = "<!-- looked for -->", "<!-- end of looked for -->"
Told = Iterator[tuple[str, Category, str]]


def rows_of(where: str, rows: Iterable[tuple[object, ...]]) -> Told:
    """Yield (where, category, label) of rows that end in a category and a label."""
    for row in rows:
        category, label = row[-2:]
        assert isinstance(category, Category)
        assert isinstance(label, str)
        yield where, category, label


def everything() -> Told:
    """Yield (where, category, label) of every row of every reader's table."""
    for tags in _tags.TAGS.values():
        yield from (("Exif", tag.category, tag.label) for tag in tags.values())
    for family in (*FAMILIES.values(), CIFF, GOPRO, SAMSUNG_DATA):
        for facts in family.facts.values():
            yield from (("maker notes", fact.category, fact.label) for fact in facts)
    for name, label in _xmp_names._LABELS.items():
        yield "XMP", _xmp_names.category_of((name,)), label
    for _, _, category, why in _xmp_names.NAMESPACES:
        yield "XMP", category, why
    yield from rows_of("IPTC", _iptc_records.ENVELOPE.values())
    yield from rows_of("IPTC", [*_iptc_records.RECORDS.values(), _iptc_records.TRACKING])
    yield from rows_of("Photoshop", [*_photoshop.RESOURCES.values(), _photoshop.PATH])
    yield from rows_of("text chunks and comments", _text._KEYWORDS.values())
    yield from rows_of("text chunks and comments", [_text._PROMPT])
    yield from rows_of("movies", [*_movie._NAMES.values(), _movie._DATES, _movie._OTHER])
    yield from rows_of("Content Credentials", _credentials._ROWS.values())
    yield from rows_of("segments and chunks", _app_segments._PICTURE_INFO.values())
    yield from rows_of("segments and chunks", _app_segments._META.values())
    yield from rows_of("segments and chunks", _app_segments._INFO.values())
    yield from rows_of("behind the end", _trailers._SAMSUNG.values())
    yield from rows_of("behind the end", [row for _, row in _trailers._SAMSUNG_LIKE])
    yield from rows_of("behind the end", [_trailers._VIVO, _trailers._OTHER])
    yield from rows_of("colour profiles", _profile._TEXTS.values())
    yield from rows_of("colour profiles", _profile._DISPLAYS.values())
    yield from rows_of("items, boxes and blocks", _others._NAMED)


def lines() -> Iterator[str]:
    """Yield the lines of the table, the worst first."""
    found: dict[Category, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for where, category, label in everything():
        found[category][where].append(label[:1].upper() + label[1:])
    yield "| what it tells | where | what is looked for |"
    yield "|---|---|---|"
    order = list(Category)
    for category, (severity, why) in sorted(
        BY_CATEGORY.items(), key=lambda row: (-row[1][0], order.index(row[0]))
    ):
        head = f"**{category.value}** ({severity.name.lower()}: {why})"
        for where, labels in found[category].items() or [("anywhere", ["what no table names"])]:
            yield f"| {head} | {where} | {'; '.join(dict.fromkeys(labels))} |"
            head = ""


def with_table(page: str) -> str:
    """Return *page* with the table between its marks."""
    table = "\n".join((BEGIN, "", *lines(), "", END))
    return re.sub(f"{BEGIN}.*?{END}", lambda _: table, page, flags=re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
