"""How a clean JPEG is put together: pictures copied, everything else written anew."""

from __future__ import annotations

from typing import Final

from photoprivacy._plan._model import Copy, Fresh, Piece, Plan, Rule, Wanted, merged
from photoprivacy.containers import _jpeg_names as names
from photoprivacy.containers._jpeg import PICTURE_MARKERS
from photoprivacy.containers._jpeg_blocks import icc_profile
from photoprivacy.containers._model import Container, Role, Segment
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Category, Unknown

#: What may stay in a JPEG, by segment kind and name. Everything else goes.
KEEP: Final[dict[tuple[str, str], Rule]] = {
    ("SOI", ""): Rule(category=None, reason="starts the image (T.81 B.2.1)"),
    ("EOI", ""): Rule(category=None, reason="ends the image (T.81 B.2.1)"),
    ("scan", ""): Rule(category=None, reason="entropy-coded pixels (T.81 B.2.1), as they are"),
    ("APP0", "JFIF"): Rule(category=None, reason="says YCbCr; rebuilt, without thumbnail"),
    ("APP14", "Adobe"): Rule(category=None, reason="decides RGB, CMYK or YCCK; rebuilt"),
    ("APP2", "ICC_PROFILE"): Rule(category=Category.COLOR, reason="the colours; rebuilt"),
}

_SIZE_ROOM: Final = 65533  # T.81 B.1.1.4: a 16-bit length that counts itself


def plan_jpeg(container: Container, data: bytes, wanted: Wanted) -> Plan:
    """Return how the clean file is made of *data*.

    Raises:
        MalformedImage: The file is damaged where its pictures are.
        CannotStrip: Bytes of unknown purpose, and the policy says to refuse them.
    """
    if container.damage is not None:
        raise container.damage
    if wanted.policy.unknown is Unknown.REFUSE:
        _refuse_unknown(container)
    pieces: list[Piece] = []
    for segment in container.segments:
        if segment.kind == "SOI":
            pieces.append(Copy(segment.span))
            pieces.extend(_headers(container, data, wanted))
        elif segment.role is Role.PICTURE or segment.kind == "EOI":
            pieces.append(Copy(segment.span))
    return Plan(pieces=merged(pieces), lost=_lost(container))


def _lost(container: Container) -> frozenset[Category]:
    """Return HDR where a gain map stands after EOI: it goes, and the result says so."""
    further = any(segment.role is Role.TRAILER for segment in container.segments)
    return frozenset({Category.HDR} if further else ())


def _refuse_unknown(container: Container) -> None:
    for segment in container.segments:
        if segment.role in (Role.UNKNOWN, Role.STRAY, Role.TRAILER):
            where = segment.span.start
            msg = f"the policy refuses bytes of unknown purpose: {segment.kind} at byte {where}"
            raise CannotStrip(msg)


def _headers(container: Container, data: bytes, wanted: Wanted) -> list[Piece]:
    """Return the application segments of the output, each written from scratch."""
    header = _before_first_scan(container.segments)
    fresh: list[bytes] = []
    jfif = [s for s in header if s.name == "JFIF" and len(s.body) >= 14]
    if jfif:
        fresh.append(_jfif(jfif[0].body.of(data), keep_density=_allows_density(wanted)))
    if wanted.exif:
        fresh.append(_app(0xE1, b"Exif\x00\x00" + wanted.exif))
    if wanted.xmp:
        fresh.append(_app(0xE1, names.XMP + wanted.xmp))
    if KEEP["APP2", "ICC_PROFILE"].holds(wanted.policy):
        fresh.extend(_icc(icc_profile(data, header)))
    # A decoder obeys the last Adobe segment before the first scan.
    adobe = [s for s in header if s.name == "Adobe" and len(s.body) >= 12]
    if adobe:
        fresh.append(_adobe(transform=data[adobe[-1].body.start + 11]))
    return [Fresh(b"".join(fresh))] if fresh else []


def _before_first_scan(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    for index, segment in enumerate(segments):
        if segment.kind == "SOS":
            return segments[:index]
    return segments


def _allows_density(wanted: Wanted) -> bool:
    return wanted.policy.allows(Category.RESOLUTION)


def _app(marker: int, payload: bytes) -> bytes:
    if len(payload) > _SIZE_ROOM:
        msg = "what shall be kept does not fit into one JPEG segment"
        raise CannotStrip(msg)
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload


def _jfif(old: bytes, *, keep_density: bool) -> bytes:
    """Return a JFIF segment of 14 bytes (JFIF 1.02): version, density, no thumbnail.

    Density in dots per inch tells about the device. A bare aspect ratio (units 0)
    is how non-square pixels are shown right, so that one stays.
    """
    units, across, down = old[7], old[8:10], old[10:12]
    if not keep_density and (units != 0 or across == down):
        units, across, down = 0, b"\x00\x01", b"\x00\x01"
    return _app(0xE0, names.JFIF + b"\x01\x02" + bytes((units,)) + across + down + b"\x00\x00")


def _adobe(*, transform: int) -> bytes:
    """Return an Adobe segment of its 12 bytes: version 100, no flags, and the transform."""
    return _app(0xEE, names.ADOBE + b"\x00\x64" + bytes(4) + bytes((transform,)))


def _icc(profile: bytes) -> list[bytes]:
    """Return *profile* in as few APP2 chunks as it takes (ICC.1 B.4)."""
    room = _SIZE_ROOM - len(names.ICC) - 2
    chunks = [profile[at : at + room] for at in range(0, len(profile), room)]
    return [
        _app(0xE2, names.ICC + bytes((number, len(chunks))) + chunk)
        for number, chunk in enumerate(chunks, 1)
    ]


#: For `docs/what-is-removed.md`: the picture's own segments, kept byte for byte.
PICTURE_RULES: Final = {
    code: Rule(category=None, reason=reason) for code, reason in PICTURE_MARKERS.items()
}
