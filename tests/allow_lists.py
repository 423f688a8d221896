"""The allow-lists of the code as the tables of docs/what-is-removed.md.

``python tests/allow_lists.py`` writes them; a test holds the page against them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from photoprivacy._plan import (
    Rule,
    _bmff,
    _bmff_items,
    _bmff_properties,
    _bmff_sequence,
    _exif,
    _gif,
    _j2k,
    _jp2,
    _jpeg,
    _jpeg_behind,
    _jxl,
    _motion,
    _movie,
    _movie_entries,
    _png,
    _tiff_tags,
    _webp,
)

PAGE = Path(__file__).parent.parent / "docs" / "what-is-removed.md"
BEGIN, END = "<!-- allow-lists -->", "<!-- end of allow-lists -->"
Row = tuple[str, Rule]


def _named(table: Mapping[str, Rule]) -> list[Row]:
    return [(f"`{name.strip()}`", rule) for name, rule in table.items()]


def _tables() -> Iterator[tuple[str, list[Row]]]:
    markers = {f"`FF{code:02X}`": rule for code, rule in _jpeg.PICTURE_RULES.items()}
    segments = {" ".join(filter(None, name)): rule for name, rule in _jpeg.KEEP.items()}
    yield "JPEG: markers of the picture, as they are", list(markers.items())
    yield "JPEG: segments", _named(segments)
    yield "JPEG: behind the picture", _named(_jpeg_behind.BEHIND | _motion.VIDEO)
    yield "PNG and APNG: chunks", _named(_png.KEEP)
    yield "WebP: chunks", _named(_webp.KEEP)
    yield "GIF: blocks", _named(_gif.KEEP)
    yield "TIFF and BigTIFF: tags", [(f"{tag}", row.rule) for tag, row in _tiff_tags.KEEP.items()]
    yield "JPEG XL: boxes", _named(_jxl.KEEP)
    yield "JPEG 2000: boxes", _named(_jp2.KEEP)
    yield "JPEG 2000: markers of the codestream", _named(_j2k.MARKERS)
    yield "HEIC and AVIF: boxes of the file", _named(_bmff.KEEP)
    yield "HEIC and AVIF: items", _named(_bmff_items.ITEMS)
    yield "HEIC and AVIF: auxiliary pictures", _named(_bmff_items.AUXILIARY)
    yield (
        "HEIC and AVIF: properties",
        [(f"`{name}`", row.rule) for name, row in _bmff_properties.PROPERTIES.items()],
    )
    yield "HEIC and AVIF: samples of sequences", _named(_bmff_sequence.ENTRIES)
    yield "MP4 and MOV: tracks", _named(_movie.TRACKS)
    coded = _movie_entries.PICTURES | _movie_entries.SOUNDS
    yield "MP4 and MOV: codings", _named({name: rule for name, (_, rule) in coded.items()})
    yield (
        "MP4 and MOV: what describes samples, beside properties of pictures",
        _named({name: rule for name, (rule, _) in _movie_entries.DESCRIBED.items()}),
    )
    yield (
        "Exif, written anew in JPEG, PNG, WebP, HEIC, AVIF, JPEG XL, JPEG 2000, TIFF and BigTIFF",
        [(f"`{row.name}`", Rule(category=row.category, reason=row.reason)) for row in _exif.KEPT],
    )


def _lines(title: str, rows: Iterable[Row]) -> Iterator[str]:
    yield f"### {title}"
    yield ""
    yield "| what | kept with | why |"
    yield "|---|---|---|"
    for name, rule in rows:
        kept = f"`{rule.category.value}`" if rule.category else "always"
        yield f"| {name} | {kept} | {rule.reason} |"
    yield ""


def tables() -> str:
    """Return all tables, each with its title."""
    lines = [line for title, rows in _tables() for line in _lines(title, rows)]
    return "\n".join(["", *lines])


def with_tables(page: str) -> str:
    """Return *page* with the tables between its marks."""
    pattern = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    return pattern.sub(lambda _: f"{BEGIN}\n{tables()}\n{END}", page)


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
