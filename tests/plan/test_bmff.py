"""Clean HEIC and AVIF: what stands beside the picture goes, and no kept byte moves."""

from __future__ import annotations

import pytest

from photoprivacy import CannotStrip, MalformedImage, Policy, inspect, strip
from photoprivacy.testing import sample_photo

FORMATS = ("heic", "avif")


@pytest.mark.parametrize("kind", FORMATS)
def test_a_sample_is_clean_afterwards_and_as_long_as_before(kind: str) -> None:
    data = sample_photo(format=kind)
    clean = strip(data)

    assert inspect(data).violations()
    assert not inspect(clean.data).violations()
    assert len(clean.data) == len(data)
    assert clean.residue
    assert strip(clean.data).data == clean.data


@pytest.mark.parametrize("kind", FORMATS)
def test_text_among_the_brands_is_gone(kind: str) -> None:
    data = bytearray(sample_photo(format=kind))
    data[16:20] = b"LEAK"

    assert b"LEAK" not in strip(bytes(data)).data


@pytest.mark.parametrize("kind", FORMATS)
def test_an_unknown_major_brand_is_refused(kind: str) -> None:
    data = bytearray(sample_photo(format=kind))
    data[8:12] = b"LEAK"
    try:
        clean = strip(bytes(data)).data
    except (CannotStrip, ValueError):
        return

    assert b"LEAK" not in clean


@pytest.mark.parametrize("kind", FORMATS)
def test_boxes_behind_the_picture_are_cut(kind: str) -> None:
    data = sample_photo(format=kind)
    tail = b"\x00\x00\x00\x18udtaLEAKCANARY-52.37"

    assert strip(data + tail).data == strip(data).data


@pytest.mark.parametrize("kind", FORMATS)
def test_an_item_that_points_past_the_end_is_refused(kind: str) -> None:
    data = sample_photo(format=kind)

    with pytest.raises(MalformedImage):
        strip(data[:-30])


@pytest.mark.parametrize("kind", FORMATS)
def test_what_cannot_be_written_is_refused_and_not_dropped_in_silence(kind: str) -> None:
    with pytest.raises(CannotStrip):
        strip(sample_photo(format=kind), Policy.PUBLISH)
