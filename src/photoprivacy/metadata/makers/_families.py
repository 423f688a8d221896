"""All families, by the name that a layout gives them."""

from __future__ import annotations

from typing import Final

from photoprivacy.metadata.makers import _others as others
from photoprivacy.metadata.makers._apple import APPLE
from photoprivacy.metadata.makers._canon import CANON
from photoprivacy.metadata.makers._nikon import NIKON, NIKON_OLD
from photoprivacy.metadata.makers._olympus import OLYMPUS
from photoprivacy.metadata.makers._panasonic import LEICA, PANASONIC
from photoprivacy.metadata.makers._pentax import PENTAX
from photoprivacy.metadata.makers._ricoh import RICOH
from photoprivacy.metadata.makers._sony import SONY
from photoprivacy.metadata.makers._structures import DJI_TEXT, HP, KODAK, RECONYX, RICOH_TEXT

FAMILIES: Final = {
    "apple": APPLE,
    "canon": CANON,
    "casio": others.CASIO,
    "casio-old": others.CASIO_OLD,
    "dji": others.DJI,
    "dji-text": DJI_TEXT,
    "fujifilm": others.FUJIFILM,
    "hp": HP,
    "kodak": KODAK,
    "leica": LEICA,
    "minolta": others.MINOLTA,
    "motorola": others.MOTOROLA,
    "nikon": NIKON,
    "nikon-old": NIKON_OLD,
    "nintendo": others.NINTENDO,
    "olympus": OLYMPUS,
    "panasonic": PANASONIC,
    "pentax": PENTAX,
    "reconyx": RECONYX,
    "ricoh": RICOH,
    "ricoh-text": RICOH_TEXT,
    "samsung": others.SAMSUNG,
    "sanyo": others.SANYO,
    "sigma": others.SIGMA,
    "sony": SONY,
}
