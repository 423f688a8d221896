"""Photoshop image resources (Adobe, Photoshop File Formats) and the IPTC IIM records in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from photoprivacy.containers._model import Block, BlockKind, Problem, Span
from photoprivacy.limits import Limits
from photoprivacy.metadata._exif import MOST_TEXT, text_of
from photoprivacy.metadata._findings import Finding, Value
from photoprivacy.metadata._iptc_records import ENVELOPE, PICTURES, RECORDS, STRUCTURE, TRACKING
from photoprivacy.metadata._make import found, spelling
from photoprivacy.metadata._photoshop import (
    FIRST_PATH,
    LAST_PATH,
    PATH,
    RESOURCES,
    THUMBNAILS,
    programs,
    thumbnail_size,
    value_of,
)
from photoprivacy.metadata._prompts import is_prompt
from photoprivacy.policy import Category as C

_IIM: Final = 0x0404
#: resources that are another kind of block: read by that block's own reader
_NESTED: Final = {
    0x0422: BlockKind.EXIF,
    0x0423: BlockKind.EXIF,
    0x0424: BlockKind.XMP,
}
#: how many of those are read
_MOST_INSIDE: Final = 16
#: IIM 4.2, 1:90: an escape sequence (ISO 2022) → how the text of the records is coded
_CHARSETS: Final = {
    b"\x1b%G": "utf-8",
    b"\x1b%/I": "utf-8",
    b"\x1b.A": "latin-1",
    b"\x1b-A": "latin-1",
    b"\x1b.B": "iso8859-2",
    b"\x1b-B": "iso8859-2",
    b"\x1b-L": "iso8859-5",
    b"\x1b-G": "iso8859-6",
    b"\x1b-F": "iso8859-7",
    b"\x1b-H": "iso8859-8",
    b"\x1b$B": "iso2022_jp",
}
PROMPT: Final = ("prompt", C.AI_GENERATION, "Prompt of an image generator")


class Iptc:
    """One block of image resources, or of bare IIM records, read.

    Attributes:
        problems: What was wrong with it.
        fields: Code of a record → its text, the first of each.
        nested: Blocks that stand inside: Exif, XMP, a colour profile.
        thumbnails: Width and height of each thumbnail, and where it is.
    """

    def __init__(self, block: Block, limits: Limits) -> None:
        self.block = block
        self.problems: list[Problem] = []
        self.fields: dict[str, str] = {}
        self.nested: list[Block] = []
        self.thumbnails: list[tuple[tuple[int, int], Span]] = []
        self._limits = limits
        self._charset = ""
        self._found: list[Finding] = []
        if block.data[:1] == b"\x1c":
            self._records(0, len(block.data))
        else:
            self._resources()

    def first(self, code: str) -> str:
        """Return the first text of a record, ``""`` for none."""
        return self.fields.get(code, "")

    def findings(self) -> Iterator[Finding]:
        """Yield what the block gives away, in file order."""
        yield from self._found

    def _span(self, start: int, stop: int) -> Span:
        base = self.block.base
        return self.block.where if base is None else Span(base + start, base + stop)

    def _add(self, code: str, category: C, label: str, start: int, stop: int, value: Value) -> None:
        if len(self._found) >= self._limits.max_findings:
            return
        origin = "iptc" if code.startswith("iptc") else "photoshop"
        raw = spelling(self.block.data[start:stop]) if isinstance(value, str) else ()
        where = self._span(start, stop)
        self._found.append(
            found((code, category, label), origin=origin, where=where, value=value, raw=raw)
        )

    def _resources(self) -> None:
        data, at = self.block.data, 0
        while at + 12 <= len(data):
            if len(self._found) >= self._limits.max_findings:
                self._problem("more than the limit", at)
                return
            if data[at : at + 4] not in (b"8BIM", b"MeSa", b"PHUT", b"AgHg", b"DCSR"):
                # A block over 64 KiB was cut anywhere; what is not a resource is reported whole.
                self._problem("bytes that are no image resource", at)
                self._add(
                    "photoshop.unknown", C.UNKNOWN, "Unknown Photoshop bytes", at, len(data), None
                )
                return
            number = int.from_bytes(data[at + 4 : at + 6], "big")
            name = data[at + 6] + 1
            words = data[at + 7 : at + 6 + name]
            start = at + 6 + name + name % 2
            size = int.from_bytes(data[start : start + 4], "big")
            start += 4
            if start + size > len(data):
                self._problem("an image resource that leaves the block", at)
            stop = min(start + size, len(data))
            self._resource(number, words, start, stop)
            at = stop + size % 2

    def _resource(self, number: int, name: bytes, start: int, stop: int) -> None:
        if number == _IIM:
            self._records(start, stop)
            return
        data = self.block.data[start:stop]
        code, category, label = RESOURCES.get(
            number, (f"{number:04x}", C.HISTORY, "Photoshop resource")
        )
        if FIRST_PATH <= number <= LAST_PATH:
            code, category, label = PATH
        code = f"photoshop.{code}"
        if number == 0x0421:
            for program in programs(data):
                self._add(code, category, label, start, stop, program)
            return
        self._add(code, category, label, start, stop, value_of(number, name, data))
        if number in THUMBNAILS and len(self.thumbnails) < _MOST_INSIDE:
            self.thumbnails.append((thumbnail_size(data), self._span(start, stop)))
        if number in _NESTED and data and len(self.nested) < _MOST_INSIDE:
            base = None if self.block.base is None else self.block.base + start
            self.nested.append(
                Block(
                    kind=_NESTED[number],
                    data=data.removeprefix(b"Exif\x00\x00"),
                    origin=self.block.origin,
                    where=self._span(start, stop),
                    base=base if not data.startswith(b"Exif") else None,
                    primary=False,  # what viewers do not look at
                )
            )

    def _records(self, start: int, stop: int) -> None:
        data, at = self.block.data, start
        while at + 5 <= stop and data[at] == 0x1C:
            if len(self._found) >= self._limits.max_findings:
                self._problem("more than the limit", at)
                return
            record, number = data[at + 1], data[at + 2]
            size = int.from_bytes(data[at + 3 : at + 5], "big")
            body = at + 5
            if size & 0x8000:
                # IIM 4.2, 1.6: the length of the length follows.
                width = size & 0x7FFF
                size = int.from_bytes(data[body : min(body + width, stop)], "big")
                body += width
            if body + size > stop:
                self._problem("an IPTC record that leaves its block", at)
                size = max(0, stop - body)
            self._record(record, number, body, body + size)
            at = body + size
        if data[at:stop].strip(b"\x00"):
            self._problem("bytes that are no IPTC record", at)
            self._add("iptc.unknown", C.UNKNOWN, "Unknown IPTC bytes", at, stop, None)

    def _record(self, record: int, number: int, start: int, stop: int) -> None:
        raw = self.block.data[start:stop]
        if (record, number) == (1, 90):
            self._charset = _CHARSETS.get(raw[:4].rstrip(b"\x00 "), "")
        table = ENVELOPE if record == 1 else RECORDS if record == 2 else {}
        if (record == 2 and number in STRUCTURE) or (record == 1 and number not in ENVELOPE):
            self._add("iptc.envelope", C.TECHNICAL, "IPTC envelope", start, stop, None)
            return
        code, category, label = table.get(number, (f"{record}-{number}", C.UNKNOWN, "IPTC record"))
        value = self._text(raw)
        if category is C.CAPTION and is_prompt(value):
            code, category, label = PROMPT
        if number == 40 and record == 2 and value.startswith("FBMD"):
            code, category, label = TRACKING
        if record == 2:
            self.fields.setdefault(code, value)
        shown = len(raw) if number in PICTURES and record == 2 else value
        self._add(f"iptc.{code}", category, label, start, stop, shown)

    def _text(self, raw: bytes) -> str:
        if not self._charset or self._charset == "utf-8":
            return text_of(raw)  # many say UTF-8 and write Latin-1
        return raw[:MOST_TEXT].rstrip(b"\x00 ").decode(self._charset, "replace")

    def _problem(self, what: str, at: int) -> None:
        if len(self.problems) < 100:
            end = min(at + 4, len(self.block.data))
            self.problems.append(
                Problem(what=f"Photoshop: {what}", where=self._span(min(at, end), end))
            )
