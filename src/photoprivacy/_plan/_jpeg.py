"""How a clean JPEG is put together: pictures copied, everything else written anew."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs

from photoprivacy._plan._exif import fresh_entries, fresh_exif
from photoprivacy._plan._gain_map import Description, described
from photoprivacy._plan._icc import clean_profile
from photoprivacy._plan._jpeg_behind import (
    BEHIND,
    Listed,
    directory,
    further,
    orientation_of,
    type_of_first,
)
from photoprivacy._plan._model import Copy, Fresh, Piece, Plan, Rule, Wanted, merged
from photoprivacy._plan._motion import video_pieces
from photoprivacy._plan._xmp import fresh_xmp
from photoprivacy.containers import _jpeg_names as names
from photoprivacy.containers._jpeg import PICTURE_MARKERS, JpegContainer
from photoprivacy.containers._jpeg_behind import Picture
from photoprivacy.containers._jpeg_blocks import icc_profile
from photoprivacy.containers._jpeg_frame import HIERARCHICAL
from photoprivacy.containers._jpeg_picture import ends, picture
from photoprivacy.containers._model import Container, Role, Segment, Span
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Category, Policy, Unknown

#: What may stay in a JPEG, by segment kind and name. Everything else goes.
KEEP: Final[dict[tuple[str, str], Rule]] = {
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
        CannotStrip: Bytes of unknown purpose, and the policy says to refuse them; or a gain
            map or a video that shall stay, and is not understood; or a picture whose headers
            and tables are not exactly what they must be.
    """
    if not isinstance(container, JpegContainer):
        msg = f"a JPEG's plan needs a JPEG, not {container.format}"
        raise TypeError(msg)
    if container.damage is not None:
        raise container.damage
    if container.doubtful:
        raise CannotStrip("coded data that ends in words, and cannot be walked through")
    if wanted.policy.unknown is Unknown.REFUSE:
        _refuse_unknown(container, data)
    coded = _picture(container, container.segments, data)
    gain_map = _described(container, data, wanted.policy)
    others = further(container, wanted.policy)
    behind = [_gain_map(container, data, wanted, gain_map)] if gain_map else []
    listed = [Listed(0, _length(pieces)) for pieces in behind]
    for one in others:
        pieces = _further(container, one, data, wanted)
        behind.append(pieces)
        listed.append(Listed(one.type, _length(pieces)))
    video, said = video_pieces(container, container.video, data, wanted)
    xmp = wanted.xmp
    if gain_map or said:
        xmp = fresh_xmp(
            wanted.policy.ai_training,
            said=wanted.said,
            gain_map=listed[0].length if gain_map and gain_map.is_ultra_hdr else 0,
            video=said,
        )
    iso = bytes(4) if gain_map and gain_map.parameters else b""
    first = _headers(container.segments, data, wanted, xmp=xmp, iso=iso)
    if behind:
        # The directory stands last among the headers: what it says depends on all of them.
        tiff = _length(first) + 4 + len(names.MPF)
        count = len(behind) + 1
        whole = tiff + len(directory([Listed(0, 0)] * count, 0)) + _length(coded)
        kind = type_of_first(container, others)
        told = directory([Listed(kind, whole), *listed], tiff)
        first.append(Fresh(_app(0xE2, names.MPF + told)))
    return _joined([*first, *coded, *(piece for pieces in behind for piece in pieces), *video])


def _described(container: JpegContainer, data: bytes, policy: Policy) -> Description | None:
    """Return what the gain map says, ``None`` where there is none, or it goes."""
    there = container.half_a_gain_map or container.gain_map
    if not there or not BEHIND["gain map"].holds(policy):
        return None
    if container.half_a_gain_map:
        raise CannotStrip("the gain map is damaged")
    return described(data, container.gain_map)


def _gain_map(
    container: JpegContainer, data: bytes, wanted: Wanted, gain_map: Description
) -> list[Piece]:
    bare = attrs.evolve(wanted, exif=b"")
    head = _headers(container.gain_map, data, bare, xmp=gain_map.xmp(), iso=gain_map.parameters)
    return [*head, *_picture(container, container.gain_map, data)]


def _further(container: JpegContainer, other: Picture, data: bytes, wanted: Wanted) -> list[Piece]:
    """Return a further picture: which side is up, its colours, and no word."""
    kept = wanted.policy.allows(Category.ORIENTATION)
    side = orientation_of(data, other.segments) if kept else 1
    entries = fresh_entries(
        {}, wanted.policy, orientation=side, taken=None, offset=None, position=None
    )
    bare = attrs.evolve(wanted, exif=fresh_exif(entries))
    head = _headers(other.segments, data, bare, xmp=b"")
    return [*head, *_picture(container, other.segments, data)]


def _joined(pieces: Iterable[Piece]) -> Plan:
    return Plan(pieces=merged(list(pieces)))


def _length(pieces: Iterable[Piece]) -> int:
    return sum(len(one.span) if isinstance(one, Copy) else len(one.data) for one in pieces)


def _picture(container: JpegContainer, segments: tuple[Segment, ...], data: bytes) -> list[Piece]:
    first, last = segments[0].span.start, segments[-1].span.stop
    tails = [one for one in container.tails if first <= one.start < last]
    pieces = picture(segments, data, tails)
    return [Copy(one) if isinstance(one, Span) else Fresh(one) for one in pieces]


def _refuse_unknown(container: JpegContainer, data: bytes) -> None:
    for segment in container.segments:
        if segment.role in (Role.UNKNOWN, Role.STRAY, Role.TRAILER):
            where = segment.span.start
            msg = f"the policy refuses bytes of unknown purpose: {segment.kind} at byte {where}"
            raise CannotStrip(msg)
    pictures = [container.segments, *(one.segments for one in container.behind if one.gain_map)]
    for segments in pictures:
        _refuse_tails(segments, data)


def _refuse_tails(segments: tuple[Segment, ...], data: bytes) -> None:
    """Refuse a picture if not all its scans end with their last block, or may not."""
    known = ends(segments, data)
    if known.tails:
        where = known.tails[0].start
        msg = f"the policy refuses bytes of unknown purpose: behind coded data at byte {where}"
        raise CannotStrip(msg)
    if not known.proved:
        raise CannotStrip("the policy refuses bytes of unknown purpose: coded data of unknown end")


def _headers(
    segments: tuple[Segment, ...], data: bytes, wanted: Wanted, *, xmp: bytes, iso: bytes = b""
) -> list[Piece]:
    """Return SOI and the application segments of a picture, each written from scratch."""
    header = _before_first_scan(segments)
    fresh: list[bytes] = [b"\xff\xd8"]
    jfif = [s for s in header if s.name == "JFIF" and len(s.body) >= 14]
    if jfif:
        fresh.append(_jfif(jfif[0].body.of(data), wanted.policy))
    if wanted.exif:
        fresh.append(_app(0xE1, b"Exif\x00\x00" + wanted.exif))
    if xmp:
        fresh.append(_app(0xE1, names.XMP + xmp))
    if KEEP["APP2", "ICC_PROFILE"].holds(wanted.policy):
        fresh.extend(_icc(clean_profile(icc_profile(data, header))))
    # A decoder obeys the last Adobe segment before the first scan.
    adobe = [s for s in header if s.name == "Adobe" and len(s.body) >= 12]
    if adobe:
        fresh.append(_adobe(transform=data[adobe[-1].body.start + 11]))
    if iso:
        fresh.append(_app(0xE2, names.ISO_GAIN_MAP + iso))
    return [Fresh(b"".join(fresh))]


def _before_first_scan(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    for index, segment in enumerate(segments):
        if segment.kind == "SOS":
            return segments[:index]
    return segments


def _app(marker: int, payload: bytes) -> bytes:
    if len(payload) > _SIZE_ROOM:
        msg = "what shall be kept does not fit into one JPEG segment"
        raise CannotStrip(msg)
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload


def _jfif(old: bytes, policy: Policy) -> bytes:
    """Return a JFIF segment of 14 bytes (JFIF 1.02): version, density, no thumbnail.

    Density in dots per inch tells about the device. A bare aspect ratio (units 0)
    is how non-square pixels are shown right, so that one stays.
    """
    units, across, down = old[7], old[8:10], old[10:12]
    shape = units == 0 and across != down
    if not policy.allows(Category.ORIENTATION if shape else Category.RESOLUTION):
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


#: For `docs/what-is-removed.md`: the picture's own segments; tables as far as scans use them.
PICTURE_RULES: Final = {
    code: Rule(category=None, reason=reason)
    for code, reason in PICTURE_MARKERS.items()
    if code not in HIERARCHICAL
}
