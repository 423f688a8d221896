"""Searches that go a stretch at a time find what one search over the whole would."""

from __future__ import annotations

import importlib
import re

import pytest

from photoprivacy import strip
from photoprivacy._verify import _jpeg_source
from photoprivacy.containers import parse
from photoprivacy.limits import Limits
from photoprivacy.testing import assert_clean, sample_photo

#: Its package has a function of that name.
_jpeg = importlib.import_module("photoprivacy.containers._jpeg")
PAIR = re.compile(rb"\xff[^\x00]")


@pytest.mark.parametrize("stretch", [1, 2, 3, 5, 64])
def test_a_pair_is_found_wherever_stretches_end(
    stretch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_jpeg, "_STRETCH", stretch)
    monkeypatch.setattr(_jpeg_source, "_AT_ONCE", stretch)
    for before in range(2 * stretch + 2):
        for data in (bytes(before) + b"\xff\xd9", b"\xff\x00" * before + b"\xff", bytes(before)):
            for start in range(len(data) + 2):
                whole = PAIR.search(data, start)
                expected = None if whole is None else whole.span()
                for found in (_jpeg._found, _jpeg_source.first_of):
                    match = found(PAIR, data, start)
                    assert (None if match is None else match.span()) == expected


def test_a_photo_is_the_same_in_short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    data = sample_photo()
    segments, clean = parse(data, Limits()).segments, strip(data).data
    monkeypatch.setattr(_jpeg, "_STRETCH", 7)
    monkeypatch.setattr(_jpeg_source, "_AT_ONCE", 11)

    assert parse(data, Limits()).segments == segments
    assert strip(data).data == clean
    assert_clean(clean)
