"""JPEG XL to segments (ISO/IEC 18181-1 and 18181-2): a bare codestream, or boxes around one."""

from __future__ import annotations

from typing import Final

import attrs

from photoprivacy.containers._bmff_boxes import Box
from photoprivacy.containers._bmff_top import top_boxes
from photoprivacy.containers._model import (
    Block,
    BlockKind,
    Container,
    Format,
    Problem,
    Role,
    Segment,
    Span,
)
from photoprivacy.errors import MalformedImage, TruncatedImage
from photoprivacy.limits import Limits

CODESTREAM: Final = b"\xff\x0a"
SIGNATURE: Final = b"\x00\x00\x00\x0cJXL \r\n\x87\n"

#: box → what it is there for (18181-2, 9); a type that is not here is UNKNOWN
_ROLES: Final = {
    **dict.fromkeys(("JXL ", "ftyp", "jxll", "jxli"), Role.STRUCTURE),
    **dict.fromkeys(("jxlc", "jxlp"), Role.PICTURE),
    "jhgm": Role.RENDERING,
    **dict.fromkeys(("Exif", "xml ", "jumb", "brob", "jbrd", "uuid"), Role.METADATA),
    **dict.fromkeys(("free", "skip"), Role.PADDING),
}
#: box → (kind of block, bytes in front of it, its name)
_BLOCKS: Final = {
    "Exif": (BlockKind.EXIF, 4, ""),
    "xml ": (BlockKind.XMP, 0, ""),
    "jumb": (BlockKind.JUMBF, 0, ""),
    "brob": (BlockKind.OTHER, 4, "compressed metadata"),
    "jbrd": (BlockKind.OTHER, 0, "what a JPEG is rebuilt from"),
    "jhgm": (BlockKind.OTHER, 0, "gain map"),
}
#: 18181-1, Table D.2: width to height where the width is not told
_RATIOS: Final = {1: (1, 1), 2: (12, 10), 3: (4, 3), 4: (3, 2), 5: (16, 9), 6: (5, 4), 7: (2, 1)}
_LAST_PART: Final = 0x80000000
_LEVELS: Final = (5, 10)
#: what a picture needs, and what must not be cut short
_NEEDED, _CUT = frozenset({"JXL "}), frozenset({b"jxlc", b"jxlp"})


@attrs.frozen(kw_only=True)
class JxlContainer(Container):
    """A JPEG XL taken apart.

    Attributes:
        parts: The stretches of the file that are the codestream, in its order.
        level: What the level box says (18181-2, 9.5), 5 where there is none.
        rebuilds_jpeg: Whether the file says how a JPEG is rebuilt from it.
        gain_map: Whether it has one.
    """

    parts: tuple[Span, ...] = ()
    level: int = 5
    rebuilds_jpeg: bool = False
    gain_map: bool = False


def parse_jxl(data: bytes, limits: Limits) -> JxlContainer:
    """Take a JPEG XL file apart.

    Raises:
        MalformedImage: Its boxes are broken, or parts of the codestream are missing.
        LimitExceeded: It holds more boxes than *limits* allow.
    """
    if data.startswith(CODESTREAM):
        whole = Span(0, len(data))
        segment = Segment(kind="codestream", role=Role.PICTURE, span=whole, body=whole)
        return _container(data, [segment], [], [], (whole,))
    if not data.startswith(SIGNATURE):
        raise MalformedImage("jxl", 0, "no signature of JPEG XL")
    found, problems = top_boxes(data, limits, needed=_NEEDED, pictures=_CUT)
    segments = [_segment(data, box) for box in found]
    at = found[-1].span.stop
    blocks = [block for box in found for block in _block(data, box, limits)]
    if at < len(data):
        rest = Span(at, len(data))
        segments.append(Segment(kind="trailer", role=Role.TRAILER, span=rest, body=rest))
        blocks.append(
            Block(
                kind=BlockKind.TRAILER, data=data[at : at + limits.max_block], origin="trailer",
                where=rest, base=at,
            )
        )  # fmt: skip
    parts = _codestream(data, found)
    return _container(data, segments, blocks, problems, parts, boxes=found)


def _container(
    data: bytes,
    segments: list[Segment],
    blocks: list[Block],
    problems: list[Problem],
    parts: tuple[Span, ...],
    *,
    boxes: tuple[Box, ...] = (),
) -> JxlContainer:
    head = b"".join(data[part.start : min(part.stop, part.start + 64)] for part in parts[:8])
    width, height, orientation = _size(head[:64])
    kinds = {box.type for box in boxes}
    levels = [data[box.body.start] for box in boxes if box.type == "jxll" and len(box.body)]
    wrong = "" if width and height else "no picture"
    if any(level not in _LEVELS for level in levels) or len(levels) > 1:
        wrong = "a level that is not known"
    return JxlContainer(
        format=Format.JXL,
        size=len(data),
        segments=tuple(segments),
        blocks=tuple(blocks),
        width=width,
        height=height,
        rotation=orientation,
        problems=tuple(problems),
        damage=MalformedImage("jxl", 0, wrong) if wrong else None,
        parts=parts,
        level=levels[0] if levels else 5,
        rebuilds_jpeg="jbrd" in kinds,
        gain_map="jhgm" in kinds,
    )


def _segment(data: bytes, box: Box) -> Segment:
    role = _ROLES.get(box.type, Role.UNKNOWN)
    if role is Role.PADDING and any(data[box.body.start : box.body.stop]):
        role = Role.STRAY
    name = box.type if role is Role.UNKNOWN else ""
    return Segment(kind=box.type, role=role, span=box.span, body=box.body, name=name)


def _block(data: bytes, box: Box, limits: Limits) -> list[Block]:
    role = _ROLES.get(box.type, Role.UNKNOWN)
    kind, skip, name = _BLOCKS.get(box.type, (BlockKind.OTHER, 0, "unknown box"))
    padding = role is Role.PADDING and not any(data[box.body.start : box.body.stop])
    if box.type not in _BLOCKS and (role in (Role.STRUCTURE, Role.PICTURE) or padding):
        return []
    start = min(box.body.start + skip, box.body.stop)
    return [
        Block(
            kind=kind,
            data=data[start : min(box.body.stop, start + limits.max_block)],
            origin=box.type.strip(),
            where=box.span,
            base=start,
            name=name,
        )
    ]


def _codestream(data: bytes, found: tuple[Box, ...]) -> tuple[Span, ...]:
    """Return where the codestream is: in one box, or in parts in their order (18181-2, 9.9)."""
    whole = [box.body for box in found if box.type == "jxlc"]
    parts = [box.body for box in found if box.type == "jxlp"]
    if len(whole) + bool(parts) != 1:
        raise MalformedImage("jxl", 0, "not exactly one codestream")
    if whole:
        return (whole[0],)
    out = []
    for number, part in enumerate(parts):
        if len(part) < 4:
            raise TruncatedImage("jxl", part.start, needed=4, available=len(part))
        index = int.from_bytes(data[part.start : part.start + 4], "big")
        last = number == len(parts) - 1
        if index != (number | _LAST_PART if last else number):
            raise MalformedImage("jxl", part.start, "parts of the codestream out of order")
        out.append(Span(part.start + 4, part.stop))
    return tuple(out)


class _Bits:
    """Reads numbers, the lowest bit first (18181-1, B.2)."""

    def __init__(self, data: bytes) -> None:
        self._number = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        value = self._number & ((1 << count) - 1)
        self._number >>= count
        return value

    def length(self, small: int) -> int:
        """Return a height or a width (18181-1, D.2): in eights, or of four possible lengths."""
        if small:
            return 8 * (1 + self.take(5))
        return 1 + self.take((9, 13, 18, 30)[self.take(2)])


def _size(head: bytes) -> tuple[int, int, int]:
    """Return width, height and orientation, as the codestream says them first (D.2, D.3)."""
    if not head.startswith(CODESTREAM):
        return 0, 0, 1
    bits = _Bits(head[2:])
    small = bits.take(1)
    height = bits.length(small)
    ratio = bits.take(3)
    width = bits.length(small) if not ratio else height * _RATIOS[ratio][0] // _RATIOS[ratio][1]
    orientation = 1
    if not bits.take(1) and bits.take(1):  # not all default, and more fields
        orientation = 1 + bits.take(3)
    return width, height, orientation
