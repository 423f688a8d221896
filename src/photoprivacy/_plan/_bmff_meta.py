"""A fresh ``meta`` box (ISO/IEC 14496-12, 8.11; 23008-12, 9): always the same way.

Items are numbered from 1 in the source's order, so that nothing tells how many went.
"""

from __future__ import annotations

from typing import Final

import attrs

from photoprivacy._plan._bmff_items import REFERENCES
from photoprivacy._plan._bmff_layout import Layout
from photoprivacy._plan._bmff_properties import Once, boxed, full_box, kept_property
from photoprivacy.containers._bmff_meta import Association, Meta
from photoprivacy.containers._model import Span
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Policy

_XMP: Final = b"application/rdf+xml"
_MOST: Final = 0xFFFF


@attrs.frozen
class Placed:
    """One item of the output: whether it lies in ``idat``, and its stretches there."""

    in_idat: bool
    spans: tuple[Span, ...]


@attrs.frozen(kw_only=True)
class Fresh:
    """One block of metadata written from scratch: ``Exif`` or ``mime``, and where it lies."""

    type: bytes
    where: Span


def fresh_meta(
    data: bytes,
    meta: Meta,
    places: dict[int, Placed],
    fresh: tuple[Fresh, ...],
    *,
    idat: Layout,
    base: int,
    wide: bool,
    policy: Policy,
) -> bytes:
    """Return a new ``meta`` box up to the payload of ``idat``, which is last in it.

    Args:
        data: The source.
        meta: Its ``meta`` box.
        places: Kept item → where it lies, counted from the first byte of its payload; in
            the order in which they are numbered.
        fresh: What is written from scratch, behind the kept items in ``mdat``.
        idat: What goes into ``idat``.
        base: Where the payload of ``mdat`` begins in the output.
        wide: Whether offsets need eight bytes.
        policy: What may stay.
    """
    numbers = {old: new for new, old in enumerate(places, 1)}
    if len(numbers) + len(fresh) + len(meta.groups) > _MOST:
        raise CannotStrip("more items than can be numbered anew")
    children = [
        full_box(b"hdlr", 0, bytes(4), b"pict", bytes(13)),  # 8.4.3: a name of no letters
        full_box(b"pitm", 0, _u16(numbers[meta.primary])),
        _iloc(numbers, places, fresh, base=base, wide=wide),
        _iinf(meta, numbers, fresh),
        _iref(meta, numbers, fresh),
        _iprp(data, meta, numbers, policy),
        _grpl(meta, numbers, len(fresh)),
    ]
    inside = b"".join(children)
    if idat.size:
        inside += (idat.size + 8).to_bytes(4, "big") + b"idat"
    size = 12 + len(inside) + idat.size
    if size > 0xFFFFFFFF:
        raise CannotStrip("an index of more than 4 GiB")
    return size.to_bytes(4, "big") + b"meta" + bytes(4) + inside


def _u16(value: int) -> bytes:
    return value.to_bytes(2, "big")


def _iloc(
    numbers: dict[int, int],
    places: dict[int, Placed],
    fresh: tuple[Fresh, ...],
    *,
    base: int,
    wide: bool,
) -> bytes:
    """8.11.3: version 0, or 1 where an item lies in ``idat``."""
    version = int(any(place.in_idat for place in places.values()))
    rows = [(numbers[item], places[item]) for item in numbers]
    rows += [
        (number, Placed(in_idat=False, spans=(block.where,)))
        for number, block in enumerate(fresh, len(numbers) + 1)
    ]
    width = 8 if wide else 4
    out = [bytes((width << 4 | width, 0)), _u16(len(rows))]
    for number, place in rows:
        method = _u16(int(place.in_idat)) if version else b""
        out.append(_u16(number) + method + bytes(2) + _u16(len(place.spans)))
        start = 0 if place.in_idat else base
        for span in place.spans:
            out.append((start + span.start).to_bytes(width, "big"))
            out.append(len(span).to_bytes(width, "big"))
    return full_box(b"iloc", version, *out)


def _iinf(meta: Meta, numbers: dict[int, int], fresh: tuple[Fresh, ...]) -> bytes:
    entries = []
    for item in meta.items:
        if item.id in numbers:
            body = _u16(numbers[item.id]) + bytes(2) + item.type.encode("latin-1") + b"\x00"
            # 23008-12, 6.4.2: bit 0 of the flags hides an item that is only part of another.
            entries.append(full_box(b"infe", 2, body, flags=item.flags & 1))
    for number, block in enumerate(fresh, len(numbers) + 1):
        body = _u16(number) + bytes(2) + block.type + b"\x00"
        body += _XMP + b"\x00" if block.type == b"mime" else b""
        entries.append(full_box(b"infe", 2, body, flags=1))
    return full_box(b"iinf", 0, _u16(len(entries)), *entries)


def _iref(meta: Meta, numbers: dict[int, int], fresh: tuple[Fresh, ...]) -> bytes:
    entries = []
    for ref in meta.references:
        if ref.type not in REFERENCES or ref.source not in numbers:
            continue
        targets = [numbers[target] for target in ref.targets if target in numbers]
        if ref.type == "dimg" and len(targets) != len(ref.targets):
            raise CannotStrip("a picture that is made of an item that has to go")
        if targets:
            row = [numbers[ref.source], len(targets), *targets]
            entries.append(boxed(ref.type.encode("latin-1"), *map(_u16, row)))
    for number in range(len(numbers) + 1, len(numbers) + len(fresh) + 1):
        # 23008-12, A.2.1 and A.3: what describes the picture points to it.
        row = [number, 1, numbers[meta.primary]]
        entries.append(boxed(b"cdsc", *map(_u16, row)))
    return full_box(b"iref", 0, *entries) if entries else b""


def _iprp(data: bytes, meta: Meta, numbers: dict[int, int], policy: Policy) -> bytes:
    """Return the properties of kept items, numbered anew, and who has which."""
    indexes: dict[bytes, int] = {}
    cleaned: dict[tuple[int, bool, str], bytes] = {}
    properties: list[bytes] = []
    lines: dict[int, list[tuple[int, bool]]] = {}
    described = {entry.item: entry for entry in meta.associations}
    for old, new in numbers.items():
        line, once = [], Once()
        item = meta.item(old)
        kind = item.type if item else ""
        for index, essential in described.get(old, Association(old, ())).properties:
            if index == 0:
                continue  # 23008-12, 9.3.3: no property
            if index > len(meta.properties):
                raise CannotStrip("a property that is not there")
            key = (index, essential, kind)
            if key not in cleaned:
                box = meta.properties[index - 1]
                cleaned[key] = kept_property(data, box, kind, essential=essential, policy=policy)
            clean = once.take(cleaned[key])
            if clean and clean not in indexes:
                properties.append(clean)
                indexes[clean] = len(properties)
            if clean:
                line.append((indexes[clean], essential))
        lines[new] = line
    wide = len(properties) > 0x7F
    width, top = (2, 0x8000) if wide else (1, 0x80)
    cells = b"".join(
        _u16(item)
        + bytes((len(line),))
        + b"".join(
            (index | (top if essential else 0)).to_bytes(width, "big") for index, essential in line
        )
        for item, line in lines.items()
    )
    ipma = full_box(b"ipma", 0, len(lines).to_bytes(4, "big"), cells, flags=int(wide))
    return boxed(b"iprp", boxed(b"ipco", *properties), ipma)


def _grpl(meta: Meta, numbers: dict[int, int], fresh: int) -> bytes:
    """Return the groups of alternatives among kept items (23008-12, 6.8.2)."""
    entries = []
    number = len(numbers) + fresh
    for group in meta.groups:
        members = [numbers[member] for member in group.members if member in numbers]
        if group.type == "altr" and len(members) > 1:
            number += 1  # 9.4.1: no item has the number of a group
            row = (number, len(members), *members)
            entries.append(full_box(b"altr", 0, *(value.to_bytes(4, "big") for value in row)))
    return boxed(b"grpl", *entries) if entries else b""
