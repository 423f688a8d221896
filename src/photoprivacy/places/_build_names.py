"""Builds the file of names: ``python -m photoprivacy.places._build_names LOCALE_FOLDER``.

The folder is ``usr/share/locale`` of Debian's ``libgeonames-common`` 0.3.0-1, which holds
GeoNames' alternate names (CC BY 4.0) by language; only the data is taken. Names of the table's
own spelling are left out. The same sources give the same bytes.
"""

from __future__ import annotations

import argparse
import gettext
import hashlib
import importlib.resources
from pathlib import Path
from typing import Final

from photoprivacy.places import _names
from photoprivacy.places._loaded import table
from photoprivacy.places._table import population_of

#: language → smallest population. In other scripts nearly every city has another name, so
#: fewer of them fit into the size that the wheel may have.
_LANGUAGES: Final = {
    **dict.fromkeys(("cs", "da", "de", "en", "es", "fi", "fr", "hu"), 50_000),
    **dict.fromkeys(("it", "nl", "pl", "pt", "ro", "sv", "tr"), 50_000),
    **dict.fromkeys(("ar", "el", "he", "ja", "ko", "ru", "uk", "zh"), 200_000),
}
_LONGEST: Final = 60


def main() -> None:
    """Read the source, build the file, and write it into the package."""
    parser = argparse.ArgumentParser(description="Build the file of names.")
    parser.add_argument("locales", type=Path, help="usr/share/locale of libgeonames-common")
    data = _names.pack_names(build(parser.parse_args().locales))
    target = Path(str(importlib.resources.files(_names.__package__ or ""))) / _names.FILE
    target.write_bytes(data)
    print(f"{len(data):,} bytes, sha256 {hashlib.sha256(data).hexdigest()}")  # noqa: T201


def build(locales: Path) -> dict[str, dict[int, str]]:
    """Return language → GeoNames identifier → name."""
    known = table()
    rows = [
        (known.ids[row], known.name(row), population_of(known.size[row]))
        for row in range(len(known.ids))
    ]
    names: dict[str, dict[int, str]] = {}
    for language, floor in _LANGUAGES.items():
        with (locales / language / "LC_MESSAGES/geonames.mo").open("rb") as file:
            told = gettext.GNUTranslations(file)
        names[language] = {}
        for number, own, people in rows:
            name = told.gettext(str(number))
            usable = name != str(number) and name.isprintable() and 0 < len(name) <= _LONGEST
            if people >= floor and usable and name != own:
                names[language][number] = name
    return names


if __name__ == "__main__":
    main()
