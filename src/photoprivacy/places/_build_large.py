"""Names of countries and large towns, by which file names tell where photos were taken.

    python -m photoprivacy.places._build_large

writes ``photoprivacy/_large_places.txt`` from the table of places: a name a line. Those that are
words of their own (Nice, Reading) are left out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from photoprivacy.places._loaded import table
from photoprivacy.places._table import population_of

#: people from whom on a town's name is looked for, and letters
_LARGE: Final = 250_000
_SHORTEST: Final = 4
#: names that file names have for other reasons
_WORDS: Final = frozenset(
    {"best", "bath", "essen", "gent", "male", "mesa", "most", "nada", "nice", "oral", "palu"}
    | {"pest", "reading", "sari", "split", "tete", "mobile", "lens", "orange", "victoria"}
)


def names() -> list[str]:
    """Return the names in small letters, in order."""
    known = table()
    towns = {
        known.name(row)
        for row in range(len(known.ids))
        if known.parents[row] == -1 and population_of(known.size[row]) >= _LARGE
    }
    found = {name.casefold() for name in towns | {name for _, name in known.countries}}
    found |= {name.removesuffix(" city") for name in found}  # New York
    return sorted(name for name in found - _WORDS if len(name) >= _SHORTEST)


if __name__ == "__main__":
    target = Path(__file__).parent.parent / "_large_places.txt"
    target.write_text("\n".join(names()) + "\n", encoding="utf-8")
