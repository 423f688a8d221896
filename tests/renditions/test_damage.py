"""Damaged pictures: a typed error, whatever the decoder raises."""

from __future__ import annotations

import contextlib

import pytest

from photoprivacy.errors import MalformedImage, PhotoPrivacyError
from photoprivacy.renditions import render
from photoprivacy.testing import sample_photo


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "heic", "avif"])
def test_a_damaged_picture_is_a_typed_error_or_a_picture(kind: str) -> None:
    data = sample_photo(format=kind)
    failed = 0
    for at in range(20, min(len(data), 1200), 7):
        damaged = bytearray(data)
        damaged[at] ^= 0x93
        try:
            assert render(bytes(damaged), size=40)
        except PhotoPrivacyError:
            failed += 1

    assert failed


def test_a_heic_property_that_a_decoder_stumbles_over_is_malformed() -> None:
    data = bytearray(sample_photo(format="heic"))
    data[405] = 132
    with contextlib.suppress(MalformedImage):
        assert render(bytes(data), size=40)
