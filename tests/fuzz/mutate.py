"""A mutator that knows where segments, chunks and boxes begin, and one property that must hold."""

from __future__ import annotations

import functools
import random
import time
import tracemalloc
from collections import Counter
from typing import Final

from builders import CANARY, app, com, exif, jfif, jpeg, picture
from builders_gain_map import with_gain_map
from builders_gif import animation, comment, gif, image, xmp
from builders_jp2 import EXIF, in_tile, jp2, marker
from builders_jxl import jxl
from builders_movie import keys, pictures, sound, start_of_sound, video, words
from builders_tiff import page
from builders_tiff import tiff as pages
from photoprivacy import Limits, Policy, Precision, inspect, strip
from photoprivacy.containers import parse
from photoprivacy.errors import PhotoPrivacyError, VerificationFailed
from photoprivacy.metadata import Fate
from photoprivacy.policy import Category
from verify.built import box, chunk, heic, ihdr, part, png, rows, short, tiff, vp8, vp8x, webp

#: sizes at which arithmetic goes wrong
SIZES: Final = (0, 1, 7, 8, 2**31 - 1, 2**32 - 1, 2**63)
EVERYTHING: Final = Policy(
    keep=Policy.ARCHIVE.keep
    | {Category.AUDIO, Category.EMBEDDED_IMAGE, Category.EMBEDDED_VIDEO, Category.THUMBNAIL},
    location="exact",
    time="exact",
)
POLICIES: Final = (
    Policy.SHARE,
    Policy.PUBLISH,
    Policy.ARCHIVE,
    EVERYTHING,
    Policy(keep=()),
    Policy(location="region", time="month"),
)
#: seconds that a file may take, whatever it is: far above what any takes here
_PATIENCE: Final = 5.0


@functools.cache
def seeds() -> dict[str, bytes]:
    """Return a small file of every format, with metadata in it."""
    note = tiff((short(274, 6),))
    return {
        "jpeg": jpeg(jfif(), exif(note), com(CANARY), app(13, CANARY), *picture(progressive=True)),
        "gain map": with_gain_map(),
        "motion": jpeg(jfif(), *picture()) + video(user=(words(b"\xa9xyz", CANARY),)),
        "png": png(ihdr(), chunk(b"eXIf", note), chunk(b"tEXt", CANARY), *_idat()),
        "webp": webp(vp8x(0x08), vp8(), part(b"EXIF", note)),
        "heic": heic(top=(box(b"mpvd", video()), box(b"leak", CANARY))),
        "gif": gif(comment(CANARY), image(), xmp(CANARY), image()),
        "animation": animation(2, 16),
        "tiff": pages(page(more={270: (2, CANARY)}, inner={34665: {37510: (7, CANARY)}})),
        "big tiff": pages(page(), page(), order=">", big=True),
        "jxl": jxl(box(b"Exif", bytes(4), note), parts=2),
        "jp2": jp2(box(b"uuid", EXIF, note), data=in_tile(marker(0x64, b"\0\1" + CANARY))),
        "mp4": video(pictures(), sound(2, start_of_sound()), inside=keys(make=CANARY)),
        "mov": video(user=(words(b"\xa9cpy", CANARY),), brand=b"qt  "),
    }


def _idat() -> tuple[bytes, ...]:
    import zlib

    return (chunk(b"IDAT", zlib.compress(rows())),)


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Return *data* with one to four things wrong: bytes, numbers, or whole pieces of structure."""
    for _ in range(rng.randint(1, 4)):
        if not data:
            break
        data = rng.choice(_WAYS)(data, rng)[: 4 * len(data) + 65_536]
    return data


def _a_byte(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes((rng.randrange(256),)) + data[at + 1 :]


def _a_number(data: bytes, rng: random.Random) -> bytes:
    at, width = rng.randrange(len(data)), rng.choice((1, 2, 4, 8))
    value = rng.choice((*SIZES, len(data), at)) % (1 << 8 * width)
    order = rng.choice(("big", "little"))
    return (
        data[:at]
        + value.to_bytes(width, "big" if order == "big" else "little")
        + data[at + width :]
    )


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def _piece(data: bytes, rng: random.Random) -> tuple[int, int]:
    """Return a stretch of the file: one that its own parser knows, or any."""
    try:
        found = parse(data, Limits()).segments
    except PhotoPrivacyError:
        found = ()
    if found and rng.random() < 0.8:
        span = rng.choice(found).span
        return span.start, span.stop
    start = rng.randrange(len(data))
    return start, min(len(data), start + rng.randint(1, 64))


def _twice(data: bytes, rng: random.Random) -> bytes:
    start, stop = _piece(data, rng)
    at = rng.choice((stop, rng.randrange(len(data))))
    return data[:at] + data[start:stop] + data[at:]


def _without(data: bytes, rng: random.Random) -> bytes:
    start, stop = _piece(data, rng)
    return data[:start] + data[stop:]


def _swapped(data: bytes, rng: random.Random) -> bytes:
    (a, b), (c, d) = sorted((_piece(data, rng), _piece(data, rng)))
    return data if c < b else data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def _crossed(data: bytes, rng: random.Random) -> bytes:
    other = rng.choice(list(seeds().values()))
    start, stop = _piece(other, rng)
    at = rng.randrange(len(data))
    return data[:at] + other[start:stop] + data[at:]


_WAYS: Final = (_a_byte, _a_byte, _a_number, _a_number, _cut, _twice, _without, _swapped, _crossed)


def holds(data: bytes, policy: Policy) -> str:
    """Return how cleaning *data* ended, in a word.

    Raises:
        AssertionError: A clean file was not clean, not the same the second time, or took too
            long or too much memory.
        Exception: Something came out that is no error of this library.
    """
    started = time.process_time()
    try:
        clean = strip(data, policy)
    except VerificationFailed:
        return "noticed"  # by the second pair of eyes: nothing came out
    except PhotoPrivacyError as error:
        if CANARY.decode() in str(error):
            raise AssertionError("an error that quotes the file") from error
        return type(error).__name__
    finally:
        took = time.process_time() - started
        assert took < _PATIENCE, took
    again = strip(clean.data, policy)
    assert again.data == clean.data
    assert not again.changed
    assert not inspect(clean.data).violations(policy)
    if policy.location in (Precision.NONE, Precision.EXACT):
        # Whether a coarse place has a name, only a geocoder knows.
        said = [one for one in inspect(data).findings if one.fate(policy) is not Fate.REMOVED]
        assert Counter(map(repr, said)) == Counter(map(repr, clean.kept))
    return "clean"


def memory_of(data: bytes, policy: Policy) -> float:
    """Return the most memory that cleaning *data* takes, in lengths of the file and 32 MiB."""
    tracemalloc.start()
    try:
        holds(data, policy)
        return tracemalloc.get_traced_memory()[1] / (len(data) + (32 << 20))
    finally:
        tracemalloc.stop()
