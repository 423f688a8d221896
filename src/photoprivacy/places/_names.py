"""Names of places in other languages: countries by babel, large cities from a file.

File: magic "PPNAMES1", sha256 of the rest, xz of JSON: language → [GeoNames identifiers as
differences, names]. Names that are the table's own are not in it.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
import itertools
import json
import lzma
from typing import Final

import attrs

from photoprivacy.errors import MissingExtra, PlaceError

FILE: Final = "_data/names.bin"
_MAGIC: Final = b"PPNAMES1"


@attrs.frozen
class Names:
    """Names in one language. What it does not know keeps its local name, never none.

    Attributes:
        countries: ISO code → name.
        cities: GeoNames identifier → name.
    """

    countries: dict[str, str] = attrs.field(repr=False)
    cities: dict[int, str] = attrs.field(repr=False)

    @classmethod
    def of(cls, language: str) -> Names:
        """Return the names in *language*, such as ``"de"`` or ``"pt-BR"``.

        Raises:
            MissingExtra: babel is not installed.
            ValueError: babel knows no such language.
            PlaceError: The file of names is missing or damaged.
        """
        try:
            import babel
        except ImportError:
            raise MissingExtra("i18n") from None
        try:
            locale = babel.Locale.parse(language.replace("_", "-"), sep="-")
        except (ValueError, TypeError, babel.UnknownLocaleError):
            raise ValueError("language is one that babel knows, such as 'de' or 'pt-BR'") from None
        countries = {code: name for code, name in locale.territories.items() if name}
        return cls(countries, _cities().get(locale.language, {}))


def languages() -> tuple[str, ...]:
    """Return the languages in which large cities have names of their own.

    Raises:
        PlaceError: The file of names is missing or damaged.
    """
    return tuple(sorted(_cities()))


@functools.cache
def _cities() -> dict[str, dict[int, str]]:
    try:
        data = importlib.resources.files(__package__ or "").joinpath(FILE).read_bytes()
    except OSError:
        raise PlaceError("the file of names is missing; install the package again") from None
    return unpack_names(data)


def pack_names(names: dict[str, dict[int, str]]) -> bytes:
    """Return the file of *names*: language → identifier → name."""
    plain = {}
    for language, cities in sorted(names.items()):
        ids = sorted(cities)
        steps = [later - one for one, later in itertools.pairwise([0, *ids])]
        plain[language] = [steps, [cities[one] for one in ids]]
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
    body = lzma.compress(text, preset=9 | lzma.PRESET_EXTREME)
    return _MAGIC + hashlib.sha256(body).digest() + body


def unpack_names(data: bytes) -> dict[str, dict[int, str]]:
    """Return language → identifier → name.

    Raises:
        PlaceError: The file is damaged.
    """
    body = data[40:]
    if data[:8] != _MAGIC or hashlib.sha256(body).digest() != data[8:40]:
        raise PlaceError("the file of names is damaged; install the package again")
    plain = json.loads(lzma.decompress(body))
    return {
        language: dict(zip(itertools.accumulate(steps), names, strict=True))
        for language, (steps, names) in plain.items()
    }
