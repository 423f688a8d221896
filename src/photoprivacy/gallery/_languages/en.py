"""English."""

from __future__ import annotations

from photoprivacy.gallery._languages._language import Language


def _plural(number: int) -> str:
    return "one" if number == 1 else "other"


LANGUAGE = Language(
    code="en",
    plural=_plural,
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    date=("{d}", " {m}", " {y}"),
    thousands=",",
    messages={
        # The album
        "album": "Shared album",
        "skip": "Skip to the photos",
        "photos": {"one": "{n} photo", "other": "{n} photos"},
        "places": {"one": "{n} place", "other": "{n} places"},
        "all_photos": "Photos",
        "elsewhere": "Elsewhere",
        "undated": "Without a date",
        "photo_from": "Photo from {told}",
        "photo_number": "Photo {n}",
        "more": {"one": "Show {n} more photo", "other": "Show {n} more photos"},
        "until_time": "{day}, {time} UTC",
        "private": "Private album. No account, no tracking, nothing from anyone else.",
        "private_until": "Private album, open until {until}. No account, no tracking, "
        "nothing from anyone else.",
        "clean": "Downloads are in full resolution; where and when they were taken, and by "
        "whom, is not inside the files.",
        "empty": "No photos yet",
        "empty_words": "Nothing has been added to this album so far. Come back with the same link.",
        # Ways through it
        "places_title": "Places",
        "days_title": "Days",
        "trips_title": "Trips",
        "slideshow": "Slideshow",
        "filtered": {"one": "{name}: {n} photo shown", "other": "{name}: {n} photos shown"},
        "show_all": "Show all",
        # Downloads
        "download": "Download in full resolution",
        "download_photo": "Download photo {n} in full resolution",
        "download_section": "Download {name}",
        "download_album": "Download album",
        # Viewer
        "viewer": "Photo viewer",
        "counter": "{n} / {total}",
        "announce": "Photo {n} of {total}. {alt}",
        "close_viewer": "Close (Esc)",
        "zoom": "Zoom",
        "previous": "Previous photo",
        "next": "Next photo",
        "photo_failed": "This photo could not be loaded.",
        "play": "Play slideshow",
        "pause": "Pause slideshow",
        "play_moving": "Play the moving photo",
        # Map
        "map": "Map",
        "map_label": "Map of places",
        "map_close": "Close map",
        "map_note": "Pins mark towns, not where a photo was taken.",
        "map_loading": "Drawing the map…",
        "map_failed": "The map did not load. Try again.",
        "zoom_in": "Zoom in",
        "zoom_out": "Zoom out",
        "locator": "Where",
        "locator_alt": "Map of the world around: {names}",
        "tiles_show": "Show street map",
        "tiles_hide": "Hide street map",
        "tiles_notice": "Streets come from {host}, which then sees your internet address and "
        "which area you look at.",
        # Instead of an album
        "gone": "This link does not open anything",
        "gone_words": "It may have ended, or a part of it got lost on the way. "
        "Ask whoever sent it for a new one.",
        "outside": "Open the link that you were sent",
        "outside_words": "This address works only in the browser that opened that link, while "
        "it keeps its cookie.",
        "packing": "The archive is being packed",
        "packing_words": "{done} of {total} files are ready. The download begins by itself.",
        "missing": "This photo is not here",
        "missing_words": "It was taken out of the album, or the link does not reach it.",
        "away": "The album cannot be reached right now",
        "away_words": "The link is fine. Try again in a little while.",
        "busy": "Too many tries at once",
        "busy_words": "Others are trying passwords on this link. "
        "Go back and try again in a moment.",
        "crowded": "Too much at once",
        "crowded_words": "Many are asking for this right now. Try again in a moment.",
        "locked": "A password opens this album",
        "locked_words": "Whoever sent you the link knows it.",
        "cookies": "This album needs a cookie",
        "cookies_words": "A password opens it, and nothing but a cookie remembers that it was "
        "given. Allow cookies for this address.",
        "again": "Try again",
        "password": "Password",
        "open": "Open",
        "wrong": "That is not the password. Check capitals and try again.",
    },
)
