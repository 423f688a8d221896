"""Who may see which photo, how sharply located, until when. Pure: it decides, it opens nothing."""

from __future__ import annotations

from photoprivacy.sharing._signer import ShareSigner, narrow
from photoprivacy.sharing._values import (
    Expiry,
    Grant,
    Never,
    NeverType,
    Rendition,
    Scope,
    Share,
)

__all__ = [
    "Expiry",
    "Grant",
    "Never",
    "NeverType",
    "Rendition",
    "Scope",
    "Share",
    "ShareSigner",
    "narrow",
]
