"""French."""

from __future__ import annotations

from photoprivacy.gallery._languages._language import Language


def _plural(number: int) -> str:
    # "many" is for whole millions (1 million de photos); no album here counts so far.
    return "one" if number in (0, 1) else "many" if number and not number % 1_000_000 else "other"


LANGUAGE = Language(
    code="fr",
    plural=_plural,
    months=(
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
    date=("{d}", " {m}", " {y}"),
    first="{d}er",
    thousands="\N{NARROW NO-BREAK SPACE}",
    messages={
        "album": "Album partagé",
        "skip": "Aller aux photos",
        "photos": {"one": "{n} photo", "many": "{n} de photos", "other": "{n} photos"},
        "places": {"one": "{n} lieu", "many": "{n} de lieux", "other": "{n} lieux"},
        "all_photos": "Photos",
        "elsewhere": "Ailleurs",
        "undated": "Sans date",
        "photo_from": "Photo : {told}",
        "photo_number": "Photo {n}",
        "more": {"one": "Afficher encore {n} photo", "other": "Afficher encore {n} photos"},
        "until_time": "{day} à {time} UTC",
        "private": "Album privé. Pas de compte, pas de pistage, rien qui vienne de tiers.",
        "private_until": "Album privé, ouvert jusqu’au {until}. Pas de compte, pas de pistage, "
        "rien qui vienne de tiers.",
        "clean": "Les téléchargements sont en pleine résolution ; où, quand et par qui les "
        "photos ont été prises n’est pas dans les fichiers.",
        "empty": "Pas encore de photos",
        "empty_words": "Rien n’a encore été ajouté à cet album. Revenez avec le même lien.",
        "places_title": "Lieux",
        "days_title": "Jours",
        "trips_title": "Voyages",
        "slideshow": "Diaporama",
        "filtered": {"one": "{name} : {n} photo", "other": "{name} : {n} photos"},
        "show_all": "Tout afficher",
        "download": "Télécharger en pleine résolution",
        "download_photo": "Télécharger la photo {n} en pleine résolution",
        "download_section": "Télécharger {name}",
        "download_album": "Télécharger l’album",
        "viewer": "Visionneuse",
        "counter": "{n} / {total}",
        "announce": "Photo {n} sur {total}. {alt}",
        "close_viewer": "Fermer (Échap)",
        "zoom": "Agrandir",
        "previous": "Photo précédente",
        "next": "Photo suivante",
        "photo_failed": "Cette photo n’a pas pu être chargée.",
        "play": "Lancer le diaporama",
        "pause": "Mettre le diaporama en pause",
        "play_moving": "Lire la photo animée",
        "map": "Carte",
        "map_label": "Carte des lieux",
        "map_close": "Fermer la carte",
        "map_note": "Les repères montrent des villes, pas l’endroit d’une photo.",
        "map_loading": "La carte se dessine…",
        "map_failed": "La carte ne s’est pas chargée. Réessayez.",
        "zoom_in": "Zoomer",
        "zoom_out": "Dézoomer",
        "locator": "Où",
        "locator_alt": "Carte du monde autour de : {names}",
        "tiles_show": "Afficher le plan des rues",
        "tiles_hide": "Masquer le plan des rues",
        "tiles_notice": "Les rues viennent de {host}, qui voit alors votre adresse internet et "
        "la région que vous regardez.",
        "gone": "Ce lien n’ouvre rien",
        "gone_words": "Il a peut-être expiré, ou une partie s’est perdue en route. "
        "Demandez-en un nouveau à la personne qui l’a envoyé.",
        "outside": "Ouvrez le lien que vous avez reçu",
        "outside_words": "Cette adresse ne fonctionne que dans le navigateur qui a ouvert ce "
        "lien, tant qu’il en garde le cookie.",
        "packing": "L’archive est en préparation",
        "packing_words": "{done} fichiers sur {total} sont prêts. Le téléchargement commencera "
        "tout seul.",
        "missing": "Cette photo n’est pas ici",
        "missing_words": "Elle a été retirée de l’album, ou le lien ne va pas jusque-là.",
        "away": "L’album est injoignable pour le moment",
        "away_words": "Le lien est bon. Réessayez dans un petit moment.",
        "busy": "Trop d’essais à la fois",
        "busy_words": "Des mots de passe sont en train d’être essayés sur ce lien. "
        "Revenez en arrière et réessayez dans un instant.",
        "crowded": "Trop à la fois",
        "crowded_words": "Beaucoup de demandes arrivent en ce moment. Réessayez dans un instant.",
        "locked": "Un mot de passe ouvre cet album",
        "locked_words": "La personne qui a envoyé le lien le connaît.",
        "cookies": "Cet album a besoin d’un cookie",
        "cookies_words": "Un mot de passe l’ouvre, et seul un cookie retient qu’il a été donné. "
        "Autorisez les cookies pour cette adresse.",
        "again": "Réessayer",
        "password": "Mot de passe",
        "open": "Ouvrir",
        "wrong": "Ce n’est pas le mot de passe. Vérifiez les majuscules et réessayez.",
    },
)
