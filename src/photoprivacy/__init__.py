"""Photos without leaks: inspect, strip, group by place, share behind a link.

What does a photo give away, and how does a copy look that gives away only what its
owner chose?

>>> from photoprivacy import inspect, strip
>>> from photoprivacy.testing import sample_photo
>>> photo = sample_photo()
>>> inspect(photo).coordinates
Coordinates(…)
>>> clean = strip(photo)
>>> inspect(clean.data).violations()
()
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    __version__: str
    from photoprivacy._inspect import Report, inspect
    from photoprivacy._strip import Stripped, StripResult, strip, strip_file, strip_stream
    from photoprivacy.albums import Album, Photo, dumps, loads
    from photoprivacy.containers import Format
    from photoprivacy.errors import (
        CannotStrip,
        DamagedSeal,
        ExpiredToken,
        GeocoderUnavailable,
        InvalidAlbum,
        InvalidToken,
        LimitExceeded,
        MalformedImage,
        MissingExtra,
        NotGranted,
        PhotoPrivacyError,
        PlaceError,
        SealError,
        ShareLocked,
        StoreError,
        TruncatedImage,
        UnsupportedFormat,
        VerificationFailed,
        WrongKey,
        WrongPassword,
    )
    from photoprivacy.gallery import Exported, Gallery, Sealed, Unsealed, export, seal, unseal
    from photoprivacy.geo import Coordinates, Geocoder, Place, PlaceLevel, Precision
    from photoprivacy.library import Library, Rendition, SharedAlbum, SharedFile
    from photoprivacy.limits import Limits
    from photoprivacy.metadata import CapturedAt, Finding
    from photoprivacy.places import (
        Gazetteer,
        GeopyGeocoder,
        HomeZone,
        PlaceGroup,
        PlaceTree,
        Trip,
        find_trips,
        group_by_place,
        infer_places,
        suggest_homes,
    )
    from photoprivacy.policy import AiTraining, Category, Policy, TimePrecision, Unknown
    from photoprivacy.sharing import Grant, Share, ShareSigner, narrow

#: name → the room it comes from. Each room is entered when its first name is used, so that
#: an app that strips uploads does not wait for albums, tokens and places.
_ROOMS: Final = {
    "AiTraining": "policy",
    "Album": "albums",
    "CannotStrip": "errors",
    "CapturedAt": "metadata",
    "Category": "policy",
    "Coordinates": "geo",
    "DamagedSeal": "errors",
    "ExpiredToken": "errors",
    "Exported": "gallery",
    "Finding": "metadata",
    "Format": "containers",
    "Gallery": "gallery",
    "Gazetteer": "places",
    "Geocoder": "geo",
    "GeocoderUnavailable": "errors",
    "GeopyGeocoder": "places",
    "Grant": "sharing",
    "HomeZone": "places",
    "InvalidAlbum": "errors",
    "InvalidToken": "errors",
    "Library": "library",
    "LimitExceeded": "errors",
    "Limits": "limits",
    "MalformedImage": "errors",
    "MissingExtra": "errors",
    "NotGranted": "errors",
    "Photo": "albums",
    "PhotoPrivacyError": "errors",
    "Place": "geo",
    "PlaceError": "errors",
    "PlaceGroup": "places",
    "PlaceLevel": "geo",
    "PlaceTree": "places",
    "Policy": "policy",
    "Precision": "geo",
    "Rendition": "library",
    "Report": "_inspect",
    "SealError": "errors",
    "Sealed": "gallery",
    "Share": "sharing",
    "ShareLocked": "errors",
    "ShareSigner": "sharing",
    "SharedAlbum": "library",
    "SharedFile": "library",
    "StoreError": "errors",
    "StripResult": "_strip",
    "Stripped": "_strip",
    "TimePrecision": "policy",
    "Trip": "places",
    "TruncatedImage": "errors",
    "Unknown": "policy",
    "Unsealed": "gallery",
    "UnsupportedFormat": "errors",
    "VerificationFailed": "errors",
    "WrongKey": "errors",
    "WrongPassword": "errors",
    "dumps": "albums",
    "export": "gallery",
    "find_trips": "places",
    "group_by_place": "places",
    "infer_places": "places",
    "inspect": "_inspect",
    "loads": "albums",
    "narrow": "sharing",
    "seal": "gallery",
    "strip": "_strip",
    "strip_file": "_strip",
    "strip_stream": "_strip",
    "suggest_homes": "places",
    "unseal": "gallery",
}

__all__ = [
    "AiTraining",
    "Album",
    "CannotStrip",
    "CapturedAt",
    "Category",
    "Coordinates",
    "DamagedSeal",
    "ExpiredToken",
    "Exported",
    "Finding",
    "Format",
    "Gallery",
    "Gazetteer",
    "Geocoder",
    "GeocoderUnavailable",
    "GeopyGeocoder",
    "Grant",
    "HomeZone",
    "InvalidAlbum",
    "InvalidToken",
    "Library",
    "LimitExceeded",
    "Limits",
    "MalformedImage",
    "MissingExtra",
    "NotGranted",
    "Photo",
    "PhotoPrivacyError",
    "Place",
    "PlaceError",
    "PlaceGroup",
    "PlaceLevel",
    "PlaceTree",
    "Policy",
    "Precision",
    "Rendition",
    "Report",
    "SealError",
    "Sealed",
    "Share",
    "ShareLocked",
    "ShareSigner",
    "SharedAlbum",
    "SharedFile",
    "StoreError",
    "StripResult",
    "Stripped",
    "TimePrecision",
    "Trip",
    "TruncatedImage",
    "Unknown",
    "Unsealed",
    "UnsupportedFormat",
    "VerificationFailed",
    "WrongKey",
    "WrongPassword",
    "dumps",
    "export",
    "find_trips",
    "group_by_place",
    "infer_places",
    "inspect",
    "loads",
    "narrow",
    "seal",
    "strip",
    "strip_file",
    "strip_stream",
    "suggest_homes",
    "unseal",
]


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("photoprivacy")
    if name not in _ROOMS:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(importlib.import_module(f"photoprivacy.{_ROOMS[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
