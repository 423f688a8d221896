"""What an export has written into its folder: to go on, and to remove nothing else."""

from __future__ import annotations

import json
import os
import pathlib
import re
from collections.abc import Mapping
from typing import Final, Self, TextIO

NAME: Final = ".photoprivacy-export"
_FIRST: Final = "photoprivacy export 1"
#: The only names that are ever written, or removed.
OURS: Final = re.compile(
    r"(index\.html|from-[0-9]{1,7}\.html|album\.css|map\.svg|(places|photos)\.json\.js"
    r"|(_headers|HOSTING\.txt|robots\.txt|tdmrep\.json)(\.new)?"
    r"|(p|assets)/[A-Za-z0-9_][A-Za-z0-9_.-]{0,200})"
)


class Record:
    """A list that grows by a line for each file, before the file is there.

    A process that is killed in the middle leaves a list that names at least what it wrote: names
    of files that are new or change are announced with the mark ``?``, and written again with
    their own when they are whole.
    """

    def __init__(self, folder: pathlib.Path, marks: dict[str, str]) -> None:
        self.marks = marks
        self._path = folder / NAME
        self._log: TextIO | None = None

    @classmethod
    def of(cls, folder: pathlib.Path) -> Self | None:
        """Return the record in *folder*, or ``None``."""
        try:
            lines = (folder / NAME).read_text("utf-8").splitlines()
        except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
            return None
        if not lines or lines[0] != _FIRST:
            return None
        marks: dict[str, str] = {}
        for line in lines[1:]:
            try:
                name, mark = json.loads(line)
            except (ValueError, TypeError):
                continue  # the last one, half written
            if isinstance(name, str) and isinstance(mark, str) and OURS.fullmatch(name):
                marks[name] = mark
        return cls(folder, marks)

    def begin(self, names: list[str], marks: Mapping[str, str]) -> None:
        """Announce *names* that stay, and what will be written: name → its mark."""
        self._save()
        self._log = self._path.open("a", encoding="utf-8")
        fresh = [name for name in names if name not in self.marks]
        fresh += [name for name, mark in marks.items() if self.marks.get(name) != mark]
        self._log.writelines(json.dumps([name, "?"]) + "\n" for name in fresh)
        self._log.flush()

    def wrote(self, name: str, mark: str) -> None:
        """Note that a file is whole."""
        self.marks[name] = mark
        if self._log is not None:
            self._log.write(json.dumps([name, mark]) + "\n")
            self._log.flush()

    def finish(self, names: set[str]) -> None:
        """Forget all but *names*."""
        self.close()
        self.marks = {name: mark for name, mark in self.marks.items() if name in names}
        self._save()

    def close(self) -> None:
        """Close the list."""
        if self._log is not None:
            self._log.close()
            self._log = None

    def _save(self) -> None:
        lines = [_FIRST, *(json.dumps([name, mark]) for name, mark in self.marks.items())]
        fresh = self._path.with_name(f"{NAME}.new")
        fresh.write_text("\n".join(lines) + "\n", "utf-8")
        os.replace(fresh, self._path)
