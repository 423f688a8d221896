"""German."""

from __future__ import annotations

from photoprivacy.gallery._languages._language import Language


def _plural(number: int) -> str:
    return "one" if number == 1 else "other"


LANGUAGE = Language(
    code="de",
    plural=_plural,
    months=(
        *("Januar", "Februar", "März", "April", "Mai", "Juni"),
        *("Juli", "August", "September", "Oktober", "November", "Dezember"),
    ),
    date=("{d}.", " {m}", " {y}"),
    thousands=".",
    messages={
        "album": "Geteiltes Album",
        "skip": "Zu den Fotos springen",
        "photos": {"one": "{n} Foto", "other": "{n} Fotos"},
        "places": {"one": "{n} Ort", "other": "{n} Orte"},
        "all_photos": "Fotos",
        "elsewhere": "Anderswo",
        "undated": "Ohne Datum",
        "photo_from": "Foto: {told}",
        "photo_number": "Foto {n}",
        "more": {"one": "{n} weiteres Foto zeigen", "other": "{n} weitere Fotos zeigen"},
        "until_time": "{day}, {time} UTC",
        "private": "Privates Album. Kein Konto, keine Nachverfolgung, nichts von Dritten.",
        "private_until": "Privates Album, offen bis {until}. Kein Konto, keine Nachverfolgung, "
        "nichts von Dritten.",
        "clean": "Heruntergeladene Fotos haben volle Auflösung; wo, wann und von wem sie "
        "aufgenommen wurden, steht nicht in den Dateien.",
        "empty": "Noch keine Fotos",
        "empty_words": "Diesem Album wurde noch nichts hinzugefügt. "
        "Derselbe Link führt auch später hierher.",
        "places_title": "Orte",
        "days_title": "Tage",
        "trips_title": "Reisen",
        "slideshow": "Diashow",
        "filtered": {"one": "{name}: {n} Foto", "other": "{name}: {n} Fotos"},
        "show_all": "Alle zeigen",
        "download": "In voller Auflösung herunterladen",
        "download_photo": "Foto {n} in voller Auflösung herunterladen",
        "download_section": "{name} herunterladen",
        "download_album": "Album herunterladen",
        "viewer": "Fotobetrachter",
        "counter": "{n} / {total}",
        "announce": "Foto {n} von {total}. {alt}",
        "close_viewer": "Schließen (Esc)",
        "zoom": "Vergrößern",
        "previous": "Voriges Foto",
        "next": "Nächstes Foto",
        "photo_failed": "Dieses Foto konnte nicht geladen werden.",
        "play": "Diashow starten",
        "pause": "Diashow anhalten",
        "play_moving": "Bewegtes Foto abspielen",
        "map": "Karte",
        "map_label": "Karte der Orte",
        "map_close": "Karte schließen",
        "map_note": "Markiert sind Orte, nicht wo ein Foto aufgenommen wurde.",
        "map_loading": "Die Karte wird gezeichnet …",
        "map_failed": "Die Karte wurde nicht geladen. Bitte noch einmal versuchen.",
        "zoom_in": "Näher heran",
        "zoom_out": "Weiter weg",
        "locator": "Wo",
        "locator_alt": "Weltkarte rund um: {names}",
        "tiles_show": "Straßenkarte zeigen",
        "tiles_hide": "Straßenkarte ausblenden",
        "tiles_notice": "Die Straßen kommen von {host}; dort sind dann die eigene "
        "Internetadresse und die betrachtete Gegend zu sehen.",
        "gone": "Dieser Link öffnet nichts",
        "gone_words": "Vielleicht ist er abgelaufen, oder ein Teil ging unterwegs verloren. "
        "Wer ihn geschickt hat, kann einen neuen machen.",
        "outside": "Bitte den erhaltenen Link öffnen",
        "outside_words": "Diese Adresse geht nur in dem Browser, in dem jener Link geöffnet "
        "wurde, und solange er dessen Cookie behält.",
        "packing": "Das Archiv wird gepackt",
        "packing_words": "{done} von {total} Dateien sind fertig. Der Download beginnt von selbst.",
        "missing": "Dieses Foto ist nicht hier",
        "missing_words": "Es wurde aus dem Album genommen, oder der Link reicht nicht bis dahin.",
        "away": "Das Album ist gerade nicht erreichbar",
        "away_words": "Der Link ist in Ordnung. Bitte in Kürze noch einmal versuchen.",
        "busy": "Zu viele Versuche auf einmal",
        "busy_words": "An diesem Link werden gerade Passwörter probiert. "
        "Bitte zurückgehen und gleich noch einmal versuchen.",
        "crowded": "Zu viel auf einmal",
        "crowded_words": "Gerade fragen viele danach. Bitte gleich noch einmal versuchen.",
        "locked": "Ein Passwort öffnet dieses Album",
        "locked_words": "Wer den Link geschickt hat, kennt es.",
        "cookies": "Dieses Album braucht ein Cookie",
        "cookies_words": "Ein Passwort öffnet es, und nur ein Cookie merkt sich, dass es "
        "eingegeben wurde. Bitte Cookies für diese Adresse erlauben.",
        "again": "Noch einmal versuchen",
        "password": "Passwort",
        "open": "Öffnen",
        "wrong": "Das ist nicht das Passwort. Groß- und Kleinschreibung prüfen "
        "und noch einmal versuchen.",
    },
)
