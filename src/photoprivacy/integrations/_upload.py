"""What every adapter hands on, and how a refusal is spelled in HTTP."""

from __future__ import annotations

import errno
import io
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from http import HTTPStatus
from types import TracebackType
from typing import IO, Any, Final, Self

import attrs

from photoprivacy._files import replace_file
from photoprivacy._strip import strip_stream
from photoprivacy.containers import Format
from photoprivacy.errors import LimitExceeded, PhotoPrivacyError
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy

#: What a body may hold beside the photo, in bytes: other fields, and the form's own frame.
FRAME: Final = 1 << 20
#: The media type of a refusal (RFC 9457, 3).
PROBLEM: Final = "application/problem+json"
# From here on a clean copy waits on disk, in a file without a name.
IN_MEMORY: Final = 1 << 20
_CHUNK: Final = 1 << 18
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Spool(tempfile.SpooledTemporaryFile[bytes]):
    """A file that closes itself, since handlers return a clean copy and forget it.

    Once it is sealed it is read alone: what took the place of a clean copy would be stored as one.
    """

    sealed = False

    def __del__(self) -> None:
        self.close()

    def write(self, data: Any) -> int:
        """Write *data*, until this is sealed."""
        self._unless_sealed()
        return super().write(data)

    def writelines(self, lines: Any) -> None:
        """Write *lines*, until this is sealed."""
        self._unless_sealed()
        super().writelines(lines)

    def truncate(self, size: int | None = None) -> int:
        """Cut this short, until it is sealed."""
        self._unless_sealed()
        return super().truncate(size)

    def fileno(self) -> int:
        """Return its number, until this is sealed: Pillow writes by it, past all of the above."""
        self._unless_sealed()
        return super().fileno()

    def _unless_sealed(self) -> None:
        if self.sealed:
            raise io.UnsupportedOperation("a clean copy is read, and not written")


@attrs.frozen(kw_only=True, eq=False)
class CleanUpload:
    """An uploaded photo that was cleaned.

    Attributes:
        file: The clean file, open for reading at its beginning; a big one stands on disk.
        format: What it is, whatever its name or its content type said.
        size: Its length in bytes.
        filename: The name that the client gave; it may tell something itself.
        name: A name that tells nothing and that no other upload has, with the right suffix.
    """

    file: IO[bytes] = attrs.field(repr=False)
    format: Format
    size: int
    filename: str = attrs.field(repr=False)
    name: str

    @property
    def data(self) -> bytes:
        """The clean file as bytes: all of it in memory."""
        self.file.seek(0)
        return self.file.read()

    def chunks(self) -> Iterator[bytes]:
        """Yield the clean file piece by piece."""
        self.file.seek(0)
        while piece := self.file.read(_CHUNK):
            yield piece

    def save(
        self, target: str | os.PathLike[str], *, overwrite: bool = False, durable: bool = True
    ) -> None:
        """Write the clean file to *target*: whole, or not at all.

        Raises:
            FileExistsError: *target* exists and *overwrite* is false.
            OSError: The disk says no.
        """
        replace_file(target, self.chunks(), overwrite=overwrite, durable=durable)

    def close(self) -> None:
        """Forget the clean file; what was saved stays."""
        self.file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def cleaned(
    source: Any, filename: str | None, policy: Policy = Policy.SHARE, limits: Limits = Limits()
) -> CleanUpload:
    """Return the clean copy of *source*, a binary file that can seek, from its beginning on.

    Of a big file its source is in memory while this works, and nothing afterwards.

    Raises:
        PhotoPrivacyError: It cannot be read or cleaned.
        OSError: The disk says no.
    """
    # Its size is known: more than is allowed is never read.
    inner = getattr(source, "file", None)
    # A named temporary file hides what it is, and is read in one go once it does not.
    source = inner if isinstance(inner, io.IOBase) else source
    length = source.seek(0, os.SEEK_END)
    if length > limits.max_bytes:
        raise LimitExceeded("file", 0, limit="max_bytes", value=limits.max_bytes)
    source.seek(0)
    target = Spool(max_size=IN_MEMORY)
    try:
        if length > IN_MEMORY:
            target.rollover()  # at once: it would first take all of one piece into memory
        result = strip_stream(source, target, policy, limits=limits)  # type: ignore[arg-type]
        size = target.tell()
        target.seek(0)
        target.sealed = True
    except BaseException:
        target.close()
        raise
    return CleanUpload(
        file=target,
        format=result.format,
        size=size,
        filename=filename or "",
        name=f"{secrets.token_hex(16)}{result.format.suffix}",
    )


@attrs.frozen
class Refusal:
    """Why an upload is refused, as RFC 9457 spells it.

    Attributes:
        status: The HTTP status.
        code: The reason for programs, for example ``"unsupported-format"``.
        detail: The reason for people; it names structure, never content.
    """

    status: int
    code: str
    detail: str

    def to_dict(self) -> dict[str, str | int]:
        """Return the members of a problem details object (RFC 9457, 3.1)."""
        # 4.2.1: with this type the title is the status' own phrase.
        return {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }


def refusal_of(error: PhotoPrivacyError | OSError) -> Refusal:
    """Return what to answer to *error*.

    413 for too many bytes, 507 for a full disk (RFC 4918, 11.5), 422 for what cannot be read or
    cleaned.

    Raises:
        OSError: It is *error*, and has nothing to do with the upload.
    """
    if isinstance(error, PhotoPrivacyError):
        if isinstance(error, LimitExceeded) and error.limit == "max_bytes":
            return too_large(error.value)
        code = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(error).__name__).lower()
        return Refusal(422, code, str(error))
    if error.errno in _FULL:
        return Refusal(507, "no-room", "there is no room for the photo")
    raise error


def too_large(most: int) -> Refusal:
    """Return the refusal of more than *most* bytes."""
    return Refusal(413, "too-large", f"a photo may have {most:,} bytes")


def unreadable() -> Refusal:
    """Return the refusal of a form that breaks its own rules."""
    return Refusal(400, "no-form", "the form cannot be read")


def missing(field: str) -> Refusal:
    """Return the refusal of a form that has no file in *field*."""
    return Refusal(422, "no-file", f"the form has no file named {field!r}")
