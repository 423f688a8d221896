"""Colour profiles: every colour stays, and nothing of the maker, the device or the day."""

from __future__ import annotations

import io
import random
import struct
from collections.abc import Callable

import pytest
from PIL import Image, ImageCms

from builders import CANARY
from builders_icc import NOT_STATED, curve, described, icc
from photoprivacy._plan._icc import clean_profile
from photoprivacy._verify._icc import profile_in

SAMPLE = Image.frombytes("RGB", (48, 48), random.Random(7).randbytes(48 * 48 * 3))
WORD = CANARY[:24]


def xyz(x: float, y: float, z: float) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(struct.pack(">i", round(v * 65536)) for v in (x, y, z))


MATRIX = {
    b"wtpt": xyz(0.9642, 1, 0.8249),
    b"rXYZ": xyz(0.51, 0.29, 0.02),
    b"gXYZ": xyz(0.30, 0.62, 0.09),
    b"bXYZ": xyz(0.15, 0.09, 0.71),
    b"rTRC": curve(b"\x02\x33"),
    b"gTRC": curve(b"\x01\xcd"),
    b"bTRC": b"para" + bytes(4) + struct.pack(">H2x5i", 3, 157286, 62000, 3500, 5000, 2600),
}
NUMBERS = random.Random(3)


def lut(kind: bytes) -> bytes:
    """Return a table from RGB to Lab, of a grid of three points a channel (ICC.1, 10.10-10.12)."""
    grid = 3
    cells = [NUMBERS.randrange(256) for _ in range(grid**3 * 3)]
    matrix = struct.pack(">9i", *(65536 * (n % 4 == 0) for n in range(9)))
    if kind == b"mft1":
        ramp = bytes(range(256)) * 3
        return kind + bytes(4) + bytes((3, 3, grid, 0)) + matrix + ramp + bytes(cells) + ramp
    if kind == b"mft2":
        ramp = struct.pack(">2H", 0, 65535) * 3
        values = struct.pack(f">{len(cells)}H", *(cell * 257 for cell in cells))
        head = kind + bytes(4) + bytes((3, 3, grid, 0)) + matrix + struct.pack(">2H", 2, 2)
        return head + ramp + values + ramp
    gamma = curve(b"\x01\x80") + bytes(2)
    curves = gamma * 3
    values = bytes((grid,) * 3).ljust(16, b"\x00") + b"\x01" + bytes(3) + bytes(cells)
    values += bytes(-len(values) % 4)
    b_at, grid_at = 32, 32 + len(curves)
    a_at = grid_at + len(values)
    offsets = struct.pack(">5I", b_at, 0, 0, grid_at, a_at)
    return kind + bytes(4) + bytes((3, 3, 0, 0)) + offsets + curves + values + curves


def looks(profile: bytes) -> list[bytes]:
    """Return how the sample looks that is meant as *profile* says, by each intent."""
    old = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    seen = []
    for intent in ImageCms.Intent:
        change = ImageCms.buildTransform(
            old, ImageCms.createProfile("sRGB"), "RGB", "RGB", renderingIntent=intent
        )
        image = ImageCms.applyTransform(SAMPLE, change)
        assert image is not None
        seen.append(image.tobytes())
    return seen


def dirty(tags: dict[bytes, bytes], **header: object) -> bytes:
    """Return a profile of *tags* with words in each place that may have some."""
    more = {
        b"desc": described(b"Anna's screen " + WORD),
        b"cprt": b"text" + bytes(4) + WORD,
        b"dmnd": described(WORD),
        b"vcgt": b"vcgt" + bytes(4) + WORD,
        b"leak": WORD,
    }
    fields = {
        "before": WORD[:8], "day": WORD[:12], "maker": WORD, "intent": 0x4C454101,
        "creator": WORD * 2,
    }  # fmt: skip
    padded = {tag: body + WORD for tag, body in tags.items()}
    return icc(more | padded, **(fields | header))  # type: ignore[arg-type]


RGB: dict[str, tuple[dict[bytes, bytes], dict[str, object]]] = {
    "matrix": (MATRIX, {}),
    "matrix, version 4": (MATRIX, {"version": 4}),
    "mft1": ({b"A2B0": lut(b"mft1")}, {"kind": b"prtrRGB Lab "}),
    "mft2": ({b"A2B0": lut(b"mft2")}, {"kind": b"prtrRGB Lab "}),
    "mAB": ({b"A2B0": lut(b"mAB ")}, {"kind": b"prtrRGB Lab ", "version": 4}),
}


@pytest.mark.parametrize("name", RGB)
def test_every_colour_stays_and_no_word(name: str) -> None:
    tags, header = RGB[name]
    old = dirty(tags, **header)
    clean = clean_profile(old + WORD)

    assert WORD in old
    for length in (4, 8, 12):
        assert WORD[:length] not in clean
    assert b"Anna" not in clean
    assert b"A\x00n\x00n\x00a" not in clean
    assert looks(clean) == looks(old)
    assert looks(clean) != looks(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    assert clean_profile(clean) == clean
    assert profile_in(old) == clean


def test_a_clean_profile_has_one_form() -> None:
    clean = clean_profile(dirty(MATRIX))

    assert clean == icc({b"desc": described(b"RGB"), b"cprt": NOT_STATED} | MATRIX, intent=1)


@pytest.mark.parametrize("version", [2, 4])
def test_a_common_profile_keeps_its_name(version: int) -> None:
    old = icc({b"desc": described(b"Display P3")} | MATRIX, version=version)
    said = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(clean_profile(old))))

    assert said.strip() == "Display P3"


def test_names_in_two_bytes_a_letter_are_read() -> None:
    words = "Display P3".encode("utf-16-be")
    name = b"mluc" + bytes(4) + struct.pack(">II4sII", 1, 12, b"deDE", len(words), 28) + words

    assert words in clean_profile(icc({b"desc": name} | MATRIX, version=4))


#: what a tag of no use looks like → how it is made of one that is of use
USELESS: dict[str, Callable[[bytes], bytes]] = {
    "cut short": lambda body: body[:-1],
    "of another type": lambda body: b"leak" + body[4:],
    "empty": lambda _body: b"",
}


@pytest.mark.parametrize("how", USELESS)
@pytest.mark.parametrize("kind", [b"mft1", b"mft2", b"mAB "])
def test_a_tag_that_is_not_what_its_type_says_goes(kind: bytes, how: str) -> None:
    body = USELESS[how](lut(kind).rstrip(b"\x00"))
    old = icc({b"A2B0": body} | MATRIX)

    assert clean_profile(old) == profile_in(old) == clean_profile(icc(MATRIX))


@pytest.mark.parametrize(
    "kind", [b"linkRGB XYZ ", b"abstRGB XYZ ", b"LEAKRGB XYZ ", b"mntrLEAKXYZ ", b"mntrRGB LEAK"]
)
def test_a_profile_that_no_picture_uses_goes(kind: bytes) -> None:
    assert clean_profile(icc(MATRIX, kind=kind)) == profile_in(icc(MATRIX, kind=kind)) == b""


@pytest.mark.parametrize("count", [2**32 - 1, 2**31])
def test_lengths_of_a_tag_take_no_memory(count: int) -> None:
    old = icc(
        {b"rTRC": b"curv" + bytes(4) + struct.pack(">I", count), b"A2B0": b"mft1" + b"\xff" * 60}
    )

    assert clean_profile(old) == profile_in(old) == clean_profile(icc({}))


def test_the_writer_and_the_second_look_agree_on_damaged_ones() -> None:
    choose = random.Random(11)
    sources = [dirty(tags, **header) for tags, header in RGB.values()]
    words = [b"curv", b"para", b"mft1", b"mft2", b"mAB ", b"mBA ", b"desc", b"A2B0", b"XYZ "]
    used = 0
    for _ in range(4000):
        data = bytearray(choose.choice(sources))
        for _ in range(choose.randint(1, 5)):
            at = choose.randrange(min(len(data) - 4, 700))
            number = choose.choice([0, 1, 255, len(data), 2**32 - 1, choose.randrange(len(data))])
            new = choose.choice(
                [bytes((choose.randrange(256),)), number.to_bytes(4, "big"), choose.choice(words)]
            )
            data[at : at + len(new)] = new
        old = bytes(data[: choose.choice([None, choose.randrange(130, len(data))])])
        clean = clean_profile(old)
        used += bool(clean)

        assert profile_in(old) == clean
        assert clean_profile(clean) == clean
    assert used > 1000
