"""The headers of every answer, each with its reason."""

from __future__ import annotations

from typing import Final

from photoprivacy import rights

# A page may load what this server gives it, and nothing else from anywhere.
_POLICY: Final = {
    "default-src": "'none'",  # whatever is not named below
    "script-src": "'self'",  # no inline script: a caption can never become one
    "style-src": "'self'",  # no inline style either; shapes and colours come from album.css
    "img-src": "'self'",
    "media-src": "'self'",  # what moves
    "connect-src": "'self'",  # places.json and the base map
    "form-action": "'self'",  # the password
    "base-uri": "'none'",  # relative addresses stay where they are
}

# A photo opened by itself is shown in a page that the browser makes, with styles of its own.
_PHOTO_POLICY: Final = {
    "default-src": "'none'",
    "style-src": "'unsafe-inline'",
    "media-src": "'self'",  # a video opened by itself plays itself
    "sandbox": "",  # whatever the bytes are taken for, nothing in them runs
}

_ALWAYS: Final = {
    # The address is the key to the album: it leaves with no request.
    "Referrer-Policy": "no-referrer",
    # A photo is never anything but the type we say.
    "X-Content-Type-Options": "nosniff",
    # A link that leaks must not be found by searching, nor be trained on.
    **rights.headers(),
    # Another site can neither read an opened window nor embed a photo.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Nothing here needs these, so nothing here may have them.
    "Permissions-Policy": "geolocation=(), camera=(), microphone=(), browsing-topics=()",
}

#: Pages and data: kept nowhere, so that a revoked link shows nothing any more.
NO_STORE: Final = "private, no-store"
#: Photos: kept, but asked about each time, so that revoking a link ends them too.
ASK_FIRST: Final = "private, no-cache"
#: Files whose name carries their hash.
FOR_EVER: Final = "public, max-age=31536000, immutable"


def headers(*, frame_ancestors: str, cache: str, photo: bool = False) -> dict[str, str]:
    """Return the headers that every answer carries, a page's or a *photo*'s."""
    rules = _PHOTO_POLICY if photo else _POLICY
    policy = "; ".join(f"{name} {value}".rstrip() for name, value in rules.items())
    return {
        "Content-Security-Policy": f"{policy}; frame-ancestors {frame_ancestors}",
        **_ALWAYS,
        "Cache-Control": cache,
    }
