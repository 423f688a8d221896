"""The library that Django's settings describe."""

from __future__ import annotations

import functools
import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from photoprivacy.integrations.django._albums import DjangoAlbums
from photoprivacy.integrations.django._blobs import StorageBlobs
from photoprivacy.integrations.django._shares import DjangoAttempts, DjangoShares
from photoprivacy.library import Library
from photoprivacy.sharing import ShareSigner


@functools.cache
def library() -> Library:
    """Return the library of this project: one a process, made when first asked for.

    ``PHOTOPRIVACY_LIBRARY = "myapp.photos.make_library"`` names a function of yours that makes it.
    Else albums, links and guesses are in the database that ``PHOTOPRIVACY_DATABASE`` names (the
    default one), and photos in the storage called ``photoprivacy`` in ``STORAGES``, which must not
    be one that is served. Links are signed by ``PHOTOPRIVACY_KEYS``, a dict of key numbers and at
    least 32 bytes each, or else by a key made from ``SECRET_KEY``: a new one ends all links.

    Raises:
        ImproperlyConfigured: There is no such storage.
    """
    maker = getattr(settings, "PHOTOPRIVACY_LIBRARY", None)
    if maker is not None:
        made: Library = import_string(maker)()
        return made
    if "photoprivacy" not in settings.STORAGES:
        msg = 'STORAGES has no "photoprivacy": a storage for owners\' photos, which is not served'
        raise ImproperlyConfigured(msg)
    using: str | None = getattr(settings, "PHOTOPRIVACY_DATABASE", None)
    return Library(
        StorageBlobs("photoprivacy", using),
        DjangoAlbums(using),
        DjangoShares(using),
        ShareSigner(_keys()),
        attempts=DjangoAttempts(using),
    )


def _keys() -> dict[int, bytes]:
    keys: Any = getattr(settings, "PHOTOPRIVACY_KEYS", None)
    if keys:
        return dict(keys)
    # Not the key itself: what signs sessions and what signs links stay apart.
    secret = settings.SECRET_KEY
    raw = secret.encode() if isinstance(secret, str) else bytes(secret)
    return {1: hmac.digest(raw, b"photoprivacy links 1", hashlib.sha256)}


__all__ = ["library"]
