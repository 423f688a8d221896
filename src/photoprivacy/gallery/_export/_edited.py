"""Files that an export writes once and people then edit: theirs stay as they are."""

from __future__ import annotations

import hashlib
import pathlib
from collections.abc import Mapping
from typing import Final, Self

import attrs

#: What is put behind the name of ours where theirs stays.
_NEW: Final = ".new"


def mark_of(text: bytes) -> str:
    """Return what a record says of a file with these bytes."""
    return hashlib.sha256(text).hexdigest()


@attrs.frozen(kw_only=True)
class Hosting:
    """What becomes of the files that tell a host what to send.

    Attributes:
        texts: Name → bytes of what is ours to write.
        edited: Names of those that somebody changed → the mark of what stands for them here.
        beside: Names of ours that were written beside an edited one, and still lie there.
    """

    texts: dict[str, bytes] = attrs.field(repr=False)
    edited: dict[str, str]
    beside: tuple[str, ...]

    @classmethod
    def of(cls, folder: pathlib.Path, ours: Mapping[str, str], marks: Mapping[str, str]) -> Self:
        """Look at what is in *folder*.

        A file that is not byte for byte what an export wrote is somebody's own. Where ours says
        something else than the one that was edited, it is written beside, once.

        Args:
            folder: Where the export is.
            ours: Name → what such a file says today.
            marks: Name → what was written last, as the record knows it.

        Raises:
            OSError: The disk says no.
        """
        texts: dict[str, bytes] = {}
        edited: dict[str, str] = {}
        beside: list[str] = []
        for name, said in ours.items():
            text = said.encode()
            mark, known = mark_of(text), marks.get(name)
            try:
                there = mark_of((folder / name).read_bytes())
            except FileNotFoundError:
                there = mark
            if there in (mark, known):
                texts[name] = text
                continue
            edited[name] = mark
            if known != mark:
                texts[name + _NEW] = text
            elif (folder / (name + _NEW)).exists():
                beside.append(name + _NEW)
        return cls(texts=texts, edited=edited, beside=tuple(beside))
