"""What a table of maker-note facts consists of."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from photoprivacy.metadata.makers._values import Read
from photoprivacy.policy import Category


@attrs.frozen
class Fact:
    """One row: where something telling stands in a maker note.

    Attributes:
        tag: Tag number in its directory; 0 in a structure without one.
        code: Last part of a finding's code.
        category: What kind of thing it tells.
        label: Plain English.
        read: How its value is read.
        whole: Whether the bytes as they stand are telling, and not only their text.
        checked: What the fact was checked against.
    """

    tag: int
    code: str
    category: Category
    label: str
    read: Read
    checked: str
    whole: bool = False


@attrs.frozen(kw_only=True)
class Family:
    """Facts of one maker.

    Attributes:
        code: The maker's part of a finding's code.
        facts: Directory → its facts; ``""`` is the note's own.
        inner: Tag of the note's directory → directory that it leads to.
        structure: Whether notes have no directory: the note is one value then, of tag 0.
    """

    code: str
    facts: Mapping[str, tuple[Fact, ...]]
    inner: Mapping[int, str] = {}
    structure: bool = False


#: What a row of a table says of how it was checked.
REAL = "a real photo, as ExifTool reads it"
BUILT = "a built note, as ExifTool reads it"
STATED = "lists of tags alone (ExifTool, metadata-extractor): no file, and no built note"
