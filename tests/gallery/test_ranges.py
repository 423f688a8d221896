"""Which part of a file a request asks for."""

from __future__ import annotations

import pytest

from photoprivacy.gallery._ranges import Unsatisfiable, matches, wanted

TAG = '"abc"'


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-9", (0, 10)),
        ("bytes=90-", (90, 100)),
        ("bytes=-10", (90, 100)),
        ("bytes=-500", (0, 100)),
        ("bytes=50-5000", (50, 100)),
        ("Bytes=0-0", (0, 1)),
        ("bytes=0-1,5-6", None),
        ("bytes=9-5", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("lines=0-9", None),
        ("bytes=" + "0-0," * 1000 + "1-1", None),
        ("", None),
    ],
)
def test_one_range_is_served_and_anything_odd_is_the_whole_file(
    header: str, part: tuple[int, int] | None
) -> None:
    assert wanted({"range": header}, TAG, 100) == part


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        wanted({"range": header}, TAG, 100)


@pytest.mark.parametrize(
    ("condition", "served"),
    [(TAG, True), ('"old"', False), ('W/"abc"', False), ("Tue, 24 Nov 2026 00:00:00 GMT", False)],
)
def test_a_range_of_an_older_file_is_not_mixed_with_this_one(
    condition: str, *, served: bool
) -> None:
    part = wanted({"range": "bytes=0-9", "if-range": condition}, TAG, 100)
    assert part == ((0, 10) if served else None)


@pytest.mark.parametrize(
    ("header", "same"),
    [
        (TAG, True),
        ('W/"abc"', True),
        ('"x", "abc"', True),
        ("*", True),
        ('"x"', False),
        ("abc", False),
        ("", False),
        (None, False),
    ],
)
def test_a_browser_that_has_the_file_is_not_sent_it_again(
    header: str | None, *, same: bool
) -> None:
    assert matches(header, TAG) is same
