"""Blocks to one reading: every block is read by the reader of its kind, nested ones too."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Final

import attrs

from photoprivacy._time import CapturedAt
from photoprivacy.containers._model import Block, BlockKind, Container, Problem
from photoprivacy.geo import Coordinates
from photoprivacy.limits import Limits
from photoprivacy.metadata._exif_findings import NESTED, Exif
from photoprivacy.metadata._findings import Camera, Finding, Reading
from photoprivacy.metadata._iptc import Iptc
from photoprivacy.metadata._movie import Movie, made_at
from photoprivacy.metadata._others import READERS
from photoprivacy.metadata._tags import EXIF, GPS, IFD0
from photoprivacy.metadata._text import Text
from photoprivacy.metadata._xmp import Xmp

_DATE: Final = re.compile(
    r"(\d{4})[:\-/](\d\d)[:\-/](\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?(?:\.(\d{1,6})\d*)?"
    r"\s*(Z|[+-]\d\d:?\d\d)?"
)
#: (tag of the time, of its fraction, of its offset), the best first
_TIMES: Final = (
    ("DateTimeOriginal", "SubSecTimeOriginal", "OffsetTimeOriginal"),
    ("DateTimeDigitized", "SubSecTimeDigitized", "OffsetTimeDigitized"),
)
_XMP_TIMES: Final = ("exif:DateTimeOriginal", "photoshop:DateCreated", "xmp:CreateDate")

#: Field of a fresh block → where else its value stands, in the order of trust. Names of a
#: place stand in no Exif.
_ELSEWHERE: Final = {
    f"{IFD0}:Copyright": (("xmp", "dc:rights"), ("iptc", "copyright"), ("movie", "copyright")),
    f"{IFD0}:Artist": (("xmp", "dc:creator"), ("iptc", "byline"), ("movie", "author")),
    f"{IFD0}:ImageDescription": (
        ("xmp", "dc:description"),
        ("iptc", "caption"),
        ("movie", "caption"),
    ),
    f"{IFD0}:Make": (("xmp", "tiff:Make"), ("movie", "make")),
    f"{IFD0}:Model": (("xmp", "tiff:Model"), ("movie", "model")),
    "place:country_code": (("xmp", "Iptc4xmpCore:CountryCode"), ("iptc", "country-code")),
    "place:country": (("xmp", "photoshop:Country"), ("iptc", "country")),
    "place:region": (("xmp", "photoshop:State"), ("iptc", "state")),
    "place:city": (("xmp", "photoshop:City"), ("iptc", "city")),
}


@attrs.define
class _Blocks:
    """All blocks of one file, read, in file order."""

    limits: Limits
    findings: list[Finding] = attrs.field(factory=list)
    problems: list[Problem] = attrs.field(factory=list)
    exif: list[Exif] = attrs.field(factory=list)
    xmp: list[Xmp] = attrs.field(factory=list)
    iptc: list[Iptc] = attrs.field(factory=list)
    movie: list[Movie] = attrs.field(factory=list)
    made: list[dt.datetime] = attrs.field(factory=list)

    def take(self, found: Iterable[Finding]) -> None:
        room = self.limits.max_findings - len(self.findings)
        self.findings.extend(finding for finding, _ in zip(found, range(room), strict=False))

    def read(self, block: Block, depth: int = 0) -> None:
        """Read *block* and what is nested in it."""
        if depth > 4:
            return
        if block.kind is BlockKind.EXIF:
            exif = Exif(block, self.limits)
            self.take(exif.findings())
            self.problems.extend(exif.problems)
            self.exif.extend([exif] if block.primary else [])
            for entry in exif.entries:
                if entry.tag in NESTED and entry.ifd != GPS and entry.raw:
                    inner = Block(
                        kind=NESTED[entry.tag],
                        data=entry.raw,
                        origin=block.origin,
                        where=entry.where,
                        base=entry.where.start if block.base is not None else None,
                    )
                    self.read(inner, depth + 1)
        elif block.kind is BlockKind.XMP:
            xmp = Xmp(block, self.limits)
            self.take(xmp.findings())
            self.problems.extend(xmp.problems)
            self.xmp.extend([xmp] if block.primary else [])
        elif block.kind is BlockKind.IPTC:
            iptc = Iptc(block, self.limits)
            self.take(iptc.findings())
            self.problems.extend(iptc.problems)
            self.iptc.extend([iptc] if block.primary else [])
        elif block.kind is BlockKind.MOVIE:
            movie = Movie(block, self.limits)
            self.take(movie.findings())
            self.movie.extend([movie] if block.primary else [])
        elif block.kind in (BlockKind.TEXT, BlockKind.COMMENT):
            text = Text(block, self.limits)
            self.take(text.findings())
            self.problems.extend(text.problems)
            if text.nested is not None:
                self.read(text.nested, depth + 1)
        else:
            if block.name == "movie dates" and block.origin == "mvhd" and block.primary:
                self.made.extend(filter(None, (made_at(block.data),)))
            self.take(READERS[block.kind](block))


def read(container: Container, data: bytes, limits: Limits) -> Reading:  # noqa: ARG001 - all readers' shape
    """Return everything that the blocks of *container* say.

    Nothing raises: damage becomes a problem, and what can be read is read.
    """
    blocks = _Blocks(limits)
    for block in container.blocks:
        blocks.read(block)
    exif, xmp = blocks.exif, blocks.xmp
    return Reading(
        findings=tuple(blocks.findings),
        coordinates=_coordinates(exif, xmp) or _filmed_where(blocks.movie),
        captured_at=_captured_at(exif, xmp) or _filmed_when(blocks),
        camera=_camera(exif, xmp) or _filmed_with(blocks.movie),
        orientation=_orientation(container, exif),
        fields=_fields(blocks),
        problems=tuple(blocks.problems),
    )


def _coordinates(exif: list[Exif], xmp: list[Xmp]) -> Coordinates | None:
    for block in exif:
        at = block.position()
        if at is not None:
            return at
    for packet in xmp:
        try:
            at = Coordinates.from_xmp(
                packet.first("exif:GPSLatitude"), packet.first("exif:GPSLongitude")
            )
        except ValueError:
            continue
        if not at.suspect:
            return at
    return None


def _captured_at(exif: list[Exif], xmp: list[Xmp]) -> CapturedAt | None:
    for block in exif:
        for time, fraction, offset in _TIMES:
            text = block.text(f"{EXIF}:{time}", f"{IFD0}:{time}")
            zone = block.text(f"{EXIF}:{offset}", f"{IFD0}:{offset}")
            found = _moment(text, block.text(f"{EXIF}:{fraction}"), zone, f"exif:{time}")
            if found is not None:
                return found
    for packet in xmp:
        for name in _XMP_TIMES:
            found = _moment(_filled(packet.first(name)), "", "", f"xmp:{name}")
            if found is not None:
                return found
    return next((found for block in exif if (found := _gps_time(block)) is not None), None)


def _filled(text: str) -> str:
    """Return a date of ISO 16684-1, 8.2.1.2, which may end early, with what it leaves out."""
    match = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", text.strip())
    return f"{match[1]}-{match[2] or '01'}-{match[3] or '01'}T00:00" if match else text


def _moment(text: str, fraction: str, zone: str, source: str) -> CapturedAt | None:
    match = _DATE.match(text)
    if match is None:
        return None
    year, month, day, hour, minute = (int(match[group]) for group in range(1, 6))
    digits = fraction.strip() if fraction.strip().isdigit() else match[7] or "0"
    try:
        local = dt.datetime(  # noqa: DTZ001 - wall-clock time by definition
            year, month, day, hour, minute, int(match[6] or 0), int(digits[:6].ljust(6, "0"))
        )
    except ValueError:
        return None
    return CapturedAt(local=local, offset=_offset(zone or match[8] or ""), source=source)


def _offset(text: str) -> dt.timedelta | None:
    if text == "Z":
        return dt.timedelta(0)
    match = re.fullmatch(r"([+-])(\d\d):?(\d\d)", text.strip())
    if match is None or int(match[2]) > 15 or int(match[3]) > 59:
        return None
    value = dt.timedelta(hours=int(match[2]), minutes=int(match[3]))
    return -value if match[1] == "-" else value


def _gps_time(block: Exif) -> CapturedAt | None:
    """Return the GPS clock's time, which is UTC (Exif 3.0, 4.6.6)."""
    date, time = block.text(f"{GPS}:GPSDateStamp"), block.value(f"{GPS}:GPSTimeStamp")
    if not isinstance(time, tuple) or len(time) != 3:
        return None
    parts = [part[0] // part[1] for part in time if isinstance(part, tuple) and part[1]]
    if len(parts) != 3:
        return None
    text = f"{date} {parts[0]:02}:{parts[1]:02}:{parts[2]:02}Z"
    return _moment(text, "", "", "exif:GPSTimeStamp")


def _camera(exif: list[Exif], xmp: list[Xmp]) -> Camera | None:
    for block in exif:
        make, model = block.text(f"{IFD0}:Make"), block.text(f"{IFD0}:Model")
        if make or model:
            return Camera(make=make, model=model)
    for packet in xmp:
        make, model = packet.first("tiff:Make"), packet.first("tiff:Model")
        if make or model:
            return Camera(make=make, model=model)
    return None


def _filmed_where(movie: list[Movie]) -> Coordinates | None:
    return next((at for block in movie if (at := block.position()) is not None), None)


def _filmed_when(blocks: _Blocks) -> CapturedAt | None:
    for block in blocks.movie:
        for name in ("creationdate", "\xa9day", "date"):
            found = _moment(block.said.get(name, "")[:40], "", "", f"movie:{name}")
            if found is not None:
                return found
    utc = dt.timedelta(0)
    made = [CapturedAt(local=one, offset=utc, source="movie:mvhd") for one in blocks.made]
    return made[0] if made else None


def _filmed_with(movie: list[Movie]) -> Camera | None:
    for block in movie:
        make, model = block.first("make"), block.first("model")
        if make or model:
            return Camera(make=make, model=model)
    return None


def _orientation(container: Container, exif: list[Exif]) -> int:
    if container.rotation is not None:
        return container.rotation
    for block in exif:
        value = block.value(f"{IFD0}:Orientation")
        if isinstance(value, int) and 1 <= value <= 8:
            return value
    return 1


def _fields(blocks: _Blocks) -> dict[str, object]:
    fields: dict[str, object] = {}
    for block in reversed(blocks.exif):
        fields.update(block.fields())
    for name, places in _ELSEWHERE.items():
        if fields.get(name):
            continue
        for kind, other in places:
            found = {
                "xmp": (packet.first(other) for packet in blocks.xmp),
                "iptc": (block.fields.get(other, "") for block in blocks.iptc),
                "movie": (block.first(other) for block in blocks.movie),
            }
            value = next(filter(None, found[kind]), "")
            if value:
                fields[name] = value
                break
    return fields
