"""For code that has to encode a picture anew: nothing is carried over by accident."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, BinaryIO

from photoprivacy._files import replace_file
from photoprivacy._inspect import inspect
from photoprivacy.errors import VerificationFailed
from photoprivacy.policy import Policy

if TYPE_CHECKING:
    from PIL import Image


def save_clean(
    image: Image.Image,
    target: str | os.PathLike[str] | BinaryIO,
    *,
    format: str | None = None,  # noqa: A002 - Pillow's word
    overwrite: bool = False,
    **options: object,
) -> None:
    """Save *image* to *target* with its pixels and colour profile, and no other metadata.

    Pillow carries comments, Exif, XMP and text over from the file that an image came from,
    differently in each format and version. Here a bare copy of the pixels is saved, turned as
    viewers show it, and the file is inspected before it is written.

    Args:
        image: What to save. It is not changed.
        target: Where to: a path, or a binary file open for writing.
        format: Pillow's name of the format; by default it follows from the suffix of a path.
        overwrite: Whether an existing file may be replaced.
        **options: The encoder's options, for example ``quality=90``.

    Raises:
        FileExistsError: *target* exists and *overwrite* is false.
        VerificationFailed: The encoder wrote more than pixels and colour.
        ValueError: *target* is a file, and no *format* is said.
        OSError: The disk or the encoder says no.
    """
    from PIL import Image as Images
    from PIL import ImageOps

    # Whoever turned it already has no orientation left in it.
    image = ImageOps.exif_transpose(image)
    bare = Images.new(image.mode, image.size)
    bare.paste(image)
    if image.mode == "P":
        bare.putpalette(image.getpalette() or [])
    profile = image.info.get("icc_profile")
    if profile:
        options.setdefault("icc_profile", profile)
    if "transparency" in image.info:
        options.setdefault("transparency", image.info["transparency"])
    if format is None and not isinstance(target, str | os.PathLike):
        raise ValueError("a file has no suffix that says its format: say format=")
    if format is None:
        Images.init()
        suffix = str(target).rpartition(".")[2].lower()
        format = Images.EXTENSION.get(f".{suffix}", "")  # noqa: A001
    file = io.BytesIO()
    bare.save(file, format, **options)
    data = file.getvalue()
    if inspect(data).violations(Policy.SHARE):
        raise VerificationFailed("the encoder wrote more than pixels and colour")
    if isinstance(target, str | os.PathLike):
        replace_file(target, (data,), overwrite=overwrite)
    else:
        target.write(data)
