"""The file to post instead: clean, and no larger than a platform takes."""

from __future__ import annotations

import datetime as dt
from typing import Final

import attrs

from photoprivacy._inspect import Report, inspect
from photoprivacy._source import Source, read_source
from photoprivacy._strip import strip
from photoprivacy.containers import Format
from photoprivacy.destinations._facts import Confidence, Destination
from photoprivacy.errors import CannotStrip
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy
from photoprivacy.renditions._framed import framed, margins

_WEB: Final = frozenset({Format.JPEG, Format.PNG, Format.WEBP, Format.GIF})
#: Longer sides that are tried when a photo has to become smaller, in pixels.
_EDGES: Final = (4096, 3072, 2560, 2048, 1600, 1280, 1024, 800, 640, 480, 320)


@attrs.frozen(kw_only=True)
class Accepts:
    """What a destination takes, as its operator publishes it.

    Attributes:
        formats: Formats that its own software shows; others are drawn anew as JPEG.
        most_bytes: Size of a photo at most, ``None`` for no limit that matters.
        most_pixels: Width times height at most.
        most_width: Pixels across at most, as a viewer turns it.
        sides: Width to height of the tallest and of the widest picture, each as two numbers.
        as_of: When it was last looked at.
        source: Where it is published.
        confidence: How well that is known.
    """

    formats: frozenset[Format]
    most_bytes: int | None = None
    most_pixels: int | None = None
    most_width: int | None = None
    sides: tuple[tuple[int, int], tuple[int, int]] | None = None
    as_of: dt.date = dt.date(2026, 11, 25)
    source: str
    confidence: Confidence


#: Signal and a link take the file as it is: nothing is drawn anew for them. Meta scales what is
#: wider, or narrower than 320 pixels, by itself; what is too tall or too wide it refuses.
ACCEPTS: Final = {
    Destination.THREADS: Accepts(
        formats=frozenset({Format.JPEG, Format.PNG}),
        most_bytes=8_000_000,
        most_width=1440,
        sides=((1, 10), (10, 1)),
        source="Meta, Threads API, image specifications: JPEG and PNG, 8 MB, 1440 wide, 10:1",
        confidence=Confidence.OPERATOR,
    ),
    Destination.INSTAGRAM: Accepts(
        formats=frozenset({Format.JPEG}),
        most_bytes=8_000_000,
        most_width=1440,
        sides=((4, 5), (191, 100)),
        source="Meta, IG User Media, image specifications: JPEG, 8 MB, 1440 wide, 4:5 to 1.91:1; "
        "its app takes 3:4 too",
        confidence=Confidence.OPERATOR,
    ),
    Destination.X: Accepts(
        formats=_WEB,
        most_bytes=5 << 20,
        source="X's documentation of media: images of up to 5 MB",
        confidence=Confidence.OPERATOR,
    ),
    Destination.BLUESKY: Accepts(
        formats=_WEB,
        most_bytes=2_000_000,
        source="the lexicon app.bsky.embed.images of atproto: up to 2 MB, formerly 1 MB",
        confidence=Confidence.DESIGN,
    ),
    Destination.MASTODON: Accepts(
        formats=_WEB,
        most_bytes=16 << 20,
        most_pixels=33_177_600,
        source="Mastodon's own defaults (api/v2/instance says a server's): 16 MB, 33 megapixels",
        confidence=Confidence.DESIGN,
    ),
}


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
    destination: Destination,
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
        destination: Where it is to go.
        policy: What may stay in a file with its own pixels.
        redraw: Whether it may be drawn anew.
        limits: How much work one file may cause.

    Raises:
        UnsupportedFormat: Not a format we strip, or one that cannot be drawn.
        MalformedImage: The file is damaged where that matters.
        CannotStrip: No rewrite is known to be lossless and clean; or it would have to be drawn
            anew, and may not.
        OSError: The disk says no.
    """
    data = read_source(source, limits)
    clean = strip(data, policy, limits=limits)
    report = inspect(clean.data, limits=limits)
    wants = ACCEPTS.get(destination)
    why = () if wants is None else tuple(_reasons(clean.data, report, wants))
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


def _reasons(data: bytes, report: Report, wants: Accepts) -> list[str]:
    kind, (width, height) = report.format, _shown(report)
    found = []
    if kind not in wants.formats:
        names = ", ".join(sorted(one.value.upper() for one in wants.formats))
        found.append(f"it is {kind.value.upper()}, and {names} is what is taken")
    if wants.most_bytes is not None and len(data) > wants.most_bytes:
        found.append(f"it has {len(data):,} bytes of at most {wants.most_bytes:,}")
    if wants.most_pixels is not None and width * height > wants.most_pixels:
        found.append(f"it has {width * height:,} pixels of at most {wants.most_pixels:,}")
    if wants.most_width is not None and width > wants.most_width:
        found.append(f"it is {width:,} pixels wide of at most {wants.most_width:,}")
    if wants.sides is not None and margins(width, height, wants.sides) != (width, height):
        (tall, by), (wide, to) = wants.sides
        found.append(
            f"it is {width} by {height}, and what is taken is between {tall}:{by} and {wide}:{to}: "
            "white margins were added, nothing was cut"
        )
    return found


def _shown(report: Report) -> tuple[int, int]:
    """Return width and height as a viewer turns it: orientations from 5 on lie on their side."""
    sides = (report.width, report.height)
    return sides if report.orientation < 5 else sides[::-1]


def _drawn(
    data: bytes, destination: Destination, wants: Accepts, why: tuple[str, ...], limits: Limits
) -> Prepared:
    width, height = _shown(inspect(data, limits=limits))
    longest = max(width, height, 1)
    first = longest
    if wants.most_width is not None:
        # With its margins, it is as wide as may be.
        whole, _ = margins(width, height, wants.sides) if wants.sides else (width, height)
        first = max(1, min(longest, longest * wants.most_width // max(whole, 1)))
    for edge in (first, *(one for one in _EDGES if one < first)):
        pixels = int(width * height * (edge / longest) ** 2)
        if wants.most_pixels is not None and pixels > wants.most_pixels:
            continue
        drawn = framed(data, size=edge, sides=wants.sides, limits=limits)
        if wants.most_bytes is None or len(drawn) <= wants.most_bytes:
            made = inspect(drawn, limits=limits)
            return Prepared(
                destination=destination,
                data=drawn,
                format=made.format,
                width=made.width,
                height=made.height,
                redrawn=why,
            )
    raise CannotStrip(f"it cannot be drawn small enough for {destination.title}")
