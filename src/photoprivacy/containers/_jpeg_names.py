"""Facts about JPEG markers: what they are called and who writes into them."""

from __future__ import annotations

from typing import Final

from photoprivacy.containers._model import Role

_M, _R, _U = Role.METADATA, Role.RENDERING, Role.UNKNOWN

EXIF: Final = b"Exif\x00"
XMP: Final = b"http://ns.adobe.com/xap/1.0/\x00"
EXTENDED_XMP: Final = b"http://ns.adobe.com/xmp/extension/\x00"
ICC: Final = b"ICC_PROFILE\x00"
PHOTOSHOP: Final = b"Photoshop 3.0\x00"
MPF: Final = b"MPF\x00"
#: name of coded data with restart markers in it
RESTARTS: Final = "restarts"
ISO_GAIN_MAP: Final = b"urn:iso:std:iso:ts:21496:-1\x00"
JUMBF: Final = b"JP"
ADOBE: Final = b"Adobe"
JFIF: Final = b"JFIF\x00"

#: marker code → (signature at the start of the payload, name, role). First match wins.
SIGNATURES: Final[dict[int, tuple[tuple[bytes, str, Role], ...]]] = {
    0xE0: (
        (JFIF, "JFIF", _R),  # JFIF 1.02; says YCbCr, may carry a thumbnail
        (b"JFXX\x00", "JFXX", _M),  # JFIF extension: thumbnails
        (b"AVI1", "AVI1", _M),  # field order of a motion JPEG frame
        (b"Ocad", "Ocad", _M),  # Photobucket
    ),
    0xE1: (
        (EXIF, "Exif", _M),
        (XMP, "XMP", _M),
        (EXTENDED_XMP, "ExtendedXMP", _M),
        (b"QVCI\x00", "QVCI", _M),  # Casio
        (b"FLIR\x00", "FLIR", _M),  # thermal picture and calibration
    ),
    0xE2: (
        (ICC, "ICC_PROFILE", _R),  # ICC.1 B.4
        (MPF, "MPF", _M),  # CIPA DC-007: directory of further pictures after EOI
        (ISO_GAIN_MAP, "ISO 21496-1", _M),  # gain map version or parameters
        (b"FPXR\x00", "FPXR", _M),  # FlashPix
    ),
    0xE3: (
        (b"Meta\x00", "Meta", _M),
        (b"META\x00", "Meta", _M),
        (b"Stim\x00", "Stim", _M),
        (b"_JPSJPS_", "JPS", _M),  # stereo descriptor
    ),
    0xE4: ((b"FPXR\x00", "FPXR", _M),),
    0xE5: ((b"RMETA\x00", "RMETA", _M),),  # Ricoh
    0xE6: (
        (b"EPPIM\x00", "EPPIM", _M),
        (b"GoPro\x00", "GoPro", _M),
        (b"NITF\x00", "NITF", _M),
    ),
    0xE8: ((b"SPIFF\x00", "SPIFF", _M),),
    0xEA: ((b"UNICODE\x00", "UNICODE", _M),),  # PhotoStudio comment
    0xEB: (
        (JUMBF, "JUMBF", _M),  # ISO 19566-5; Content Credentials
        (b"HDR_RI", "HDR_RI", _M),  # JPEG-HDR ratio image
    ),
    0xEC: (
        (b"Ducky", "Ducky", _M),  # Photoshop "save for web"
        (b"[picture info]", "PictureInfo", _M),  # Agfa, Olympus and others
    ),
    0xED: (
        (PHOTOSHOP, "Photoshop", _M),
        (b"Adobe_CM", "Adobe_CM", _M),
    ),
    0xEE: ((ADOBE, "Adobe", _R),),  # decides between RGB, CMYK and YCCK (T.872 6.5.3)
}

_NAMES: Final = {
    0xC4: "DHT",
    0xC8: "JPG",
    0xCC: "DAC",
    0xD8: "SOI",
    0xD9: "EOI",
    0xDA: "SOS",
    0xDB: "DQT",
    0xDC: "DNL",
    0xDD: "DRI",
    0xDE: "DHP",
    0xDF: "EXP",
    0xFE: "COM",
}

#: What stands after EOI: (bytes, where to look: offset or None for anywhere near the
#: start, name). Vendors append freely; whatever it is, it goes.
TRAILERS: Final[tuple[tuple[bytes, int | None, str], ...]] = (
    (b"\xff\xd8\xff", 0, "embedded image"),  # MPF pictures, previews, gain maps
    (b"ftyp", 4, "motion video"),  # a bare MP4, as Google appends it
    (b"MotionPhoto_Data", None, "motion video"),  # Samsung SEF
    (b"SEFH", None, "Samsung trailer"),
    (b"vivo", None, "vivo trailer"),
    (b"AXS!", None, "AFCP trailer"),
    (b"~\x00\x04\x00zmie~\x00", None, "MIE trailer"),
    (b"CANON OPTIONAL DATA", None, "Canon trailer"),
    (b"cbipcbbl", None, "PhotoMechanic trailer"),
)


def marker_name(code: int) -> str:
    """Return the name that T.81 Table B.1 gives to a marker code."""
    if 0xE0 <= code <= 0xEF:
        return f"APP{code - 0xE0}"
    if code in _NAMES:
        return _NAMES[code]
    if 0xC0 <= code <= 0xCF:
        return f"SOF{code - 0xC0}"
    return f"JPG{code - 0xF0}"  # F0-FD, reserved for extensions
