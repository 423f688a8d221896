"""What every adapter hands on: the clean copy of an upload."""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Iterator
from types import TracebackType
from typing import IO, Any, Final, Self

import attrs

from photoprivacy._files import replace_file
from photoprivacy._strip import strip_stream
from photoprivacy.containers import Format
from photoprivacy.errors import LimitExceeded
from photoprivacy.integrations._spool import IN_MEMORY, Spool
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy

#: What a body may hold beside the photo, in bytes: other fields, and the form's own frame.
FRAME: Final = 1 << 20
_CHUNK: Final = 1 << 18


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
