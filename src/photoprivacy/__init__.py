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

from photoprivacy._inspect import Report, inspect
from photoprivacy._strip import Stripped, StripResult, strip, strip_file, strip_stream
from photoprivacy.albums import Album, Photo, dumps, loads
from photoprivacy.containers import Format
from photoprivacy.errors import (
    CannotStrip,
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
    ShareLocked,
    StoreError,
    TruncatedImage,
    UnsupportedFormat,
    VerificationFailed,
)
from photoprivacy.gallery import Gallery
from photoprivacy.geo import Coordinates, Geocoder, Place, PlaceLevel, Precision
from photoprivacy.library import Library, Rendition, SharedAlbum, SharedFile
from photoprivacy.limits import Limits
from photoprivacy.metadata import CapturedAt, Finding
from photoprivacy.places import Gazetteer, group_by_place
from photoprivacy.policy import AiTraining, Category, Policy, TimePrecision, Unknown
from photoprivacy.sharing import Grant, Share, ShareSigner, narrow
