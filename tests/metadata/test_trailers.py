"""What stands after the end: Samsung's named entries, vivo's words, rests of longer files."""

from __future__ import annotations

import struct

import pytest

from builders import EOI, jpeg, picture
from builders_png import idat, ihdr, png
from builders_png import picture as png_picture
from photoprivacy import Category, Finding, inspect, strip


def samsung(**entries: bytes) -> bytes:
    """Return a trailer: entries with their names, then SEFH with their places, and SEFT."""
    bodies, rows = b"", []
    for name, data in entries.items():
        body = struct.pack("<HHI", 0, 0x0A01, len(name)) + name.encode() + data
        rows.append((len(bodies), len(body)))
        bodies += body
    table = b"".join(struct.pack("<HHII", 0, 0x0A01, len(bodies) - at, size) for at, size in rows)
    head = b"SEFH" + struct.pack("<II", 107, len(rows)) + table
    return bodies + head + struct.pack("<I", len(head)) + b"SEFT"


def found(tail: bytes) -> dict[str, Finding]:
    source = jpeg(*picture(), end=EOI + tail)
    assert inspect(strip(source).data).findings == ()
    return {one.code: one for one in inspect(source).findings}


def test_entries_of_samsung_are_named() -> None:
    told = found(
        samsung(
            Image_UTC_Data=b"1784046725000",
            MCC_Data=b"204",
            Original_Path_Hash_Key=b"abcdef/12",
            PhotoEditor_Re_Edit_Data=b'{"originalPath":"/data/ada/1.jpg"}',
            SoundShot_000=b"RIFF" + bytes(400),
            Ada_Example=b"who knows",
        )
    )

    assert told["maker.samsung.time"].category is Category.TIME
    assert told["maker.samsung.country"].category is Category.LOCATION
    assert told["trailer.samsung.path"].category is Category.TRACKING
    assert told["trailer.samsung.edits"].value == '{"originalPath":"/data/ada/1.jpg"}'
    assert told["trailer.samsung.sound"].category is Category.AUDIO
    assert told["trailer.samsung.other"].category is Category.TRAILER
    assert not any("ada" in code.lower() for code in told)


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_damaged_trailer_is_a_trailer_still(cut: int) -> None:
    whole = samsung(Image_UTC_Data=b"1784046725000")

    for tail in (whole[cut:], whole[:-cut]):
        assert any(code.startswith("trailer.") for code in found(tail))


def test_places_that_lie_are_passed_over() -> None:
    entry = struct.pack("<HHI", 0, 0x0A01, 4) + b"NameWords"
    lies = (2**32 - 1, 2**32 - 1), (9, 9), (len(entry), 4), (len(entry), 500)
    table = b"".join(struct.pack("<HHII", 0, 1, back, size) for back, size in lies)
    head = b"SEFH" + struct.pack("<II", 107, 2**32 - 1) + table

    told = found(entry + head + struct.pack("<I", len(head)) + b"SEFT")
    assert set(told) == {"trailer.samsung-trailer"}


def test_words_of_a_vivo_phone_are_shown() -> None:
    one = found(b'vivo{"filter":"none","model":"V1"}\x00' + bytes(20))["trailer.vivo.words"]

    assert one.value == 'vivo{"filter":"none","model":"V1"}'


def test_the_rest_of_a_longer_png_hides_pixels() -> None:
    longer = png(ihdr(), idat())
    source = png_picture() + longer[-40:]

    [one] = [f for f in inspect(source).findings if f.code == "hidden-pixels.after-end"]
    assert one.category is Category.HIDDEN_PIXELS
    assert inspect(strip(source).data).findings == ()
    plain = {f.code for f in inspect(png_picture() + b"a few words").findings}
    assert "hidden-pixels.after-end" not in plain
    assert plain
