"""Data sets of IPTC IIM 4.2 (and of Photo Mechanic, which adds some) that tell something."""

from __future__ import annotations

from typing import Final

from photoprivacy.metadata._make import Row
from photoprivacy.policy import Category as C

#: record 1: data set → code, category, label; others say how the record is coded
ENVELOPE: Final[dict[int, Row]] = {
    5: ("destination", C.TRACKING, "Destination of a transmission"),
    30: ("service", C.TRACKING, "Service that sent it"),
    40: ("envelope-number", C.TRACKING, "Number of a transmission"),
    50: ("product", C.TRACKING, "Product of a service"),
    70: ("date-sent", C.TIME, "Date of a transmission"),
    80: ("time-sent", C.TIME, "Time of a transmission"),
    100: ("unique-name", C.TRACKING, "Unique name of the object"),
}
#: record 2
RECORDS: Final[dict[int, Row]] = {
    3: ("type", C.CAPTION, "Kind of object"),
    4: ("attribute", C.CAPTION, "Kind of object"),
    5: ("title", C.CAPTION, "Title"),
    7: ("edit-status", C.HISTORY, "Edit status"),
    8: ("update", C.HISTORY, "Editorial update"),
    10: ("urgency", C.HISTORY, "Urgency"),
    12: ("subject", C.CAPTION, "Subject"),
    15: ("category", C.CAPTION, "Category"),
    20: ("categories", C.CAPTION, "Categories"),
    22: ("identifier", C.TRACKING, "Identifier"),
    25: ("keywords", C.CAPTION, "Keywords"),
    26: ("location-code", C.LOCATION, "Place"),
    27: ("location-name", C.LOCATION, "Place"),
    30: ("release-date", C.TIME, "Release date"),
    35: ("release-time", C.TIME, "Release time"),
    37: ("expiration-date", C.TIME, "Expiration date"),
    38: ("expiration-time", C.TIME, "Expiration time"),
    40: ("instructions", C.CAPTION, "Special instructions"),
    42: ("action", C.HISTORY, "Action advised"),
    45: ("reference-service", C.TRACKING, "Service referred to"),
    47: ("reference-date", C.TIME, "Date referred to"),
    50: ("reference-number", C.TRACKING, "Number referred to"),
    55: ("date", C.TIME, "Date of creation"),
    60: ("time", C.TIME, "Time of creation"),
    62: ("digital-date", C.TIME, "Date of digitisation"),
    63: ("digital-time", C.TIME, "Time of digitisation"),
    65: ("program", C.SOFTWARE, "Program"),
    70: ("program-version", C.SOFTWARE, "Version of the program"),
    75: ("cycle", C.TIME, "Time of day"),
    80: ("byline", C.RIGHTS, "Author"),
    85: ("byline-title", C.RIGHTS, "Author's position"),
    90: ("city", C.LOCATION, "City"),
    92: ("sublocation", C.LOCATION, "Place in the city"),
    95: ("state", C.LOCATION, "State or province"),
    100: ("country-code", C.LOCATION, "Country"),
    101: ("country", C.LOCATION, "Country"),
    103: ("transmission", C.TRACKING, "Transmission reference"),
    105: ("headline", C.CAPTION, "Headline"),
    110: ("credit", C.RIGHTS, "Credit"),
    115: ("source", C.RIGHTS, "Source"),
    116: ("copyright", C.RIGHTS, "Copyright"),
    118: ("contact", C.PERSON, "Contact"),
    120: ("caption", C.CAPTION, "Caption"),
    121: ("local-caption", C.CAPTION, "Caption"),
    122: ("caption-writer", C.PERSON, "Writer of the caption"),
    125: ("caption-picture", C.CAPTION, "Caption as a picture"),
    130: ("image-type", C.TECHNICAL, "Kind of picture"),
    131: ("image-orientation", C.TECHNICAL, "Shape of the picture"),
    135: ("language", C.CAPTION, "Language"),
    150: ("audio-type", C.TECHNICAL, "Kind of sound"),
    184: ("job", C.TRACKING, "Identifier of a job"),
    185: ("master-document", C.TRACKING, "Identifier of a document"),
    186: ("short-document", C.TRACKING, "Identifier of a document"),
    187: ("unique-document", C.TRACKING, "Unique identifier of a document"),
    188: ("owner", C.PERSON, "Identifier of the owner"),
    202: ("preview", C.THUMBNAIL, "Preview inside IPTC"),
    221: ("preferences", C.HISTORY, "Settings of a program"),
    225: ("classify", C.CAPTION, "Classification"),
    228: ("similarity", C.TRACKING, "Index for similar pictures"),
    230: ("notes", C.CAPTION, "Notes on the document"),
    231: ("history", C.HISTORY, "History of the document"),
    232: ("camera", C.DEVICE, "Camera"),
}
#: data sets of record 2 that are pictures, not text
PICTURES: Final = (125, 202)
#: How an IIM record is coded, not what it says.
STRUCTURE: Final = {0: "record version"}
#: Meta writes "FBMD", then numbers, into Special Instructions of photos it serves.
TRACKING: Final[Row] = (
    "tracking",
    C.TRACKING,
    "Tracking code of Meta (Facebook, Instagram): ties a downloaded photo to where it was shown",
)
