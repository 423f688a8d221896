"""Photoshop image resources (Adobe, Photoshop File Formats) and the IPTC IIM records in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from photoprivacy.containers._model import Block, Problem, Span
from photoprivacy.limits import Limits
from photoprivacy.metadata._exif import text_of
from photoprivacy.metadata._findings import Finding, Value
from photoprivacy.metadata._severity import severity_of
from photoprivacy.policy import Category as C

#: IIM 4.2, record 2: data set → (code, category, label)
_RECORDS: Final = {
    5: ("title", C.CAPTION, "Title"),
    7: ("edit-status", C.HISTORY, "Edit status"),
    15: ("category", C.CAPTION, "Category"),
    20: ("categories", C.CAPTION, "Categories"),
    22: ("identifier", C.TRACKING, "Identifier"),
    25: ("keywords", C.CAPTION, "Keywords"),
    26: ("location-code", C.LOCATION, "Place"),
    27: ("location-name", C.LOCATION, "Place"),
    30: ("release-date", C.TIME, "Release date"),
    37: ("expiration-date", C.TIME, "Expiration date"),
    40: ("instructions", C.CAPTION, "Special instructions"),
    55: ("date", C.TIME, "Date of creation"),
    60: ("time", C.TIME, "Time of creation"),
    62: ("digital-date", C.TIME, "Date of digitisation"),
    63: ("digital-time", C.TIME, "Time of digitisation"),
    65: ("program", C.SOFTWARE, "Program"),
    70: ("program-version", C.SOFTWARE, "Version of the program"),
    80: ("byline", C.RIGHTS, "Author"),
    85: ("byline-title", C.RIGHTS, "Author's position"),
    90: ("city", C.LOCATION, "City"),
    92: ("sublocation", C.LOCATION, "Place in the city"),
    95: ("state", C.LOCATION, "State or province"),
    100: ("country-code", C.LOCATION, "Country"),
    101: ("country", C.LOCATION, "Country"),
    103: ("transmission", C.TRACKING, "Transmission reference"),
    105: ("headline", C.CAPTION, "Headline"),
    110: ("credit", C.RIGHTS, "Credit"),
    115: ("source", C.RIGHTS, "Source"),
    116: ("copyright", C.RIGHTS, "Copyright"),
    118: ("contact", C.PERSON, "Contact"),
    120: ("caption", C.CAPTION, "Caption"),
    122: ("caption-writer", C.PERSON, "Writer of the caption"),
}
#: How an IIM record is coded, not what it says.
_STRUCTURE: Final = {0: "record version"}

#: image resource → (code, category, label)
_RESOURCES: Final = {
    0x0404: ("iptc", C.CAPTION, "IPTC records"),
    0x0409: ("thumbnail", C.THUMBNAIL, "Thumbnail inside Photoshop resources"),
    0x040C: ("thumbnail", C.THUMBNAIL, "Thumbnail inside Photoshop resources"),
    0x040A: ("copyright-flag", C.RIGHTS, "Copyright flag"),
    0x040B: ("url", C.RIGHTS, "Address of the owner"),
    0x040F: ("profile", C.COLOR, "Colour profile inside Photoshop resources"),
    0x0414: ("document-id", C.TRACKING, "Document identifier"),
    0x041E: ("urls", C.RIGHTS, "Addresses"),
    0x0421: ("version", C.SOFTWARE, "Version of Photoshop"),
    0x0422: ("exif", C.UNKNOWN, "Exif inside Photoshop resources"),
    0x0424: ("xmp", C.UNKNOWN, "XMP inside Photoshop resources"),
    0x0425: ("digest", C.TRACKING, "Digest of captions"),
    0x03ED: ("resolution", C.RESOLUTION, "Resolution"),
    0x0BB7: ("clipping-path", C.HISTORY, "Clipping path"),
    0x2710: ("print", C.HISTORY, "Print settings"),
}
_IIM, _FIRST_PATH, _LAST_PATH = 0x0404, 0x07D0, 0x0BB6


class Iptc:
    """One block of image resources, or of bare IIM records, read."""

    def __init__(self, block: Block, limits: Limits) -> None:
        self.block = block
        self.problems: list[Problem] = []
        self.fields: dict[str, str] = {}
        self._limits = limits
        self._found: list[Finding] = []
        if block.data[:1] == b"\x1c":
            self._records(0, len(block.data))
        else:
            self._resources()

    def findings(self) -> Iterator[Finding]:
        """Yield what the block gives away, in file order."""
        yield from self._found

    def _span(self, start: int, stop: int) -> Span:
        base = self.block.base
        return self.block.where if base is None else Span(base + start, base + stop)

    def _add(self, code: str, category: C, label: str, start: int, stop: int, value: Value) -> None:
        if len(self._found) >= self._limits.max_findings:
            return
        raw = self.block.data[start:stop].strip(b"\x00 ")[:200]
        telling = isinstance(value, str) and len(set(raw)) >= 4
        self._found.append(
            Finding(
                code=code,
                category=category,
                severity=severity_of(code, category),
                label=label,
                origin="iptc" if code.startswith("iptc") else "photoshop",
                where=self._span(start, stop),
                value=value,
                raw=(raw,) if telling else (),
            )
        )

    def _resources(self) -> None:
        data, at = self.block.data, 0
        while at + 12 <= len(data):
            if data[at : at + 4] not in (b"8BIM", b"MeSa", b"PHUT", b"AgHg", b"DCSR"):
                # A block over 64 KiB was cut anywhere; what is not a resource is reported whole.
                self._problem("bytes that are no image resource", at)
                self._add(
                    "photoshop.unknown", C.UNKNOWN, "Unknown Photoshop bytes", at, len(data), None
                )
                return
            number = int.from_bytes(data[at + 4 : at + 6], "big")
            name = data[at + 6] + 1
            start = at + 6 + name + name % 2
            size = int.from_bytes(data[start : start + 4], "big")
            start += 4
            if start + size > len(data):
                self._problem("an image resource that leaves the block", at)
            stop = min(start + size, len(data))
            self._resource(number, start, stop)
            at = stop + size % 2

    def _resource(self, number: int, start: int, stop: int) -> None:
        if number == _IIM:
            self._records(start, stop)
            return
        code, category, label = _RESOURCES.get(
            number, (f"{number:04x}", C.HISTORY, "Photoshop resource")
        )
        if _FIRST_PATH <= number <= _LAST_PATH:
            code, label = "path", "Path drawn in Photoshop"
        self._add(f"photoshop.{code}", category, label, start, stop, stop - start)

    def _records(self, start: int, stop: int) -> None:
        data, at = self.block.data, start
        while at + 5 <= stop and data[at] == 0x1C:
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
        value = text_of(self.block.data[start:stop])
        if record == 1 or (record == 2 and number in _STRUCTURE):
            self._add("iptc.envelope", C.TECHNICAL, "IPTC envelope", start, stop, None)
            return
        code, category, label = _RECORDS.get(
            number if record == 2 else -1, (f"{record}-{number}", C.UNKNOWN, "IPTC record")
        )
        if number == 40 and value.startswith("FBMD"):
            # Facebook and Instagram write this into photos they serve, to know them again.
            code, category, label = "tracking", C.TRACKING, "Tracking code of Facebook or Instagram"
        self.fields.setdefault(code, value)
        self._add(f"iptc.{code}", category, label, start, stop, value)

    def _problem(self, what: str, at: int) -> None:
        if len(self.problems) < 100:
            end = min(at + 4, len(self.block.data))
            self.problems.append(
                Problem(what=f"Photoshop: {what}", where=self._span(min(at, end), end))
            )
