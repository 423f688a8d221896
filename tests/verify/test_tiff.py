"""Words in a clean TIFF: the same rules as in an Exif block, in any byte order, BigTIFF too."""

from __future__ import annotations

import struct

import attrs
import pytest

from builders_tiff import PIXELS
from photoprivacy._verify import verify
from photoprivacy.containers import Format
from photoprivacy.errors import VerificationFailed
from photoprivacy.geo import Precision
from photoprivacy.policy import Category, Policy, TimePrecision
from verify.built import (
    ASCII,
    CANARY,
    EVERYTHING,
    LONG,
    NOTHING,
    RATIONAL,
    SHORT,
    UNDEFINED,
    Entry,
    passes,
    short,
    trips,
    words,
)
from verify.test_exif import DEGREES, GPS, KEPT, NEVER, RATIO, TAKEN, VERSION, only, without

FORMS = [("<", False), (">", False), ("<", True), (">", True)]
FORM = pytest.mark.parametrize("form", FORMS, ids=["II", "MM", "II, big", "MM, big"])
Form = tuple[str, bool]
#: four by four gray pixels in one strip; values in big-endian order, as everywhere here
PICTURE: tuple[Entry, ...] = (
    (256, LONG, 1, bytes((0, 0, 0, 4))), (257, LONG, 1, bytes((0, 0, 0, 4))), short(258, 8),
    short(259, 1), short(262, 1), short(277, 1), (278, LONG, 1, bytes((0, 0, 0, 4))),
)  # fmt: skip


@attrs.frozen(kw_only=True)
class Wrong:
    """What a page has that a clean one has not."""

    swapped: bool = False
    gap: bytes = b""
    behind: bytes = b""
    following: int = 0
    kind: int = LONG
    padding: bytes = b""
    turned: bool = False
    second: tuple[Entry, ...] = ()


def clean(
    form: Form,
    image: tuple[Entry, ...] = (),
    photo: tuple[Entry, ...] = (),
    gps: tuple[Entry, ...] = (),
    wrong: Wrong = Wrong(),
) -> bytes:
    """Return a TIFF as it must be: a page with what it tells, Exif, GPS, and its strip.

    With *wrong*, as it must not be.
    """
    _, big = form
    long = 16 if big else LONG
    pointed = [(tag, inside) for tag, inside in ((34665, photo), (34853, gps)) if inside]
    if wrong.swapped:
        pointed.reverse()
    start = 16 if big else 8
    lone = (279, long, 1, struct.pack(">Q" if big else ">I", 16))
    width = 8 if big else 4

    def page(places: list[int], strip: int) -> list[Entry]:
        rows = [*PICTURE, lone, (273, long, 1, strip.to_bytes(width, "big")), *image]
        for (tag, _), at in zip(pointed, places, strict=True):
            size = {LONG: 4, 16: 8, SHORT: 2}[wrong.kind]
            rows.append((tag, wrong.kind, 1, at.to_bytes(size, "big")))
        rows.sort(key=lambda row: row[0])
        return rows[::-1] if wrong.turned else rows

    here = start + len(_ifd(form, page([0] * len(pointed), 0), start))
    places = []
    for _, inside in pointed:
        here += len(wrong.gap)
        places.append(here)
        here += len(_ifd(form, list(inside), here))
    out = _header(form) + _ifd(form, page(places, here), start, padding=wrong.padding)
    for (_, inside), at in zip(pointed, places, strict=True):
        out += wrong.gap + _ifd(form, list(inside), at, following=wrong.following)
    return out + PIXELS + wrong.behind


def _header(form: Form) -> bytes:
    order, big = form
    mark = b"II" if order == "<" else b"MM"
    if big:
        return mark + struct.pack(f"{order}HHHQ", 43, 8, 0, 16)
    return mark + struct.pack(f"{order}HI", 42, 8)


def _ifd(
    form: Form, rows: list[Entry], at: int, *, following: int = 0, padding: bytes = b""
) -> bytes:
    order, big = form
    inline, letter = (8, "Q") if big else (4, "I")
    head, values = struct.pack(f"{order}{'Q' if big else 'H'}", len(rows)), b""
    behind = at + len(head) + (20 if big else 12) * len(rows) + inline
    for tag, kind, count, value in rows:
        body = _ordered(order, kind, value)
        head += struct.pack(f"{order}HH{letter}", tag, kind, count)
        if len(body) <= inline:
            head += (body + padding[: inline - len(body)]).ljust(inline, b"\0")
        else:
            head += struct.pack(f"{order}{letter}", behind + len(values))
            values += body + bytes(len(body) % 2)
    return head + struct.pack(f"{order}{letter}", following) + values


def _ordered(order: str, kind: int, value: bytes) -> bytes:
    unit = {SHORT: 2, LONG: 4, RATIONAL: 4, 16: 8}.get(kind, 1)
    if order == ">":
        return value
    return b"".join(value[at : at + unit][::-1] for at in range(0, len(value), unit))


def refused(
    form: Form,
    image: tuple[Entry, ...] = (),
    photo: tuple[Entry, ...] = (),
    gps: tuple[Entry, ...] = (),
    *,
    wrong: Wrong = Wrong(),
    policy: Policy = EVERYTHING,
) -> str:
    return trips(Format.TIFF, clean(form), clean(form, image, photo, gps, wrong), policy)


def allowed(
    form: Form,
    policy: Policy,
    image: tuple[Entry, ...] = (),
    photo: tuple[Entry, ...] = (),
    gps: tuple[Entry, ...] = (),
) -> None:
    passes(Format.TIFF, clean(form), clean(form, image, photo, gps), policy)


@FORM
@pytest.mark.parametrize(("category", "image", "photo"), KEPT)
def test_a_kept_tag_needs_its_category(
    form: Form, category: Category, image: tuple[Entry, ...], photo: tuple[Entry, ...]
) -> None:
    told = image, photo, GPS if category is Category.LOCATION else ()

    allowed(form, only(category), *told)
    refused(form, *told, policy=without(category))
    refused(form, *told, policy=NOTHING)


@FORM
@pytest.mark.parametrize("what", NEVER)
def test_no_policy_allows(form: Form, what: str) -> None:
    assert refused(form, *NEVER[what])


SIX = (short(274, 6),)
#: what is told, and wrong in one way
WRONG: dict[str, tuple[tuple[Entry, ...], tuple[Entry, ...], tuple[Entry, ...], Wrong]] = {
    "Exif behind GPS": ((), (VERSION,), GPS, Wrong(swapped=True)),
    "a gap in front of Exif": ((), (VERSION,), (), Wrong(gap=bytes(2))),
    "words in front of GPS": ((), (), GPS, Wrong(gap=CANARY)),
    "bytes behind everything": ((), (VERSION,), (), Wrong(behind=CANARY)),
    "a further directory": ((), (VERSION,), (), Wrong(following=8)),
    "a pointer of two bytes": ((), (VERSION,), (), Wrong(kind=SHORT)),
    "a pointer of eight bytes": ((), (VERSION,), (), Wrong(kind=16)),
    "tags out of order": ((words(315, b"Me"),), (VERSION,), (), Wrong(turned=True)),
    "bytes behind a short value": ((), (VERSION,), (), Wrong(padding=b"LEAK")),
    "a pointer to nothing": (((34665, LONG, 1, bytes(4)),), (), (), Wrong()),
    "a pointer to the page": (((34853, LONG, 1, b"\0\0\0\x08"),), (), (), Wrong()),
    "a pointer to pointers": ((), ((34853, LONG, 1, bytes(4)), VERSION), (), Wrong()),
    "an orientation in the Exif": ((), (short(274, 6), VERSION), (), Wrong()),
    "an orientation that the source has not": (SIX, (), (), Wrong()),
    "words twice": ((words(315, b"Me"), words(315, CANARY)), (), (), Wrong()),
    "text behind the end of text": ((words(315, b"Me\x00" + CANARY),), (), (), Wrong()),
    "text without an end": (((315, ASCII, 8, b"Somebody"),), (), (), Wrong()),
    "a copyright of bytes": (((33432, UNDEFINED, 10, CANARY),), (), (), Wrong()),
    "a model of numbers": (((272, RATIONAL, 3, DEGREES),), (), (), Wrong()),
    "no values": (((315, ASCII, 0, b""),), (), (), Wrong()),
    "values of no type": (((315, 99, 1, b"a"),), (), (), Wrong()),
    "many exposure times": ((), ((33434, RATIONAL, 3, DEGREES), VERSION), (), Wrong()),
    "an ISO as a long": ((), ((34855, LONG, 1, b"\0\0\0\xc8"), VERSION), (), Wrong()),
    "another GPS version": ((), (), ((0, 1, 4, b"abcd"), *GPS[1:]), Wrong()),
    "a latitude to the west": ((), (), (GPS[0], words(1, b"W"), *GPS[2:]), Wrong()),
    "a position half told": ((), (), GPS[:3], Wrong()),
    "an angle in other parts": ((), (), (*GPS[:4], (4, RATIONAL, 3, RATIO * 3)), Wrong()),
    "a maker's two numbers": (
        (),
        (
            VERSION,
            (
                37500,
                UNDEFINED,
                40,
                b"Apple iOS\0\0\1MM\0\1\0\x21\0\x0a\0\0\0\1\0\0\0\x20" + bytes(4) + RATIO,
            ),
        ),
        (),
        Wrong(),
    ),
}


@FORM
@pytest.mark.parametrize("what", WRONG)
def test_words_of_a_tiff_are_refused_with(form: Form, what: str) -> None:
    image, photo, gps, wrong = WRONG[what]

    assert refused(form, image, photo, gps, wrong=wrong)


@FORM
@pytest.mark.parametrize(
    ("precision", "good", "sharper"),
    [
        (TimePrecision.YEAR, b"2026:01:01 00:00:00", b"2026:07:01 00:00:00"),
        (TimePrecision.MONTH, b"2026:07:01 00:00:00", b"2026:07:14 00:00:00"),
        (TimePrecision.DAY, b"2026:07:14 00:00:00", b"2026:07:14 18:00:00"),
    ],
)
def test_a_time_is_as_coarse_as_the_policy(
    form: Form, precision: TimePrecision, good: bytes, sharper: bytes
) -> None:
    policy = attrs.evolve(EVERYTHING, time=precision)

    allowed(form, policy, (), (VERSION, words(TAKEN, good)))
    assert "time" in refused(form, (), (VERSION, words(TAKEN, sharper)), policy=policy)


@FORM
@pytest.mark.parametrize("precision", Precision)
def test_a_position_needs_a_city_or_more(form: Form, precision: Precision) -> None:
    policy = attrs.evolve(EVERYTHING, location=precision)

    if precision in (Precision.CITY, Precision.EXACT):
        allowed(form, policy, (), (), GPS)
    else:
        refused(form, (), (), GPS, policy=policy)


@FORM
def test_a_time_zone_needs_an_exact_time_and_a_place(form: Form) -> None:
    told = (), (VERSION, words(36881, b"+02:00"))

    allowed(form, EVERYTHING, *told)
    for less in ({"time": TimePrecision.DAY}, {"location": Precision.NONE}):
        refused(form, *told, policy=attrs.evolve(EVERYTHING, **less))


@FORM
def test_every_byte_of_what_is_told_matters(form: Form) -> None:
    told = (
        (words(315, b"Somebody"),),
        (VERSION, words(TAKEN, b"2026:07:14 00:00:00")),
        GPS,
    )
    policy = attrs.evolve(EVERYTHING, time=TimePrecision.DAY)
    allowed(form, policy, *told)
    source, output = clean(form), clean(form, *told)

    # A value may be another value; nothing else may change, grow or shrink.
    for at in range(8, len(output)):
        for other in (output[:at], output[:at] + b"\x00" + output[at:]):
            with pytest.raises(VerificationFailed):
                verify(source, other, Format.TIFF, policy, secrets=(), orientation=1)
