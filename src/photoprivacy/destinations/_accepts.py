"""What each place takes: formats, sizes and proportions; and why a file is not taken."""

from __future__ import annotations

import datetime as dt
from typing import Final

import attrs

from photoprivacy._inspect import Report
from photoprivacy.containers import Format
from photoprivacy.destinations._facts import Confidence, Destination

_WEB: Final = frozenset({Format.JPEG, Format.PNG, Format.WEBP, Format.GIF})


@attrs.frozen(kw_only=True)
class Accepts:
    """What a destination takes, as its operator publishes it.

    Attributes:
        formats: Formats that its own software shows; others are drawn anew as JPEG.
        sometimes: Formats that some servers take and convert, and others refuse. They are drawn
            anew, too: that is sure, and what is converted here nobody else gets to read.
        most_bytes: Size of a photo at most, ``None`` for no limit that matters.
        most_pixels: Width times height at most.
        most_width: Pixels across at most, as a viewer turns it.
        sides: Width to height of the tallest and of the widest picture, each as two numbers.
        as_of: When it was last looked at.
        source: Where it is published.
        confidence: How well that is known.
    """

    formats: frozenset[Format]
    sometimes: frozenset[Format] = frozenset()
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
        sometimes=frozenset({Format.HEIC, Format.AVIF}),
        most_bytes=16 << 20,
        most_pixels=33_177_600,
        source="Mastodon's own defaults (api/v2/instance says a server's): 16 MB, 33 megapixels; "
        "HEIC and AVIF are converted there, but not since 4.7.2 (pull request 40542: for a time)",
        confidence=Confidence.DESIGN,
    ),
}


#: formats whose name is not all capitals
_NAMES: Final = {Format.WEBP: "WebP"}


def why_not(report: Report, size: int, wants: Accepts) -> tuple[str, ...]:
    """Return why a file is not taken as it is; nothing if it is taken.

    Args:
        report: What `inspect` said of it.
        size: Its length in bytes, or that of its clean copy.
        wants: What the destination takes.
    """
    from photoprivacy.renditions._framed import margins  # whose room takes a while to enter

    (width, height), kind = shown(report), _name(report.format)
    found = []
    if report.format in wants.sometimes:
        found.append(f"it is {kind}, which some servers convert and others refuse")
    elif report.format not in wants.formats:
        found.append(f"it is {kind}, and {_and(wants.formats)} taken")
    if wants.most_bytes is not None and size > wants.most_bytes:
        found.append(f"it has {size:,} bytes of at most {wants.most_bytes:,}")
    if wants.most_pixels is not None and width * height > wants.most_pixels:
        found.append(f"it has {width * height:,} pixels of at most {wants.most_pixels:,}")
    if wants.most_width is not None and width > wants.most_width:
        found.append(f"it is {width:,} pixels wide of at most {wants.most_width:,}")
    if wants.sides is not None and margins(width, height, wants.sides) != (width, height):
        tallest, widest = (_ratio(*one) for one in wants.sides)
        found.append(
            f"it is {width:,} by {height:,}, and what is taken is between {tallest} and {widest}: "
            "white margins are added, nothing is cut"
        )
    return tuple(found)


def shown(report: Report) -> tuple[int, int]:
    """Return width and height as a viewer turns it: orientations from 5 on lie on their side."""
    sides = (report.width, report.height)
    return sides if report.orientation < 5 else sides[::-1]


def _name(kind: Format) -> str:
    return _NAMES.get(kind, kind.value.upper())


def _and(formats: frozenset[Format]) -> str:
    """Return ``"only JPEG is"``, ``"only JPEG and PNG are"``."""
    *others, last = sorted(_name(one) for one in formats)
    return f"only {', '.join(others)} and {last} are" if others else f"only {last} is"


def _ratio(width: int, height: int) -> str:
    """Return ``"4:5"``, and of larger numbers ``"1.91:1"``."""
    return f"{width}:{height}" if max(width, height) <= 10 else f"{width / height:g}:1"
