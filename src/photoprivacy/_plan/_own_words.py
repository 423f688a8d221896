"""What a clean file says whatever was in its source: a removed caption may be one of these words.

A removed value must stand nowhere in the copy. One that is a word of the format itself, or of
every packet and profile that is written here, stands in copies of other photos too, and tells
nothing of this one.
"""

from __future__ import annotations

import functools
from typing import Final

from photoprivacy._plan._gain_map import PROPERTIES
from photoprivacy._plan._icc import COMMON, NAMES, OWNER
from photoprivacy._plan._xmp import FURTHER, PLACE, WORDS, Video, fresh_xmp, packet
from photoprivacy.containers._jpeg_gain_map import APPLE
from photoprivacy.metadata._apple import HEADER
from photoprivacy.policy import AiTraining

#: how blocks begin in the formats that are written
_SIGNATURES: Final = (
    *(b"Exif\x00\x00", b"MM\x00*\x00\x00\x00\x08", b"ASCII\x00\x00\x00", b"UNICODE\x00", b"0300"),
    *(b"http://ns.adobe.com/xap/1.0/\x00", b"XML:com.adobe.xmp", b"mimeapplication/rdf+xml"),
    *(b"ICC_PROFILE\x00", b"urn:iso:std:iso:ts:21496:-1\x00", b"NETSCAPE2.0", b"ICCRGBG1012"),
    *(b"XMP DataXMP", b"JpgTiffExif->JP2", HEADER, APPLE),
)


@functools.cache
def own_words() -> bytes:
    """Return all of it in one run of bytes, to look a value up in."""
    said = dict.fromkeys((*WORDS, *FURTHER, *(name for name, _, _ in PLACE)), "")
    whole = Video(length=1, moment=0)
    packets = [fresh_xmp(word, said=said, gain_map=1, video=whole) for word in AiTraining]
    packets.append(packet(dict.fromkeys(PROPERTIES, ""), dict.fromkeys(PROPERTIES, "")))
    names = [name for text in (*COMMON, *NAMES.values(), OWNER)
             for name in (text.encode("latin-1"), text.encode("utf-16-be"))]  # fmt: skip
    return b"\x00\x00".join((*_SIGNATURES, *packets, *names))
