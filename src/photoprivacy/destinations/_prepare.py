"""The file to post instead: clean, and no larger than a platform takes."""

from __future__ import annotations

from typing import Final

import attrs

from photoprivacy._inspect import inspect
from photoprivacy._source import Source, read_source
from photoprivacy._strip import strip
from photoprivacy.containers import Format
from photoprivacy.destinations._accepts import ACCEPTS, Accepts, shown, why_not
from photoprivacy.destinations._facts import Destination
from photoprivacy.errors import CannotStrip
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy
from photoprivacy.renditions._framed import framed, margins

#: Longer sides that are tried when a photo has to become smaller, in pixels.
_EDGES: Final = (4096, 3072, 2560, 2048, 1600, 1280, 1024, 800, 640, 480, 320)


@attrs.frozen(kw_only=True)
class Prepared:
    """A photo ready to be posted.

    Attributes:
        destination: Where it is to go.
        data: The clean file.
        format: Its format.
        width: Pixels across, as coded.
        height: Pixels down, as coded.
        redrawn: Why it had to be drawn anew, and is no longer the same pixels; empty where it is.
    """

    destination: Destination
    data: bytes = attrs.field(repr=False)
    format: Format
    width: int
    height: int
    redrawn: tuple[str, ...] = ()


def prepare(
    source: Source,
    destination: Destination | str,
    policy: Policy = Policy.SHARE,
    *,
    redraw: bool = True,
    limits: Limits = Limits(),
) -> Prepared:
    """Return the file to post: clean, and of a size and a format that *destination* takes.

    Where the clean file is taken as it is, it has the source's own pixels. Where it is not, it is
    drawn anew, smaller or as JPEG, without any metadata, and `Prepared.redrawn` says why.

    Args:
        source: A path, bytes, or a binary file open for reading.
        destination: Where it is to go, or its name: ``"threads"``.
        policy: What may stay in a file with its own pixels.
        redraw: Whether it may be drawn anew.
        limits: How much work one file may cause.

    Raises:
        ValueError: There is no destination of that name.
        UnsupportedFormat: Not a format we strip, or one that cannot be drawn.
        MalformedImage: The file is damaged where that matters.
        CannotStrip: No rewrite is known to be lossless and clean; or it would have to be drawn
            anew, and may not.
        OSError: The disk says no.
    """
    destination = Destination(destination)
    data = read_source(source, limits)
    clean = strip(data, policy, limits=limits)
    report = inspect(clean.data, limits=limits)
    wants = ACCEPTS.get(destination)
    why = () if wants is None else why_not(report, len(clean.data), wants)
    if not why:
        return Prepared(
            destination=destination,
            data=clean.data,
            format=report.format,
            width=report.width,
            height=report.height,
        )
    if not redraw:
        raise CannotStrip(f"{destination.title} does not take it as it is: {'; '.join(why)}")
    assert wants is not None  # noqa: S101 - it has reasons
    return _drawn(clean.data, destination, wants, why, limits)


def _drawn(
    data: bytes, destination: Destination, wants: Accepts, why: tuple[str, ...], limits: Limits
) -> Prepared:
    width, height = shown(inspect(data, limits=limits))
    longest = max(width, height, 1)
    largest = _largest(width, height, wants)
    for edge in (*largest, *(one for one in _EDGES if one < largest[-1])):
        pixels = int(width * height * (edge / longest) ** 2)
        if wants.most_pixels is not None and pixels > wants.most_pixels:
            continue
        drawn = framed(data, size=edge, sides=wants.sides, limits=limits)
        if wants.most_bytes is not None and len(drawn) > wants.most_bytes:
            continue
        made = inspect(drawn, limits=limits)
        if wants.most_width is not None and made.width > wants.most_width:
            continue
        return Prepared(
            destination=destination,
            data=drawn,
            format=made.format,
            width=made.width,
            height=made.height,
            redrawn=why,
        )
    raise CannotStrip(f"it cannot be drawn small enough for {destination.title}")


def _largest(width: int, height: int, wants: Accepts) -> tuple[int, ...]:
    """Return longer sides to try first, so that with its margins it is as wide as may be.

    Rounded up, they may make it a pixel too wide; rounded down, its last row may be missing.
    """
    longest = max(width, height, 1)
    if wants.most_width is None:
        return (longest,)
    whole, _ = margins(width, height, wants.sides) if wants.sides else (width, height)
    whole = max(whole, 1)
    down = max(1, min(longest, longest * wants.most_width // whole))
    up = min(longest, -(-longest * wants.most_width // whole))
    page, _ = (
        margins(round(width * up / longest), round(height * up / longest), wants.sides)
        if wants.sides
        else (round(width * up / longest), 0)
    )
    return (up, down) if down < up and page <= wants.most_width else (down,)
