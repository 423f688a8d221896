"""What a run has done so far, so that the next one need not look at it again.

A journal is a line a copy: a digest of the copy's name and size. It says nothing that the folder
of the copies does not say: no name of a photo that was left out, and no time of a source, which
often is when the photo was taken. Its first line says when the run began, and of which run it is:
a slow digest of source, policy and version, with salt, so that nobody finds out by guessing.

A copy counts as done when a journal of the same source, policy and version has its name and size,
when it still is there with that size, and when its source has not changed since well before that
run began. Whatever is not sure is cleaned once more and compared, which costs time alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from typing import Final

import attrs

from photoprivacy.batch._marks import Marks
from photoprivacy.batch._remote import Remote
from photoprivacy.batch._shelf import LocalShelf, RemoteShelf, Shelf
from photoprivacy.batch._trees import Entry, Tree
from photoprivacy.errors import PhotoPrivacyError
from photoprivacy.policy import Policy

#: Another form of journal is not read.
_FORM = 1
#: A mark as it is written; a torn line is none.
_LINE: Final = re.compile(rb"[0-9a-f]{16}\n")


@attrs.frozen(kw_only=True)
class _Run:
    """An earlier run, and what it says it did."""

    began: float
    key: bytes = attrs.field(repr=False)
    copies: Marks = attrs.field(factory=Marks)
    there: Marks = attrs.field(factory=Marks)


class Journal:
    """The journal of a run, and those of the runs before it.

    Args:
        folder: Where they lie: a path or a `Remote`.
        source: What is read.
        policy: What may stay.
    """

    def __init__(self, folder: str | Remote, source: Tree, policy: Policy) -> None:
        said = {field.name: getattr(policy, field.name) for field in attrs.fields(Policy)}
        said["keep"] = sorted(policy.keep)
        what = [source.address, source.where, said, _version()]
        self._what = json.dumps(what, default=str).encode()
        self._clocks = source.clocks
        salt = secrets.token_hex(16)
        self._key, of = _keys(self._what, salt)
        head = {"form": _FORM, "began": time.time(), "salt": salt, "of": of}
        line = json.dumps(head).encode() + b"\n"
        self._shelf: Shelf = (
            RemoteShelf(folder, line) if isinstance(folder, Remote) else LocalShelf(folder, line)
        )
        self._earlier: list[str] = []
        self._broken = False

    def done_before(self, target: Tree) -> Callable[[Entry], bool]:
        """Return what tells whether a photo's copy is there, and still is the one to make.

        A journal that cannot be read is passed over: it saves time, and no file.

        Raises:
            OSError: *target* cannot be listed.
            StoreError: The same, behind a URL; and so for its journals.
        """
        runs = [run for run in self._read() if len(run.copies)]
        if runs:
            for name, size in target.files():
                for run in runs:
                    if _mark(run.key, name, size) in run.copies:
                        run.there.add(_mark(run.key, name))

        def done(entry: Entry) -> bool:
            return entry.modified is not None and any(
                entry.modified < run.began - self._clocks
                and _mark(run.key, entry.name) in run.there
                for run in runs
            )

        return done

    def _read(self) -> Iterable[_Run]:
        runs: dict[str, _Run] = {}
        for name, lines in self._shelf.earlier():
            try:
                head = json.loads(next(lines, b""))
                salt, began = str(head["salt"]), float(head["began"])
                # Of a clock that went wrong nobody knows what changed since.
                if head["form"] != _FORM or not began <= time.time():
                    continue
                if salt not in runs:
                    key, of = _keys(self._what, salt)
                    if of != head["of"]:
                        continue
                    runs[salt] = _Run(began=began, key=key)
            except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
                continue  # torn at once, or nothing of ours
            self._earlier.append(name)
            for line in lines:
                if _LINE.fullmatch(line) and (mark := int(line, 16)):
                    runs[salt].copies.add(mark)
        return runs.values()

    def add(self, copies: Iterable[tuple[str, int]]) -> None:
        """Note that copies of such name and size are there.

        A journal that cannot be written ends, and stops nobody: it saves time, and no file.
        """
        lines = [b"%016x\n" % _mark(self._key, name, size) for name, size in copies]
        if lines and not self._broken:
            with self._or_broken():
                self._shelf.add(lines)

    def close(self, *, keep: bool) -> None:
        """End the journal, and *keep* it and those before it, or not."""
        with self._or_broken():
            if not keep:
                self._shelf.remove(self._earlier)
            self._shelf.close()

    @contextlib.contextmanager
    def _or_broken(self) -> Iterator[None]:
        try:
            yield
        except (OSError, PhotoPrivacyError):
            self._broken = True


def _version() -> str:
    return version("photoprivacy")


def _keys(what: bytes, salt: str) -> tuple[bytes, str]:
    """Return the key of a run's marks, and what shows that a journal is of such a run."""
    made = hashlib.scrypt(what, salt=salt.encode(), n=1 << 14, r=8, p=1, dklen=48)
    return made[:32], made[32:].hex()


def _mark(key: bytes, name: str, size: int | None = None) -> int:
    said = name.encode("utf-8", "surrogateescape") + (b"" if size is None else b"\0%d" % size)
    return int.from_bytes(hashlib.blake2b(said, digest_size=8, key=key).digest(), "big") or 1


__all__ = ["Journal"]
