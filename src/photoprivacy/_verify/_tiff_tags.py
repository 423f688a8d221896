"""What a clean page may say, as the second pair of eyes reads TIFF 6.0."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import Final

import attrs

from photoprivacy._verify._model import refuse
from photoprivacy._verify._tiff_file import Fields, File
from photoprivacy.policy import Category

#: tags a clean page may have → category that must be allowed; None: always
MAY: Final = {
    **dict.fromkeys((254, 256, 257, 258, 259, 262, 266, 277, 278, 284, 290, 291, 292, 293), None),
    **dict.fromkeys((317, 320, 322, 323, 332, 334, 336, 338, 339, 347, 530, 531), None),
    **dict.fromkeys((301, 318, 319, 529, 532, 34675), Category.COLOR),
    **dict.fromkeys((282, 283, 296), Category.RESOLUTION),
    274: Category.ORIENTATION,
}
#: those that are read of a source: where pixels are, and which page is a smaller one, as well
READ: Final = frozenset({*MAY, 255, 273, 279, 324, 325})


@attrs.frozen(kw_only=True)
class Facts:
    """What decides which tags mean something: tiles, coding, samples, their bits and meaning."""

    tiled: bool
    coding: int
    samples: int
    deep: int
    meaning: int


def facts_of(file: File, page: Fields) -> Facts:
    """Return what a page is like."""
    return Facts(
        tiled=324 in page,
        coding=file.first(page, 259, 1),
        samples=file.first(page, 277, 1),
        deep=file.first(page, 258, 1),
        meaning=file.first(page, 262, 1),
    )


#: tag → pages in which it means something
_IN: Final[dict[int, Callable[[Facts], bool]]] = {
    278: lambda page: not page.tiled,
    322: lambda page: page.tiled,
    323: lambda page: page.tiled,
    292: lambda page: page.coding == 3,
    293: lambda page: page.coding == 4,
    347: lambda page: page.coding == 7,
    290: lambda page: page.meaning < 2,
    291: lambda page: page.meaning < 2,
    320: lambda page: page.meaning == 3,
    332: lambda page: page.meaning == 5,
    334: lambda page: page.meaning == 5,
    336: lambda page: page.meaning == 5,
    530: lambda page: page.meaning == 6,
    531: lambda page: page.meaning == 6,
}
#: tag → what its numbers may be, where not everything
_VALUES: Final[dict[int, Container[int]]] = {
    258: range(1, 65),
    266: {1, 2},
    274: {2, 3, 4, 5, 6, 7, 8},
    284: {1, 2},
    290: {1, 2, 3, 4, 5},
    292: range(8),
    293: range(4),
    296: {1, 2, 3},
    317: {1, 2, 3},
    332: {1, 2},
    334: range(1, 65),
    338: {0, 1, 2, 999},
    339: {1, 2, 3, 4, 5, 6},
    530: {1, 2, 4},
    531: {1, 2},
}
#: tag → types, where they are not those of whole numbers
_TYPES: Final[dict[int, Container[int]]] = {
    **dict.fromkeys((282, 283, 318, 319, 529), (5,)),
    **dict.fromkeys((291, 301, 320), (3,)),
    336: {1, 3},
    347: {1, 7},
    532: {4, 5},
    34675: range(256),
}
_INTEGERS: Final = (1, 3, 4, 16)
#: tags of which decoders take the first values, and pass over further ones
_FIRST: Final = frozenset({254, 258, 259, 274, 339, 34675})
#: tags without which pixels look otherwise, and always mean something where they are
_MUST: Final = frozenset(
    {256, 257, 258, 259, 262, 266, 277, 278, 284, 292, 293, 320, 322, 323, 338, 339, 347, 530}
)


def _counts(tag: int, page: Facts) -> Sequence[int]:
    """Return how many values a tag may have in such a page, the most last."""
    one = 1 << page.deep if page.deep <= 16 else 0
    return {
        258: (1, page.samples),
        291: (one,),
        301: (one, 3 * one),
        318: (2,),
        319: (6,),
        320: (3 * one,),
        336: (2, 2 * page.samples),
        338: range(1, page.samples + 1),
        339: (1, page.samples),
        347: range(1, 65537),
        529: (3,),
        530: (2,),
        532: (6, 2 * page.samples),
        34675: range(1, (1 << 26) + 1),
    }.get(tag, (1,))


def left(file: File, page: Fields, tag: int, facts: Facts) -> int:
    """Return how many values of a page's *tag* a clean page has, 0 for no such tag.

    Raises:
        Unclean: The picture needs it, and it is not as it must be.
    """
    if tag in _IN and not _IN[tag](facts):
        return 0
    kind, count, value = page[tag]
    counts = _counts(tag, facts)
    if tag in _FIRST:
        count = min(count, counts[-1])
    good = kind in _TYPES.get(tag, _INTEGERS) and count in counts
    if good and tag in _VALUES:
        numbers = file.numbers((kind, count, value))[:count]
        good = all(number in _VALUES[tag] for number in numbers)
    if good:
        return count
    if tag in _MUST or _decides(tag, facts):
        refuse("a page that says how its pixels are stored in a way that may not be", 0)
    return 0


def _decides(tag: int, facts: Facts) -> bool:
    """Return whether decoders see other pixels without a *tag* in such a page alone."""
    if tag == 317:
        return facts.coding in (5, 8, 32946, 34925, 50000)
    return facts.meaning == 6 and tag in (529, 532)
