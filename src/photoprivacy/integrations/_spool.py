"""Where a clean copy waits, and what nobody writes to any more."""

from __future__ import annotations

import io
import tempfile
from typing import Any, Final

#: From so many bytes on a clean copy waits on disk, in a file without a name.
IN_MEMORY: Final = 1 << 20


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
