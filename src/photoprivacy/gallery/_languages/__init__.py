"""The languages of the recipient's page: one file each, found by being here."""

from __future__ import annotations

import importlib
import os
from typing import Final

from photoprivacy.gallery._languages._language import SCRIPTED, Language, Message

__all__ = ["LANGUAGES", "SCRIPTED", "Language", "Message", "chosen", "named"]

#: More wishes than a browser sends are not read.
_MOST: Final = 32


def _found() -> dict[str, Language]:
    here = os.path.dirname(os.path.abspath(__file__))
    names = sorted(
        name[:-3] for name in os.listdir(here) if name.endswith(".py") and name[0] != "_"
    )
    modules = (importlib.import_module(f"{__name__}.{name}") for name in names)
    return {module.LANGUAGE.code: module.LANGUAGE for module in modules}


#: Code → language.
LANGUAGES: Final = _found()


def chosen(header: str | None) -> Language:
    """Return the language for an ``Accept-Language`` header (RFC 9110, 12.5.4); else English.

    >>> chosen("pt-BR, fr-CA;q=0.8, de;q=0.9").code, chosen("ja;q=0").code, chosen(None).code
    ('de', 'en', 'en')
    """
    wishes: list[tuple[float, Language]] = []
    for part in (header or "").split(",")[:_MOST]:
        tag, _, weight = part.partition(";")
        language = LANGUAGES.get(tag.strip().lower().partition("-")[0])
        quality = _quality(weight)
        if language is not None and quality > 0:
            wishes.append((quality, language))
    # Of equal wishes the first one: max keeps it.
    return max(wishes, key=lambda wish: wish[0])[1] if wishes else LANGUAGES["en"]


def named(tag: str) -> Language:
    """Return the language of a tag (BCP 47), regions aside.

    >>> named("de-AT").code
    'de'

    Raises:
        ValueError: No page is written in it.
    """
    language = LANGUAGES.get(tag.lower().partition("-")[0])
    if language is None:
        raise ValueError(f"language is one of: {', '.join(LANGUAGES)}")
    return language


def _quality(weight: str) -> float:
    name, _, value = weight.partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0
