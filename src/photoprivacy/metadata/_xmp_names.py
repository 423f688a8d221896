"""XMP namespaces and properties: what each tells. From ISO 16684-1 and -2, IPTC, MWG, PLUS, Exif.

A property that is not here takes the category of its namespace; a namespace that is not here
is UNKNOWN.
"""

from __future__ import annotations

import itertools
import re
from typing import Final

from photoprivacy.metadata._prompts import is_prompt
from photoprivacy.metadata._tags import EXIF, GPS, IFD0, INTEROP, TAGS
from photoprivacy.metadata._xmp_properties import PROPERTIES
from photoprivacy.policy import Category as C

#: (namespace, usual prefix, category, why)
NAMESPACES: Final = (
    ("http://purl.org/dc/elements/1.1/", "dc", C.CAPTION, "title, description, subject"),
    ("http://ns.adobe.com/xap/1.0/", "xmp", C.SOFTWARE, "tool and dates"),
    ("http://ns.adobe.com/xap/1.0/mm/", "xmpMM", C.HISTORY, "document ids and history"),
    ("http://ns.adobe.com/xap/1.0/rights/", "xmpRights", C.RIGHTS, "owner and terms"),
    ("http://ns.adobe.com/xap/1.0/bj/", "xmpBJ", C.HISTORY, "jobs"),
    ("http://ns.adobe.com/xap/1.0/sType/ResourceEvent#", "stEvt", C.HISTORY, "one step"),
    ("http://ns.adobe.com/xap/1.0/sType/ResourceRef#", "stRef", C.HISTORY, "another document"),
    ("http://ns.adobe.com/xap/1.0/sType/Area#", "stArea", C.PERSON, "where a face is"),
    ("http://ns.adobe.com/xap/1.0/sType/Dimensions#", "stDim", C.PERSON, "size faces refer to"),
    ("http://ns.adobe.com/xap/1.0/g/img/", "xmpGImg", C.THUMBNAIL, "thumbnail"),
    ("http://ns.adobe.com/exif/1.0/", "exif", C.TECHNICAL, "Exif in XMP"),
    ("http://cipa.jp/exif/1.0/", "exifEX", C.TECHNICAL, "Exif in XMP"),
    ("http://ns.adobe.com/exif/1.0/aux/", "aux", C.DEVICE, "lens and serial numbers"),
    ("http://ns.adobe.com/tiff/1.0/", "tiff", C.TECHNICAL, "TIFF in XMP"),
    ("http://ns.adobe.com/photoshop/1.0/", "photoshop", C.HISTORY, "Photoshop and IPTC"),
    ("http://ns.adobe.com/camera-raw-settings/1.0/", "crs", C.HISTORY, "raw development"),
    ("http://ns.adobe.com/lightroom/1.0/", "lr", C.CAPTION, "keywords"),
    ("http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/", "Iptc4xmpCore", C.PERSON, "creator, place"),
    ("http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "Iptc4xmpExt", C.LOCATION, "place, people"),
    ("http://ns.useplus.org/ldf/xmp/1.0/", "plus", C.RIGHTS, "licence, data mining"),
    ("http://www.metadataworkinggroup.com/schemas/regions/", "mwg-rs", C.PERSON, "faces"),
    ("http://www.metadataworkinggroup.com/schemas/keywords/", "mwg-kw", C.CAPTION, "keywords"),
    ("http://ns.microsoft.com/photo/1.0/", "MicrosoftPhoto", C.CAPTION, "rating and keywords"),
    ("http://ns.microsoft.com/photo/1.2/", "MP", C.PERSON, "people"),
    ("http://ns.microsoft.com/photo/1.2/t/RegionInfo#", "MPRI", C.PERSON, "people"),
    ("http://ns.microsoft.com/photo/1.2/t/Region#", "MPReg", C.PERSON, "people"),
    ("http://ns.google.com/photos/1.0/camera/", "GCamera", C.DEVICE, "motion photo, camera"),
    ("http://ns.google.com/photos/1.0/container/", "Container", C.EMBEDDED_IMAGE, "further pictures"),
    ("http://ns.google.com/photos/1.0/container/item/", "Item", C.EMBEDDED_IMAGE, "further pictures"),
    ("http://ns.google.com/photos/1.0/image/", "GImage", C.EMBEDDED_IMAGE, "another picture"),
    ("http://ns.google.com/photos/1.0/depthmap/", "GDepth", C.DEPTH, "depth"),
    ("http://ns.google.com/photos/1.0/panorama/", "GPano", C.TECHNICAL, "panorama"),
    ("http://ns.google.com/photos/1.0/audio/", "GAudio", C.AUDIO, "sound"),
    ("http://ns.google.com/photos/dd/1.0/device/", "Device", C.DEVICE, "device and depth"),
    ("http://ns.adobe.com/hdr-gain-map/1.0/", "hdrgm", C.HDR, "gain map"),
    ("http://ns.apple.com/HDRGainMap/1.0/", "HDRGainMap", C.HDR, "gain map"),
    ("http://ns.apple.com/pixeldatainfo/1.0/", "apdi", C.HDR, "gain map"),
    ("http://ns.apple.com/faceinfo/1.0/", "apple-fi", C.PERSON, "faces"),
    ("http://www.dji.com/drone-dji/1.0/", "drone-dji", C.LOCATION, "where a drone was"),
    ("http://www.digikam.org/ns/1.0/", "digiKam", C.CAPTION, "tags"),
    ("http://www.gimp.org/xmp/", "GIMP", C.SOFTWARE, "GIMP"),
    ("http://ns.adobe.com/DICOM/", "DICOM", C.PERSON, "a patient"),
    ("http://cv.iptc.org/newscodes/digitalsourcetype/", "digsrctype", C.PROVENANCE, "source"),
    ("http://purl.org/dc/terms/", "dcterms", C.PROVENANCE, "provenance"),
    ("http://ns.adobe.com/xmp/note/", "xmpNote", C.TECHNICAL, "where more XMP stands"),
    ("adobe:ns:meta/", "x", C.SOFTWARE, "toolkit"),
    ("http://ns.adobe.com/xmp/sType/Area#", "stArea", C.PERSON, "where a face is, as MWG 2.0 has it"),
    ("http://ns.microsoft.com/photo/1.0", "MicrosoftPhoto", C.CAPTION, "rating and keywords"),
    ("http://ns.microsoft.com/photo/1.1", "MP1", C.TECHNICAL, "panorama"),
    ("http://ns.microsoft.com/expressionmedia/1.0/", "expressionmedia", C.CAPTION, "words, people"),
    ("http://ns.iview-multimedia.com/mediapro/1.0/", "mediapro", C.CAPTION, "words, people"),
    ("http://ns.acdsee.com/iptc/1.0/", "acdsee", C.CAPTION, "words"),
    ("http://ns.adobe.com/pdf/1.3/", "pdf", C.CAPTION, "PDF"),
    ("http://ns.adobe.com/xap/1.0/t/pg/", "xmpTPg", C.TECHNICAL, "pages"),
    ("http://ns.adobe.com/xap/1.0/g/", "xmpG", C.TECHNICAL, "swatches"),
    ("http://ns.adobe.com/xmp/1.0/DynamicMedia/", "xmpDM", C.HISTORY, "film and sound"),
    ("http://ns.adobe.com/xap/1.0/sType/Job#", "stJob", C.HISTORY, "a job"),
    ("http://ns.adobe.com/xap/1.0/sType/Version#", "stVer", C.HISTORY, "a version"),
    ("http://ns.adobe.com/xap/1.0/sType/ManifestItem#", "stMfs", C.HISTORY, "linked files"),
    ("http://ns.adobe.com/xap/1.0/sType/Font#", "stFnt", C.TECHNICAL, "a typeface"),
    ("http://ns.adobe.com/xmp/Identifier/qual/1.0/", "xmpidq", C.TRACKING, "an identifier"),
    ("http://ns.adobe.com/camera-raw-saved-settings/1.0/", "crss", C.HISTORY, "raw development"),
    ("http://ns.adobe.com/camera-raw-embedded-lens-profile/1.0/", "crlcp", C.DEVICE, "lens"),
    ("http://ns.adobe.com/photoshop/1.0/camera-profile", "stCamera", C.DEVICE, "lens"),
    ("http://ns.adobe.com/hdr-metadata/1.0/", "hdr_metadata", C.TECHNICAL, "brightness"),
    ("http://ns.adobe.com/album/1.0/", "album", C.CAPTION, "notes"),
    ("http://ns.adobe.com/creatorAtom/1.0/", "creatorAtom", C.HISTORY, "projects and paths"),
    ("http://creativecommons.org/ns#", "cc", C.RIGHTS, "licence"),
    ("http://prismstandard.org/namespaces/basic/2.0/", "prism", C.CAPTION, "publishing"),
    ("http://prismstandard.org/namespaces/prismusagerights/2.1/", "pur", C.RIGHTS, "rights"),
    ("http://ns.extensis.com/extensis/1.0/", "extensis", C.CAPTION, "notes"),
    ("http://ns.idimager.com/ics/1.0/", "ics", C.CAPTION, "labels"),
    ("http://ns.fastpictureviewer.com/fpv/1.0/", "fpv", C.CAPTION, "ratings"),
    ("http://ns.camerabits.com/photomechanic/1.0/", "photomechanic", C.CAPTION, "marks"),
    ("http://xmp.gettyimages.com/gift/1.0/", "GettyImagesGIFT", C.TRACKING, "asset ids"),
    ("http://ns.google.com/photos/1.0/focus/", "GFocus", C.TECHNICAL, "blur"),
    ("http://ns.google.com/photos/1.0/creations/", "GCreations", C.HISTORY, "what Google made"),
    ("http://ns.google.com/videos/1.0/spherical/", "GSpherical", C.TECHNICAL, "panorama"),
    ("http://ns.google.com/photos/dd/1.0/profile/", "Profile", C.DEVICE, "device and depth"),
    ("http://ns.google.com/photos/dd/1.0/camera/", "Camera", C.DEVICE, "device and depth"),
    ("http://ns.leiainc.com/photos/1.0/image/", "LImage", C.EMBEDDED_IMAGE, "another picture"),
    ("http://ns.nikon.com/sdc/1.0/", "sdc", C.HISTORY, "Nikon's settings"),
    ("http://ns.nikon.com/asteroid/1.0/", "ast", C.HISTORY, "Nikon's settings"),
    ("http://ns.nikon.com/nine/1.0/", "nine", C.HISTORY, "Nikon's settings"),
    ("http://ns.apple.com/adjustment-settings/1.0/", "aas", C.HISTORY, "Apple's edits"),
    ("http://developer.sonyericsson.com/cell/1.0/", "cell", C.LOCATION, "cells of a phone network"),
    ("http://rs.tdwg.org/dwc/index.htm", "dwc", C.LOCATION, "finds of nature, with places"),
    ("http://rs.tdwg.org/dwc/terms/", "dwc", C.LOCATION, "finds of nature, with places"),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf", C.TECHNICAL, "RDF itself"),
)  # fmt: skip

PREFIXES: Final = {space: prefix for space, prefix, _, _ in NAMESPACES}
_BY_PREFIX: Final = {prefix: category for _, prefix, category, _ in NAMESPACES}
#: how names of people's vocabularies begin
_OF_PEOPLE: Final = tuple(
    f"{name}:" for name, category in _BY_PREFIX.items() if category is C.PERSON
)

#: property → category, where it differs from its namespace's
_BY_NAME: Final = {
    **dict.fromkeys(
        (
            *("dc:creator", "dc:rights", "dc:publisher", "dc:contributor", "tiff:Artist"),
            *("tiff:Copyright", "photoshop:Credit", "photoshop:Source", "photoshop:AuthorsPosition"),
            *("photoshop:CaptionWriter", "Iptc4xmpExt:AOCreator", "xmp:Author"),
        ),
        C.RIGHTS,
    ),
    **dict.fromkeys(
        ("tiff:ImageDescription", "exif:UserComment", "photoshop:Headline", "photoshop:Instructions",
         "xmp:Label", "xmp:Description", "xmp:Title", "Iptc4xmpCore:SubjectCode",
         "Iptc4xmpCore:AltTextAccessibility", "Iptc4xmpCore:ExtDescrAccessibility"),
        C.CAPTION,
    ),
    **dict.fromkeys(
        ("photoshop:City", "photoshop:State", "photoshop:Country", "Iptc4xmpCore:Location",
         "Iptc4xmpCore:CountryCode", "dc:coverage"),
        C.LOCATION,
    ),
    **dict.fromkeys(
        ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate", "photoshop:DateCreated",
         "exif:DateTimeOriginal", "exif:DateTimeDigitized", "tiff:DateTime", "dc:date",
         "exif:SubSecTimeOriginal", "exifEX:OffsetTimeOriginal", "exifEX:OffsetTime"),
        C.TIME,
    ),
    **dict.fromkeys(("tiff:Make", "tiff:Model", "exifEX:LensModel", "exifEX:LensMake"), C.DEVICE),
    **dict.fromkeys(
        ("aux:SerialNumber", "aux:LensSerialNumber", "exifEX:BodySerialNumber",
         "exifEX:LensSerialNumber", "drone-dji:DroneSerialNumber", "drone-dji:CameraSerialNumber"),
        C.SERIAL,
    ),
    **dict.fromkeys(
        ("Iptc4xmpExt:PersonInImage", "Iptc4xmpExt:PersonInImageWDetails", "aux:OwnerName",
         "exifEX:CameraOwnerName", "MicrosoftPhoto:LastKeywordXMP"),
        C.PERSON,
    ),
    **dict.fromkeys(("exif:ImageUniqueID", "xmpMM:InstanceID", "xmpMM:DocumentID",
                     "xmpMM:OriginalDocumentID"), C.TRACKING),
    "dc:format": C.TECHNICAL,
    "tiff:Orientation": C.ORIENTATION,
    "exif:ColorSpace": C.COLOR,
    "photoshop:ICCProfile": C.COLOR,
    "photoshop:ColorMode": C.COLOR,
    "tiff:XResolution": C.RESOLUTION,
    "tiff:YResolution": C.RESOLUTION,
    "tiff:ResolutionUnit": C.RESOLUTION,
    "tiff:Software": C.SOFTWARE,
    "Iptc4xmpExt:DigitalSourceType": C.PROVENANCE,
    "Iptc4xmpExt:DigitalSourcefileType": C.PROVENANCE,
    **dict.fromkeys(
        ("Iptc4xmpExt:DigImageGUID", "Iptc4xmpExt:RegistryId", "GCamera:BurstID", "GCamera:shot_log_data",
         "GCamera:hdrp_makernote", "GCamera:HdrPlusMakernote", "GCamera:HDRPMakerNote",
         "aux:ImageNumber", "photoshop:TransmissionReference", "photoshop:LegacyIPTCDigest",
         "dc:identifier", "xmp:Identifier", "plus:ImageSupplierImageID", "exif:NativeDigest",
         "tiff:NativeDigest"),
        C.TRACKING,
    ),
    **dict.fromkeys(
        ("Iptc4xmpExt:OrganisationInImageName", "Iptc4xmpExt:ModelAge", "Iptc4xmpExt:AddlModelInfo",
         "Iptc4xmpExt:ImageRegion", "expressionmedia:People", "mediapro:People"),
        C.PERSON,
    ),
    **dict.fromkeys(
        ("Iptc4xmpExt:Event", "Iptc4xmpExt:EventName", "Iptc4xmpExt:ArtworkOrObject",
         "Iptc4xmpExt:CVterm", "Iptc4xmpExt:AboutCvTerm", "Iptc4xmpCore:IntellectualGenre",
         "Iptc4xmpCore:Scene", "xmp:Nickname", "exif:ImageDescription"),
        C.CAPTION,
    ),
    **dict.fromkeys(
        ("Iptc4xmpExt:MaxAvailWidth", "Iptc4xmpExt:MaxAvailHeight", "xmp:Rating"), C.TECHNICAL
    ),
    **dict.fromkeys(("exif:Make", "exif:Model", "exif:LensModel", "exif:Lens"), C.DEVICE),
    **dict.fromkeys(("exif:Artist", "exif:Copyright"), C.RIGHTS),
    **dict.fromkeys(("exif:Software", "photoshop:ToolName"), C.SOFTWARE),
    **dict.fromkeys(("exif:DateTime", "exif:OffsetTimeOriginal"), C.TIME),
    "Iptc4xmpExt:AISystemUsed": C.AI_GENERATION,
    "Iptc4xmpExt:AIPromptInformation": C.AI_GENERATION,
    "exif:MakerNote": C.TRACKING,
    "crs:RawFileName": C.HISTORY,
    **{
        f"GCamera:{name}{word}": C.EMBEDDED_VIDEO
        for name in ("MicroVideo", "MotionPhoto")
        for word in ("", "Version", "Offset", "PresentationTimestampUs")
    },
    "plus:DataMining": C.RIGHTS,
    "photoshop:DocumentAncestors": C.HISTORY,
    "MicrosoftPhoto:LastKeywordIPTC": C.PERSON,  # "People/…", where faces were tagged
    "dc:source": C.HISTORY,  # where the picture came from: often the name of a file
}  # fmt: skip
#: how a property is called in whatever vocabulary → what it tells, where its vocabulary is of
#: words or settings and says nothing more of it
_BY_WORD: Final = (
    (re.compile(r"serialnumber$|^serialno$", re.IGNORECASE), C.SERIAL),
    (re.compile(r"ownername$|^(?:person|people)s?$|^imageeditor$", re.IGNORECASE), C.PERSON),
    (re.compile(r"^(?:author|xpauthor|photographer|creator)s?$", re.IGNORECASE), C.RIGHTS),
    (
        re.compile(r"^(?:location|country(?:code|name)?|city|state|gps\w+)$", re.IGNORECASE),
        C.LOCATION,
    ),
    (re.compile(r"uniqueid$|^(?:guid|uuid)$", re.IGNORECASE), C.TRACKING),
    (re.compile(r"^image(?:history)$|^documentname$|filename$", re.IGNORECASE), C.HISTORY),
    (
        re.compile(r"^(?:date|time)|date$|datetime|timestamps?$|^subsectime|^offsettime|"
                   r"dateacquired$", re.IGNORECASE),
        C.TIME,
    ),
    (re.compile(r"^(?:hostcomputer|make|model|lens(?:make|model)?)$", re.IGNORECASE), C.DEVICE),
)  # fmt: skip
_VAGUE: Final = (C.CAPTION, C.TECHNICAL)


#: property → plain words; others go by their own name
_LABELS: Final = {
    "dc:creator": "Author", "dc:rights": "Copyright", "dc:title": "Title",
    "dc:description": "Description", "dc:subject": "Keywords", "dc:publisher": "Publisher",
    "dc:contributor": "Contributor", "dc:format": "Format", "dc:identifier": "Identifier",
    "xmp:CreatorTool": "Software", "xmp:CreateDate": "Time of creation",
    "xmp:ModifyDate": "Time of the last change", "xmp:MetadataDate": "Time of the last change",
    "xmp:Rating": "Rating", "xmp:Label": "Label", "x:xmptk": "Software that wrote this",
    "xmpMM:DocumentID": "Identifier of the document",
    "xmpMM:InstanceID": "Identifier of this version of the document",
    "xmpMM:OriginalDocumentID": "Identifier of the original document",
    "xmpMM:History": "History of edits", "xmpMM:DerivedFrom": "Document it was made from",
    "xmpMM:Ingredients": "Documents it was made from", "xmpMM:Manifest": "Linked files",
    "crs:RawFileName": "Name of the raw file",
    "photoshop:DateCreated": "Time of creation", "photoshop:City": "City",
    "photoshop:State": "State or province", "photoshop:Country": "Country",
    "photoshop:Credit": "Credit", "photoshop:Source": "Source", "photoshop:Headline": "Headline",
    "photoshop:Instructions": "Special instructions",
    "photoshop:TransmissionReference": "Transmission reference",
    "photoshop:CaptionWriter": "Writer of the caption",
    "photoshop:AuthorsPosition": "Author's position",
    "photoshop:DocumentAncestors": "Identifiers of documents it was made from",
    "photoshop:TextLayers": "Text of layers", "photoshop:History": "History of edits",
    "Iptc4xmpCore:Location": "Place in the city", "Iptc4xmpCore:CountryCode": "Country",
    "Iptc4xmpCore:CreatorContactInfo": "Address of the author",
    "Iptc4xmpExt:PersonInImage": "Person in the picture",
    "Iptc4xmpExt:PersonInImageWDetails": "Person in the picture",
    "Iptc4xmpExt:LocationShown": "Place in the picture",
    "Iptc4xmpExt:LocationCreated": "Place of the camera", "Iptc4xmpExt:Event": "Event",
    "Iptc4xmpExt:DigitalSourceType": "How the picture came about",
    "Iptc4xmpExt:AIPromptInformation": "Prompt of an image generator",
    "Iptc4xmpExt:AISystemUsed": "Image generator",
    "mwg-rs:Regions": "Face or region in the picture, with its name",
    "MP:RegionInfo": "Face in the picture, with its name",
    "apple-fi:Faces": "Face in the picture",
    "exif:DateTimeOriginal": "Time of capture", "exif:UserComment": "Comment",
    "exif:ImageUniqueID": "Unique identifier of the picture",
    "exif:GPSLatitude": "GPS latitude", "exif:GPSLongitude": "GPS longitude",
    "exif:GPSAltitude": "GPS altitude", "exif:GPSTimeStamp": "GPS time",
    "exif:ISOSpeedRatings": "Sensitivity", "exif:FocalLengthIn35mmFilm": "Focal length",
    "exif:FlashPixVersion": "Version of FlashPix", "exif:SubsecTime": "Fraction of the second",
    "aux:ApproximateFocusDistance": "Distance to the subject", "MicrosoftPhoto:Rating": "Rating",
    "MicrosoftPhoto:LastKeywordXMP": "Keywords, often of people",
    "MicrosoftPhoto:LastKeywordIPTC": "Keywords, often of people",
    "photoshop:LegacyIPTCDigest": "Digest of captions",
    "tiff:Make": "Camera maker", "tiff:Model": "Camera model", "tiff:Artist": "Artist",
    "tiff:Copyright": "Copyright", "tiff:Software": "Software",
    "tiff:ImageDescription": "Description",
    "aux:SerialNumber": "Serial number of the camera",
    "aux:LensSerialNumber": "Serial number of the lens", "aux:Lens": "Lens model",
    "aux:OwnerName": "Name of the camera's owner", "aux:ImageNumber": "Number of the picture",
    "exifEX:BodySerialNumber": "Serial number of the camera",
    "exifEX:LensSerialNumber": "Serial number of the lens", "exifEX:LensModel": "Lens model",
    "exifEX:CameraOwnerName": "Name of the camera's owner",
    "drone-dji:DroneSerialNumber": "Serial number of a drone",
    "GCamera:shot_log_data": "Google's log of the shot, unreadable to others",
    "GCamera:hdrp_makernote": "Google's notes on the shot, unreadable to others",
    "GCamera:HdrPlusMakernote": "Google's notes on the shot, unreadable to others",
    "xmpRights:WebStatement": "Address of the terms", "xmpRights:UsageTerms": "Terms of use",
    "xmpRights:Owner": "Owner", "plus:DataMining": "Word on data mining and AI training",
    "dcterms:provenance": "Where Content Credentials are",
}  # fmt: skip
#: values of a digital source type (IPTC NewsCodes) that say: made by a model
_MODELS: Final = ("trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "algorithmicMedia",
                  "algorithmicallyEnhanced", "compositeSynthetic")  # fmt: skip


#: prefix → what its vocabulary is of, in words
_ABOUT: Final = {prefix: f"{why[:1].upper()}{why[1:]}" for _, prefix, _, why in NAMESPACES}
#: vocabularies that repeat tags of Exif (CIPA DC-010)
_OF_EXIF: Final = ("exif", "exifEX", "tiff")
_TAG_LABELS: Final = {
    tag.name: tag.label for ifd in (INTEROP, GPS, EXIF, IFD0) for tag in TAGS[ifd].values()
}


def category_of(path: tuple[str, ...], text: str = "") -> C:
    """Return what a property tells; inner names decide before outer ones, some texts before all."""
    category = _category(path)
    if (
        path[-1].startswith("Iptc4xmpExt:DigitalSource")
        and text.strip().rpartition("/")[2] in _MODELS
    ):
        return C.AI_GENERATION
    if path[0] == "photoshop:Instructions" and text.startswith("FBMD"):
        return C.TRACKING
    return C.AI_GENERATION if category is C.CAPTION and is_prompt(text) else category


def _category(path: tuple[str, ...]) -> C:
    if "exif:GPS" in path[0]:
        return C.LOCATION
    # A face is a face also where a region names it with a word of another vocabulary.
    if any(name.startswith(_OF_PEOPLE) for name in path):
        return _BY_NAME.get(path[0], C.PERSON)
    for name in path:
        if name in _BY_NAME:
            return _BY_NAME[name]
    prefix, _, word = path[0].partition(":")
    category = _BY_PREFIX.get(prefix, C.UNKNOWN)
    if category in _VAGUE:
        return next((told for form, told in _BY_WORD if form.search(word)), category)
    return category


def named(path: tuple[str, ...]) -> tuple[str, str]:
    """Return the code of a property and plain words for it: the names it goes by, no value.

    A name that its vocabulary does not have may be anybody's words, as all of an unknown
    vocabulary: it stands in neither.
    """
    names = path[:3]
    unknown = next((name for name in (*names, path[-1]) if not _is_known(name)), None)
    if unknown is not None:
        known = [name.replace(":", ".") for name in itertools.takewhile(_is_known, names)]
        prefix = unknown.partition(":")[0]
        if prefix in _BY_PREFIX:
            code = ".".join(("xmp", *known, prefix, "other"))
            return code, f"{_ABOUT[prefix]}: a name that is not known (XMP)"
        return ".".join(("xmp", *known, "other")), "XMP of a vocabulary that is not known"
    code = ".".join(("xmp", *names)).replace(":", ".")
    for name in (path[-1], path[0]):
        if name in _LABELS:
            return code, f"{_LABELS[name]} (XMP)"
    for name in (path[0], path[-1]):
        prefix, _, word = name.partition(":")
        if prefix in _OF_EXIF and word in _TAG_LABELS:
            return code, f"{_TAG_LABELS[word]} (XMP)"
    name = path[0] if path[0].startswith("exif:") else path[-1]
    prefix, _, word = name.partition(":")
    return code, f"{_ABOUT[prefix]}: {word} (XMP)"


def _is_known(name: str) -> bool:
    prefix, _, word = name.partition(":")
    return word in PROPERTIES.get(prefix, ())
