"""Display copies with margins, where a place takes no picture so tall or so wide."""

from __future__ import annotations

import io

from photoprivacy.limits import Limits

#: Width to height of the tallest and of the widest picture, each as two whole numbers.
Sides = tuple[tuple[int, int], tuple[int, int]]


def margins(width: int, height: int, sides: Sides) -> tuple[int, int]:
    """Return width and height of the least page on which the whole picture stands within *sides*.

    >>> margins(1080, 1920, ((4, 5), (191, 100)))
    (1536, 1920)
    >>> margins(1080, 1080, ((4, 5), (191, 100)))
    (1080, 1080)
    """
    (tall, by), (wide, to) = sides
    if width * by < tall * height:
        return -(-tall * height // by), height
    if width * to > wide * height:
        return width, -(-width * to // wide)
    return width, height


def framed(
    data: bytes, *, size: int, sides: Sides | None = None, limits: Limits = Limits()
) -> bytes:
    """Return a JPEG of a photo as `render` does, on a white page within *sides*.

    Args:
        data: A photo in one of our formats.
        size: Longest edge of the picture, without its margins, in pixels.
        sides: Width to height that the page may have; any, and so no margins, if ``None``.
        limits: How much work one photo may cause.

    Raises:
        The same as `render`.
    """
    from PIL import Image

    from photoprivacy.renditions._render import _ENCODERS, _bare, _on_white

    picture = _on_white(_bare(data, size, limits)[0])
    page = picture.size if sides is None else margins(*picture.size, sides)
    if page != picture.size:
        whole = Image.new("RGB", page, "white")
        whole.paste(picture, ((page[0] - picture.width) // 2, (page[1] - picture.height) // 2))
        picture = whole
    file = io.BytesIO()
    name, options = _ENCODERS["image/jpeg"]
    picture.save(file, name, **options)
    return file.getvalue()
