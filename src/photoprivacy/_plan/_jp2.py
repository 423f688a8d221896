"""How a clean JPEG 2000 is put together: packets copied, headers held to their exact shape."""

from __future__ import annotations

import struct
from typing import Final

from photoprivacy._plan._bmff_properties import boxed
from photoprivacy._plan._icc import clean_profile
from photoprivacy._plan._j2k import clean_codestream
from photoprivacy._plan._model import Fresh, Piece, Plan, Rule, Wanted, merged, size_of
from photoprivacy.containers._bmff_boxes import Box
from photoprivacy.containers._j2k import Codestream
from photoprivacy.containers._jp2 import SIGNATURE, Jp2Container
from photoprivacy.containers._model import Container, Role
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Category, Policy, Unknown

#: What may stay in a JPEG 2000 file. Everything else goes. Clauses of ISO/IEC 15444-1.
KEEP: Final[dict[str, Rule]] = {
    "jP  ": Rule(category=None, reason="signature (I.5.1)"),
    "ftyp": Rule(category=None, reason="brand (I.5.2); the same for all of one coder"),
    "jp2h": Rule(category=None, reason="holds the boxes that follow (I.5.3)"),
    "ihdr": Rule(category=None, reason="size and components (I.5.3.1); as the codestream says"),
    "bpcc": Rule(category=None, reason="depths (I.5.3.2); as the codestream says"),
    "colr": Rule(category=None, reason="colour space by number (I.5.3.3); the first that counts"),
    "colr ICC": Rule(category=Category.COLOR, reason="colour profile (I.5.3.3); written anew"),
    "pclr": Rule(category=None, reason="palette (I.5.3.4)"),
    "cmap": Rule(category=None, reason="which component is looked up in it (I.5.3.5)"),
    "cdef": Rule(category=None, reason="which channel is what, also transparency (I.5.3.6)"),
    "res": Rule(category=Category.RESOLUTION, reason="samples a metre (I.5.3.7)"),
    "jp2c": Rule(category=None, reason="codestream (I.5.4); the first"),
}
_EXIF: Final = b"JpgTiffExif->JP2"
_XMP: Final = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
#: colour spaces by number (I.5.3.3; 15444-2, Table M.25)
_SPACES: Final = frozenset({0, 1, 3, 4, 9, *range(11, 25)})
_LAB: Final = 14
#: bytes of ranges, offsets and an illuminant that may follow the number
_RANGES: Final = {_LAB: 28, 19: 24}
_SRGB, _GREY, _YCC = 16, 17, 18
_OPACITY: Final = (0, 1, 2, 0xFFFF)


def plan_jp2(container: Container, data: bytes, wanted: Wanted) -> Plan:
    """Return how the clean file is made of *data*.

    Raises:
        CannotStrip: Its header says another thing than its codestream, it needs a reader of
            15444-2, or unknown bytes are to be refused.
    """
    if not isinstance(container, Jp2Container):
        raise TypeError("a JPEG 2000 is planned from a Jp2Container")
    if wanted.policy.unknown is Unknown.REFUSE:
        _refuse_unknown(container)
    if not container.plain:
        raise CannotStrip("a JPX that needs more than a reader of JP2")
    coded = container.coded
    stream = clean_codestream(coded, data)
    if not container.header and not wanted.exif and not wanted.xmp:
        return Plan(pieces=merged(stream))
    brand = b"jph " if coded.fast else b"jp2 "
    head = [SIGNATURE, boxed(b"ftyp", brand, bytes(4), brand)]
    head.append(boxed(b"jp2h", *_header(container, data, wanted.policy)))
    if wanted.exif:
        head.append(boxed(b"uuid", _EXIF, wanted.exif))
    if wanted.xmp:
        head.append(boxed(b"uuid", _XMP, wanted.xmp))
    size = 8 + sum(map(size_of, stream))
    if size > 0xFFFFFFFF:
        raise CannotStrip("a picture of more than 4 GiB")
    head.append(size.to_bytes(4, "big") + b"jp2c")
    fresh: list[Piece] = [Fresh(b"".join(head))]
    return Plan(pieces=merged(fresh + stream))


def _refuse_unknown(container: Jp2Container) -> None:
    for segment in container.segments:
        if segment.role in (Role.UNKNOWN, Role.STRAY, Role.TRAILER):
            where = segment.span.start
            raise CannotStrip(f"the policy refuses bytes of unknown purpose: byte {where}")


def _header(container: Jp2Container, data: bytes, policy: Policy) -> list[bytes]:
    coded, found = container.coded, container.header
    count = len(coded.depths)
    same = len(set(coded.depths)) == 1
    deep = coded.depths[0] if same else 0xFF
    shape = coded.height.to_bytes(4, "big") + coded.width.to_bytes(4, "big")
    shape += count.to_bytes(2, "big") + bytes((deep, 7))
    told = [data[one.body.start : one.body.stop] for one in found if one.type == "ihdr"]
    if told and (len(told) > 1 or len(told[0]) != 14 or told[0][:12] != shape):
        raise CannotStrip("a header that says another thing than the picture")
    unsure = bool(told and told[0][12])
    out = [boxed(b"ihdr", shape, bytes((unsure, 0)))]
    if not same:
        out.append(boxed(b"bpcc", coded.depths))
    out.append(_colour(found, data, coded, policy))
    columns = rows = 0
    if {"pclr", "cmap"} & {one.type for one in found} not in (set(), {"pclr", "cmap"}):
        raise CannotStrip("a palette without a mapping, or a mapping without a palette")
    channels = count
    for kind in ("pclr", "cmap", "cdef", "res "):
        bodies = [data[one.body.start : one.body.stop] for one in found if one.type == kind]
        if len(bodies) > 1:
            raise CannotStrip("a header box that is there twice")
        if not bodies:
            continue
        body = bodies[0]
        if kind == "pclr":
            rows, columns = _check_palette(body)
        elif kind == "cmap":
            channels = _check_map(body, coded.depths, rows, columns)
        elif kind == "cdef":
            _check_channels(body, channels)
        elif KEEP["res"].holds(policy):
            body = _resolution(body)
        else:
            continue
        if body:
            out.append(boxed(kind.encode(), body))
    return out


def _colour(found: tuple[Box, ...], data: bytes, coded: Codestream, policy: Policy) -> bytes:
    """Return the colour box that a reader goes by: the first of a method it knows (I.5.3.3)."""
    for one in found:
        if one.type != "colr" or data[one.body.start : one.body.start + 1] not in (b"\1", b"\2"):
            continue
        method, body = data[one.body.start], data[one.body.start + 3 : one.body.stop]
        if method == 1:
            number = int.from_bytes(body[:4], "big")
            if len(body) < 4 or number not in _SPACES:
                raise CannotStrip("a colour space that is not known")
            more = body[4 : 4 + _RANGES.get(number, 0)]
            if len(more) == _RANGES.get(number) and more != _usual_ranges(number, coded.depths):
                raise CannotStrip("a colour space with ranges of its own")
            return boxed(b"colr", b"\1\0\0", body[:4])
        profile = clean_profile(body)
        if profile and KEEP["colr ICC"].holds(policy):
            return boxed(b"colr", b"\2\0\0", profile)
        break
    return boxed(b"colr", b"\1\0\0", _guess(coded).to_bytes(4, "big"))


def _usual_ranges(number: int, depths: bytes) -> bytes:
    """Return what holds where a colour space has no ranges behind it (15444-2, M.11.7.4)."""
    bits = [(depth & 0x7F) + 1 for depth in depths[1:3]]
    if len(bits) < 2 or min(bits) < 3:
        return b""
    half = 1 << bits[0] - 1
    if number == _LAB:
        three_eighths = 3 << bits[1] - 3
        return struct.pack(">6I4s", 100, 0, 170, half, 200, three_eighths, b"\0D50")
    return struct.pack(">6I", 100, 0, 255, half, 255, 1 << bits[1] - 1)


def _guess(coded: Codestream) -> int:
    """Return the colour space that decoders take for a codestream that names none."""
    count = len(coded.depths)
    if count > 4:
        raise CannotStrip("components whose colours are not told")
    if count < 3:
        return _GREY
    return _YCC if coded.halved else _SRGB


def _check_palette(body: bytes) -> tuple[int, int]:
    """Check a palette (I.5.3.4) to be as long as it says; return how many rows and columns."""
    rows, columns = int.from_bytes(body[:2], "big"), body[2] if len(body) > 2 else 0
    depths = body[3 : 3 + columns]
    size = sum(-(-((depth & 0x7F) + 1) // 8) for depth in depths)
    if not 0 < rows <= 1024 or not columns or len(body) != 3 + columns + rows * size:
        raise CannotStrip("a palette of another length than it says")
    return rows, columns


def _check_map(body: bytes, depths: bytes, rows: int, columns: int) -> int:
    """Check that a mapping (I.5.3.5) uses all of the palette; return how many channels it makes."""
    if not body or len(body) % 4:
        raise CannotStrip("a mapping of components that are not there")
    channels = list(struct.iter_unpack(">HBB", body))
    for component, looked_up, column in channels:
        if component >= len(depths) or looked_up > 1 or column >= (columns if looked_up else 1):
            raise CannotStrip("a mapping of components that are not there")
        if looked_up and rows > 1 << (depths[component] & 0x7F) + 1:
            raise CannotStrip("a palette of more colours than samples can name")
    used = {column for _, looked_up, column in channels if looked_up}
    if len(used) != columns or len(set(channels)) != len(channels):
        raise CannotStrip("a palette that is not used, or twice")
    return len(channels)


def _check_channels(body: bytes, channels: int) -> None:
    """Check the channel definitions (I.5.3.6): each of a channel that is there, once."""
    count = int.from_bytes(body[:2], "big")
    if not 0 < count <= channels or len(body) != 2 + 6 * count:
        raise CannotStrip("channels of another number than is said")
    if len({*struct.iter_unpack(">H4x", body[2:])}) != count:
        raise CannotStrip("a channel that is defined twice")
    for channel, kind, colour in struct.iter_unpack(">HHH", body[2:]):
        if channel >= channels or kind not in _OPACITY or not (colour <= count or colour == 0xFFFF):
            raise CannotStrip("a channel of unknown meaning")


def _resolution(body: bytes) -> bytes:
    """Return capture and display resolution (I.5.3.7), each of ten bytes, once."""
    out: dict[bytes, bytes] = {}
    at = 0
    while at + 18 <= len(body) and body[at : at + 4] == b"\0\0\0\x12":
        out.setdefault(body[at + 4 : at + 8], body[at : at + 18])
        at += 18
    return b"".join(out[kind] for kind in (b"resc", b"resd") if kind in out)
