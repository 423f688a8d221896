"""The process that decodes pictures for others. It knows bytes, sizes, and nothing else.

It is started for this alone, gets pictures through its input and gives renditions through its
output, both framed: four bytes (big-endian) with the length of a JSON header, the header, and as
many bytes as its ``"length"`` says.
"""

from __future__ import annotations

import contextlib
import ctypes
import encodings
import importlib
import io
import json
import os
import pkgutil
import struct
import sys
from typing import BinaryIO, Final

from photoprivacy.errors import LimitExceeded, MalformedImage, UnsupportedFormat
from photoprivacy.limits import Limits

#: What a worker says when it is ready for its first picture.
READY: Final = b"drawing\n"
#: A frame's header is a few words; whoever sends more is none of ours.
LONGEST_HEADER: Final = 4096
_SET_DUMPABLE: Final = 4
_LENGTH: Final = struct.Struct(">I")
_KINDS: Final = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "AVIF", "JPEG2000")


def frame(header: dict[str, object], data: bytes = b"") -> bytes:
    """Return a frame."""
    head = json.dumps(header | {"length": len(data)}).encode()
    return b"".join((_LENGTH.pack(len(head)), head, data))


def framed(file: BinaryIO, most: int) -> tuple[dict[str, object], bytes] | None:
    """Return the next frame of *file*, its data of at most *most* bytes; ``None`` at the end.

    Raises:
        ValueError: It is none, or longer than it may be.
    """
    prefix = file.read(_LENGTH.size)
    if len(prefix) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(prefix)
    if length > LONGEST_HEADER:
        raise ValueError("the header is too long")
    header = json.loads(file.read(length))
    size = header.get("length") if isinstance(header, dict) else None
    if not isinstance(size, int) or not 0 <= size <= most:
        raise ValueError("the frame has no good length")
    data = file.read(size)
    return (header, data) if len(data) == size else None


def main(memory: int, seconds: int) -> None:
    """Draw what comes until nothing comes any more.

    Args:
        memory: Bytes of address space that there may be.
        seconds: Of processor time for one picture.
    """
    _load_all()
    _shut(memory)
    given, taken = sys.stdin.buffer, sys.stdout.buffer
    taken.write(READY)
    taken.flush()
    while (got := framed(given, sys.maxsize)) is not None:
        _allow(seconds)
        taken.write(_drawn(*got))
        taken.flush()


def _drawn(header: dict[str, object], data: bytes) -> bytes:
    from photoprivacy.renditions._render import draw

    try:
        limits = Limits(**header["limits"])  # type: ignore[arg-type]
        size, media_type = int(str(header["size"])), str(header["type"])
        drawn = draw(data, size=size, media_type=media_type, limits=limits)
    except UnsupportedFormat as error:
        return frame({"error": "unsupported", "what": error.detected})
    except LimitExceeded as error:
        said: dict[str, object] = {"what": error.limit, "value": error.value}
        return frame({"error": "limit"} | said)
    except MalformedImage:
        return frame({"error": "malformed"})
    except MemoryError:
        return frame({"error": "limit", "what": "memory", "value": 0})
    except Exception:  # noqa: BLE001 - whatever a decoder does: it is one picture that fails
        return frame({"error": "malformed"})
    return frame({"color": drawn.color, "moving": drawn.moving}, drawn.data)


def _load_all() -> None:
    """Load and use everything that drawing needs: afterwards no file can be opened any more."""
    import photoprivacy.containers
    import photoprivacy.metadata

    # Texts in metadata come in any encoding, and each is a module.
    for room in (photoprivacy.containers, photoprivacy.metadata, encodings):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            with contextlib.suppress(ImportError):  # Windows has encodings of its own
                importlib.import_module(module.name)
    from PIL import Image, ImageCms

    from photoprivacy.renditions._render import draw

    Image.init()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for kind in _KINDS:
        file = io.BytesIO()
        # Of a build without that codec nothing is asked later either.
        with contextlib.suppress(OSError, ValueError, KeyError):
            Image.new("RGB", (8, 8)).save(file, kind, icc_profile=profile)
        for media_type in ("image/jpeg", "image/webp"):
            with contextlib.suppress(UnsupportedFormat, MalformedImage):
                draw(file.getvalue(), size=4, media_type=media_type, limits=Limits())
    for name in ("pillow_heif", "resource"):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    # What is not there now is not there: nobody looks for it on a disk that cannot be read.
    sys.meta_path.clear()


def _shut(memory: int) -> None:
    """Give up what drawing does not need, for good. Windows has no such limits: a clock, alone."""
    try:
        import resource
    except ImportError:
        return
    for name, most in (
        ("RLIMIT_AS", memory),
        # Descriptors 0 to 2 stay. No other can be had, nor one of these again once it was closed
        # (getrlimit(2): one more than the largest number that may be opened).
        ("RLIMIT_NOFILE", 0),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),  # a dump would hold the picture
    ):
        which = getattr(resource, name, None)
        if which is not None:
            with contextlib.suppress(ValueError, OSError):  # macOS refuses some of them
                resource.setrlimit(which, (most, most))
    if sys.platform == "linux":
        # prctl(2), PR_SET_DUMPABLE: no other process of this user, such as a worker that was taken
        # over, may look into this one (ptrace(2), access mode checking).
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)
    with contextlib.suppress(OSError, AttributeError):
        os.nice(5)  # pages and files go first


def _allow(seconds: int) -> None:
    """Let the next picture take so many seconds of processor time; the kernel ends what goes on."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds + 1, hard))
