"""TIFFs by hand (TIFF 6.0): ``tiff(page(strip(PIXELS)), page(…), order="<")``."""

from __future__ import annotations

import struct

import attrs

#: four by four pixels of eight bits
PIXELS = bytes(range(16))
#: tag → type, and values or bytes
Tags = dict[int, tuple[int, object]]
_WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 12: 8, 16: 8}
_LETTERS = {1: "B", 3: "H", 4: "I", 5: "I", 16: "Q"}


@attrs.frozen(kw_only=True)
class Page:
    """A page: its tags (tag → type, values or bytes), and its strips."""

    tags: Tags
    strips: tuple[bytes, ...] = (PIXELS,)
    tiled: bool = False
    gap: bytes = b""
    inner: dict[int, Tags] = attrs.field(factory=dict)


def page(
    *strips: bytes,
    more: Tags | None = None,
    without: tuple[int, ...] = (),
    gap: bytes = b"",
    inner: dict[int, Tags] | None = None,
    tiled: bool = False,
) -> Page:
    """Return a page of four by four gray pixels in one strip, with *more* tags.

    Args:
        strips: Its strips, or tiles.
        more: Further tags, or other ones.
        without: Tags that it shall not have.
        gap: Bytes behind its strips that nothing points to.
        inner: Pointer tag → the directory that it points to.
        tiled: Whether *strips* are tiles of sixteen by sixteen pixels.
    """
    tags: Tags = {
        256: (4, 4), 257: (4, 4), 258: (3, 8), 259: (3, 1), 262: (3, 1), 277: (3, 1),
    }  # fmt: skip
    tags |= {322: (4, 16), 323: (4, 16)} if tiled else {278: (4, 4)}
    tags |= more or {}
    for tag in without:
        tags.pop(tag, None)
    return Page(tags=tags, strips=strips or (PIXELS,), tiled=tiled, gap=gap, inner=inner or {})


def tiff(*pages: Page, order: str = "<", big: bool = False, tail: bytes = b"") -> bytes:
    """Return a TIFF of *pages*; values and strips stand in front of their directories."""
    out = bytearray(16 if big else 8)
    inline, letter = (8, "Q") if big else (4, "I")
    row = "HHQ" if big else "HHI"

    def packed(kind: int, value: object) -> bytes:
        if isinstance(value, bytes):
            return value
        values = value if isinstance(value, tuple) else (value,)
        return struct.pack(f"{order}{len(values)}{_LETTERS[kind]}", *values)

    def directory(tags: Tags) -> int:
        rows = b""
        for tag, (kind, value) in sorted(tags.items()):
            body = packed(kind, value)
            rows += struct.pack(f"{order}{row}", tag, kind, len(body) // _WIDTHS[kind])
            if len(body) > inline:
                out.extend(bytes(len(out) % 2))
                rows += struct.pack(f"{order}{letter}", len(out))
                out.extend(body)
            else:
                rows += body.ljust(inline, b"\0")
        out.extend(bytes(len(out) % 2))
        at = len(out)
        out.extend(struct.pack(f"{order}{'Q' if big else 'H'}", len(tags)) + rows)
        out.extend(bytes(inline))
        return at

    link = 8 if big else 4
    for one in pages or (page(),):
        tags = dict(one.tags)
        starts = []
        for strip in one.strips:
            starts.append(len(out))
            out.extend(strip)
        out.extend(one.gap)
        for pointer, inside in one.inner.items():
            tags[pointer] = (4, directory(inside))
        kind = 16 if big else 4
        tags.setdefault(324 if one.tiled else 273, (kind, tuple(starts)))
        tags.setdefault(325 if one.tiled else 279, (kind, tuple(map(len, one.strips))))
        at = directory({tag: value for tag, value in tags.items() if value[1] is not None})
        struct.pack_into(f"{order}{letter}", out, link, at)
        link = len(out) - inline
    mark = b"II" if order == "<" else b"MM"
    head = struct.pack(f"{order}HHH", 43, 8, 0) if big else struct.pack(f"{order}H", 42)
    out[: 2 + len(head)] = mark + head
    return bytes(out) + tail
