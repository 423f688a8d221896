"""Tags of a page that stays: of the type and the number of values that TIFF 6.0 gives them."""

from __future__ import annotations

import struct

import attrs
import pytest

from builders import CANARY
from builders_tiff import PIXELS, Tags, page, tiff
from photoprivacy import CannotStrip, PhotoPrivacyError, Policy, VerificationFailed, inspect, strip
from photoprivacy._plan import Rule, _tiff_tags
from photoprivacy._plan._tiff_tags import KEEP, Row
from photoprivacy.policy import RENDERING, Category

EVERYTHING = Policy(keep=RENDERING | {Category.RESOLUTION})
ALWAYS = Row(
    rule=Rule(category=None, reason="widened on purpose"),
    types=range(20),
    counts=lambda _page: range(400_000, 0, -1),
)
FORMS = [("<", False), (">", False), ("<", True), (">", True)]

PALETTE: Tags = {262: (3, 3), 320: (3, tuple(range(768)))}
RGB: Tags = {262: (3, 2), 277: (3, 3), 258: (3, (8, 8, 8)), 256: (4, 1)}
INKS: Tags = {262: (3, 5), 277: (3, 4), 258: (3, (8, 8, 8, 8)), 256: (4, 1)}
YCC: Tags = {**RGB, 262: (3, 6), 530: (3, (1, 1))}
#: tag → a page in which it means something, and a value as it should be
GOOD: dict[int, tuple[Tags, tuple[int, object]]] = {
    258: (RGB, (3, (8, 8, 8))),
    266: ({}, (3, 2)),
    274: ({}, (3, 6)),
    282: ({}, (5, (300, 1))),
    283: ({}, (5, (300, 1))),
    284: ({}, (3, 1)),
    290: ({}, (3, 2)),
    291: ({}, (3, tuple(range(256)))),
    292: ({259: (3, 3), 258: (3, 1)}, (4, 1)),
    293: ({259: (3, 4), 258: (3, 1)}, (4, 0)),
    296: ({}, (3, 2)),
    301: ({}, (3, tuple(range(256)))),
    317: ({}, (3, 1)),
    318: ({}, (5, (3127, 10000, 3290, 10000))),
    319: ({}, (5, tuple(range(1, 13)))),
    320: (PALETTE, PALETTE[320]),
    332: (INKS, (3, 1)),
    334: (INKS, (3, 4)),
    336: (INKS, (1, (0, 255))),
    338: ({**RGB, 277: (3, 4), 258: (3, (8,) * 4)}, (3, 2)),
    339: (RGB, (3, (1, 1, 1))),
    529: (YCC, (5, (299, 1000, 587, 1000, 114, 1000))),
    530: (YCC, (3, (1, 1))),
    531: (YCC, (3, 1)),
    532: (YCC, (5, (0, 1, 255, 1, 128, 1, 255, 1, 128, 1, 255, 1))),
}
#: those without which the pixels would be others: refused, where they are of another form
NEEDED = {258, 266, 284, 292, 293, 320, 338, 339, 529, 530, 532}
IN_ALL = sorted(KEEP.keys() - {254, 256, 257, 259, 262, 277, 278, 322, 323, 347, 34675})


def made(tag: int, value: tuple[int, object], **form: object) -> bytes:
    tags = GOOD[tag][0]
    return tiff(page(more={**tags, tag: value}), **form)  # type: ignore[arg-type]


def test_every_tag_that_may_stay_is_tried() -> None:
    assert sorted(GOOD) == IN_ALL
    assert len(GOOD) == 25


@pytest.mark.parametrize(("order", "big"), FORMS)
@pytest.mark.parametrize("tag", GOOD)
def test_a_tag_as_it_should_be_stays(tag: int, order: str, big: bool) -> None:  # noqa: FBT001
    data = made(tag, GOOD[tag][1], order=order, big=big)
    with_it = strip(data, EVERYTHING).data
    if tag not in NEEDED:
        without = strip(tiff(page(more=GOOD[tag][0]), order=order, big=big), EVERYTHING).data
        assert with_it != without
    assert struct.pack(f"{order}HH", tag, GOOD[tag][1][0]) in with_it
    assert strip(with_it, EVERYTHING).data == with_it


def wrong() -> list[tuple[int, object]]:
    """Return values that no tag may have."""
    long = (CANARY * 40)[:960]
    many = struct.unpack("<480H", long)
    return [
        (2, CANARY + b"\0"), (2, long), (7, long), (12, long), (3, many), (1, long), (4, many[:96]),
        (5, many[:96]), (3, many[:7]), (16, many[:3]),
    ]  # fmt: skip


@pytest.mark.parametrize("tag", GOOD)
def test_a_tag_of_another_form_goes_or_its_file_is_refused(tag: int) -> None:
    refused = gone = 0
    for value in wrong():
        data = made(tag, value)
        if tag in NEEDED:
            # The picture may have changed with the value: what matters is that no word stays.
            try:
                clean = strip(data, EVERYTHING).data
            except VerificationFailed:
                raise
            except PhotoPrivacyError:
                refused += 1
                continue
        else:
            clean = strip(data, EVERYTHING).data
        gone += 1
        assert CANARY[:4] not in clean
        assert b"\0".join(bytes((one,)) for one in CANARY[:6]) not in clean
        assert not inspect(clean).violations(EVERYTHING)
        assert strip(clean, EVERYTHING).data == clean
    assert refused + gone == len(wrong()) == 10
    assert (refused >= 5) == (tag in NEEDED)


@pytest.mark.parametrize(
    ("tag", "where"),
    [
        (320, {}), (320, RGB), (291, PALETTE), (290, PALETTE), (292, {}), (293, {}), (332, {}),
        (334, RGB), (336, RGB), (530, {}), (531, RGB), (322, {}), (347, {}),
    ],
)  # fmt: skip
def test_a_tag_that_means_nothing_in_such_a_page_goes(tag: int, where: Tags) -> None:
    bare = strip(tiff(page(more=where))).data
    for value in ((2, CANARY + b"\0"), (3, tuple(range(768))), (3, 1), (4, 4)):
        assert strip(tiff(page(more={**where, tag: value}))).data == bare


def test_further_values_that_decoders_pass_over_go() -> None:
    bare = strip(tiff()).data
    several = struct.unpack("<12H", CANARY[:24])
    for tag, first in ((256, 4), (257, 4), (262, 1), (277, 1), (278, 4), (284, 1)):
        # libtiff passes over such a tag, and others over its further values.
        with pytest.raises(CannotStrip, match=f"tag {tag}"):
            strip(tiff(page(more={tag: (3, (first, *several))})))
    for tag, first in ((258, 8), (259, 1)):
        data = tiff(page(more={tag: (3, (first, *several))}))
        same = strip(tiff(page(more={tag: (3, first)}))).data
        assert strip(data).data == same
    assert strip(tiff(page(more={339: (3, (1, *several))}))).data != bare
    assert strip(tiff(page(more={274: (3, (1, *several))}))).data == bare


def test_a_page_that_says_twice_how_its_pixels_are_stored_is_refused() -> None:
    """Of two tags, libtiff takes the first, and Pillow the last."""
    data = tiff(page(more={262: (3, 1), 263: (3, 0)}))
    row = struct.pack("<HHI", 263, 3, 1)
    twice = data.replace(row, struct.pack("<HHI", 262, 3, 1))
    assert strip(data).data == strip(tiff(page(more={262: (3, 1)}))).data
    assert twice != data
    with pytest.raises(CannotStrip, match="twice"):
        strip(twice)
    # One without a value is none.
    empty = data.replace(row, struct.pack("<HHI", 262, 3, 0))
    assert strip(empty).data == strip(data).data
    first = data.replace(struct.pack("<HHI", 262, 3, 1), struct.pack("<HHI", 262, 3, 0))
    first = first.replace(row + struct.pack("<I", 0), struct.pack("<HHII", 262, 3, 1, 1))
    assert strip(first).data == strip(data).data


def test_the_bits_of_every_sample_may_be_said_once() -> None:
    data = tiff(page(PIXELS[:12], more={**RGB, 258: (3, 8)}))
    assert strip(data).data
    with pytest.raises(CannotStrip, match="tag 258"):
        strip(tiff(page(PIXELS[:12], more={**RGB, 258: (3, (8, 8))})))


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        (320, (3, tuple(range(767)))), (320, (3, tuple(range(769)))), (320, (4, tuple(range(768)))),
        (320, (3, tuple(range(48)))), (320, (2, bytes(768))),
    ],
)  # fmt: skip
def test_a_palette_has_a_colour_for_each_value_of_a_pixel(
    tag: int, value: tuple[int, object]
) -> None:
    with pytest.raises(CannotStrip, match="tag 320"):
        strip(tiff(page(more={**PALETTE, tag: value})))


def test_tables_for_samples_of_more_than_sixteen_bits_go() -> None:
    for tag in (291, 301):
        deep: Tags = {258: (3, 32), 256: (4, 1)}
        bare = strip(tiff(page(more=deep))).data
        assert strip(tiff(page(more={**deep, tag: (3, tuple(range(256)))}))).data == bare


# Rules widened on purpose -----------------------------------------------------------------


@pytest.mark.parametrize("tag", GOOD)
def test_a_tag_of_any_form_that_stays_by_mistake(tag: int, monkeypatch: pytest.MonkeyPatch) -> None:
    tripped = 0
    widened = attrs.evolve(ALWAYS, rule=KEEP[tag].rule)
    monkeypatch.setitem(_tiff_tags.KEEP, tag, widened)
    for value in wrong():
        try:
            strip(made(tag, value), EVERYTHING)
        except VerificationFailed:
            tripped += 1
        except PhotoPrivacyError:
            # Some numbers say that there is another picture, which is not there.
            assert tag in {258, 284, 530}
        else:
            pytest.fail("a tag of another form stayed")
    assert tripped + 10 * (tag in {258, 284, 530}) >= 10


@pytest.mark.parametrize("tag", sorted(NEEDED - {258, 284, 530}))
def test_a_tag_that_the_pixels_need_and_that_goes_by_mistake(
    tag: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = attrs.evolve(KEEP[tag], needed=lambda _page: False)
    data = made(tag, (2, CANARY + b"\0"))
    with pytest.raises(CannotStrip, match=f"tag {tag}"):
        strip(data)
    monkeypatch.setitem(_tiff_tags.KEEP, tag, row)
    with pytest.raises(VerificationFailed):
        strip(data)
    # Nor may it go where it is as it should be.
    monkeypatch.setitem(_tiff_tags.KEEP, tag, attrs.evolve(row, when=lambda _page: False))
    with pytest.raises(VerificationFailed):
        strip(made(tag, GOOD[tag][1]))


@pytest.mark.parametrize(
    ("tag", "where"), [(320, RGB), (291, PALETTE), (530, {}), (336, RGB), (292, {}), (334, {})]
)
def test_a_tag_that_stays_by_mistake_where_it_means_nothing(
    tag: int, where: Tags, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tiff(page(more={**where, tag: (3, 1)}))
    strip(data)
    monkeypatch.setitem(_tiff_tags.KEEP, tag, ALWAYS)
    with pytest.raises(VerificationFailed):
        strip(data)
