"""Which tags of a page may stay, of which types, and with how many values (TIFF 6.0).

A tag of another form goes where decoders pass over it. Where they do not, the file is refused:
without the tag they would see other pixels, and with it whatever stands there would stay.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final

import attrs

from photoprivacy._plan._model import Rule
from photoprivacy.containers import _tiff_tags as tags
from photoprivacy.containers._tiff import Field
from photoprivacy.containers._tiff_parts import Layout
from photoprivacy.policy import Category

_BYTE, _SHORT, _LONG, _RATIONAL, _UNDEFINED, _LONG8 = 1, 3, 4, 5, 7, 16
_NUMBERS: Final = frozenset({_BYTE, _SHORT, _LONG, _LONG8})
_SHORTS: Final = frozenset({_SHORT})
_RATIONALS: Final = frozenset({_RATIONAL})
_OCTETS: Final = frozenset({_BYTE, _UNDEFINED})
_ANY: Final = frozenset(tags.WIDTHS)
#: codings that store differences where tag 317 says so (14)
_PREDICTED: Final = frozenset({5, *tags.INFLATED, 50000})
#: bits of a sample beyond which there are no tables of what each value means
_DEEPEST: Final = 16

_Counts = Callable[[Layout], Sequence[int]]
_In = Callable[[Layout], bool]


def _always(_page: Layout) -> bool:
    return True


def _never(_page: Layout) -> bool:
    return False


def _of(*kinds: int) -> _In:
    """Return whether the samples of a page mean one of these (3, PhotometricInterpretation)."""
    return lambda page: page.photometric in kinds


def _coded(*codings: int) -> _In:
    return lambda page: page.coding in codings


def _one(_page: Layout) -> Sequence[int]:
    return (1,)


def _exactly(count: int) -> _Counts:
    return lambda _page: (count,)


def _at_most(count: int) -> _Counts:
    return lambda _page: range(count, 0, -1)


def _tables(*numbers: int) -> _Counts:
    """Return so many tables, or so many, of one value for each that a sample can have."""
    return lambda page: [n << page.bits for n in numbers] if page.bits <= _DEEPEST else ()


def _for_all(page: Layout) -> Sequence[int]:
    return page.samples, 1


def _for_some(page: Layout) -> Sequence[int]:
    return range(page.samples, 0, -1)


def _pairs(fewest: int) -> _Counts:
    """Return a pair for each sample, or as many as libtiff has."""
    return lambda page: (2 * page.samples, fewest)


@attrs.frozen(kw_only=True)
class Row:
    """How a tag may be.

    Attributes:
        rule: Why it may stay, and with which category.
        types: Types that it may have.
        counts: How many values it may have in such a page, the most first.
        cut: Whether decoders pass over what stands behind the most, and not over the tag.
        values: What its numbers may be, ``None`` for anything.
        when: In which pages it means something; in others it goes.
        needed: In which pages decoders see other pixels without it.
    """

    rule: Rule
    types: Collection[int] = _NUMBERS
    counts: _Counts = _one
    cut: bool = False
    values: Collection[int] | None = None
    when: _In = _always
    needed: _In = _never

    def room(self, field: Field, page: Layout) -> int:
        """Return how many values of *field* may stay in such a *page*, 0 for none."""
        counts = self.counts(page)
        if field.type not in self.types or not counts:
            return 0
        if field.count in counts:
            return field.count
        return counts[0] if self.cut and field.count > counts[0] else 0


def _rule(reason: str, category: Category | None = None) -> Rule:
    return Rule(category=category, reason=reason)


def _number(reason: str, values: Collection[int] | None = None, when: _In = _always) -> Row:
    """Return the row of a number that says how pixels are stored."""
    return Row(rule=_rule(reason), values=values, when=when, needed=when)


def _option(
    reason: str, values: Collection[int], when: _In = _always, category: Category | None = None
) -> Row:
    """Return the row of a number that decoders can do without."""
    return Row(rule=_rule(reason, category), values=values, when=when)


def _rationals(reason: str, counts: _Counts, category: Category, needed: _In = _never) -> Row:
    rule = _rule(reason, category)
    return Row(rule=rule, types=_RATIONALS, counts=counts, needed=needed)


_COLORS, _DOTS = Category.COLOR, Category.RESOLUTION
#: tag → how it may be. Clauses of TIFF 6.0.
KEEP: Final[dict[int, Row]] = {
    254: Row(rule=_rule("page, or mask of another (8, NewSubfileType)"), cut=True),
    256: _number("width (3)"),
    257: _number("height (3)"),
    258: attrs.evolve(_number("bits a sample (8)", range(1, 65)), counts=_for_all, cut=True),
    259: attrs.evolve(_number("compression (3)"), cut=True),  # TIFF 4: one for each sample
    262: _number("what samples mean (3)"),
    266: _number("order of bits (8)", (1, 2)),
    274: attrs.evolve(
        _option("which side is up (8)", range(2, 9), category=Category.ORIENTATION), cut=True
    ),
    277: _number("samples a pixel (8)"),
    278: _number("rows a strip (8)", when=lambda page: not page.tiled),
    282: _rationals("resolution (8)", _one, _DOTS),
    283: _rationals("resolution (8)", _one, _DOTS),
    284: _number("planes (8)", (1, 2)),
    290: _option("unit of a curve of grays (8)", range(1, 6), _of(0, 1)),
    291: Row(
        rule=_rule("curve of grays (8)"), types=_SHORTS, counts=_tables(1), when=_of(0, 1)
    ),
    292: _number("options of T.4 (11)", range(8), _coded(3)),
    293: _number("options of T.6 (11)", range(4), _coded(4)),
    296: _option("unit of resolution (8)", (1, 2, 3), category=_DOTS),
    301: Row(
        rule=_rule("transfer function (20)", _COLORS), types=_SHORTS, counts=_tables(3, 1)
    ),
    317: attrs.evolve(_number("differences (14)", (1, 2, 3)), needed=_coded(*_PREDICTED)),
    318: _rationals("white (20)", _exactly(2), _COLORS),
    319: _rationals("primaries (20)", _exactly(6), _COLORS),
    320: Row(
        rule=_rule("table of colours (5)"), types=_SHORTS, counts=_tables(3), when=_of(3),
        needed=_of(3),
    ),
    322: _number("width of tiles (15)", when=lambda page: page.tiled),
    323: _number("height of tiles (15)", when=lambda page: page.tiled),
    332: _option("inks (16)", (1, 2), _of(5)),
    334: _option("number of inks (16)", range(1, 65), _of(5)),
    336: Row(rule=_rule("dots (16)"), types={_BYTE, _SHORT}, counts=_pairs(2), when=_of(5)),
    338: Row(
        rule=_rule("what further samples mean (18)"), counts=_for_some, needed=_always,
        values=(0, 1, 2, 999),  # Corel's number of a transparency, as libtiff knows it
    ),
    339: attrs.evolve(
        _number("integer or floating point (19)", range(1, 7)), counts=_for_all, cut=True
    ),
    347: Row(
        rule=_rule("tables of JPEG (technical note 2); rebuilt"), types=_OCTETS,
        counts=_at_most(65536), when=_coded(7), needed=_coded(7),
    ),
    529: _rationals("coefficients of YCbCr (21)", _exactly(3), _COLORS, needed=_of(6)),
    530: attrs.evolve(_number("subsampling (21)", (1, 2, 4), _of(6)), counts=_exactly(2)),
    531: _option("where colour samples are (21)", (1, 2), _of(6)),
    532: attrs.evolve(
        _rationals("black and white (20)", _pairs(6), _COLORS, needed=_of(6)),
        types={_LONG, _RATIONAL},
    ),
    34675: Row(
        rule=_rule("colour profile (technical note on ICC); rebuilt", _COLORS), types=_ANY,
        counts=_at_most(1 << 26), cut=True,
    ),
}  # fmt: skip
