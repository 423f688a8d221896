"""The one way from a Django file to a clean one."""

from __future__ import annotations

import errno
import os
from typing import Any, Final

from django.core.files.base import File

from photoprivacy.containers import Format
from photoprivacy.integrations._spool import IN_MEMORY, Spool
from photoprivacy.integrations._upload import CleanUpload, cleaned
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy


class CleanFile(File):  # type: ignore[type-arg]  # Django subscripts it only where stubs patch it
    """A clean copy as Django's storages take it.

    Attributes:
        cleaned_by: The policy it was made by.
    """

    def __init__(self, upload: CleanUpload, name: str, policy: Policy) -> None:
        super().__init__(upload.file, name)
        self.size = upload.size
        self.format = upload.format
        self.cleaned_by = policy


def clean_copy(content: Any, name: str | None, policy: Policy, limits: Limits) -> CleanFile:
    """Return the clean copy of *content*, a Django file, from its beginning on.

    Raises:
        PhotoPrivacyError: It cannot be read or cleaned.
        OSError: The disk says no.
    """
    source = getattr(content, "file", content)
    if isinstance(content, CleanFile) and content.cleaned_by == policy:
        content.seek(0)
        return content  # a form did it already; what it made is nobody else's
    if isinstance(content, File):
        content.open()  # from the beginning, and anew if it was closed
        source = content.file
    if not (hasattr(source, "seekable") and source.seekable()):
        source = _seekable(source, limits)
    return CleanFile(cleaned(source, name, policy, limits), name or "", policy)


def _seekable(source: Any, limits: Limits) -> Any:
    """Return a copy of a file that cannot seek; no more of it than is needed to refuse it."""
    copy = Spool(max_size=IN_MEMORY)
    while copy.tell() <= limits.max_bytes and (piece := source.read(1 << 18)):
        copy.write(piece)
    return copy


def read_only(mode: str) -> None:
    """Return if *mode* opens a file for reading alone.

    Raises:
        PermissionError: It would write past the cleaning.
    """
    if set(mode) - set("rbt"):
        raise PermissionError(errno.EACCES, "clean photos are written by save alone")


#: Endings of names that fit a format besides its usual one.
_ALSO: Final[dict[Format, tuple[str, ...]]] = {
    Format.JPEG: (".jpeg", ".jpe", ".jfif"),
    Format.HEIC: (".heif", ".hif"),
    Format.TIFF: (".tiff",),
    Format.PNG: (".apng",),
}


def right_name(name: str, format: Format) -> str:  # noqa: A002 - the contract's word
    """Return *name* with the format's suffix, unless it ends like one of its kind already.

    Servers go by the name: a picture called ``.html`` would be a page.
    """
    stem, end = os.path.splitext(name)
    fits = end.lower() == format.suffix or end.lower() in _ALSO.get(format, ())
    return name if fits else f"{stem}{format.suffix}"


__all__ = ["CleanFile", "clean_copy", "read_only", "right_name"]
