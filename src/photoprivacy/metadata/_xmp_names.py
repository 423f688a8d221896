"""XMP namespaces and properties: what each tells. From ISO 16684-1 and -2, IPTC, MWG, PLUS, Exif.

A property that is not here takes the category of its namespace; a namespace that is not here
is UNKNOWN.
"""

from __future__ import annotations

from typing import Final

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
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf", C.TECHNICAL, "RDF itself"),
)  # fmt: skip

PREFIXES: Final = {space: prefix for space, prefix, _, _ in NAMESPACES}
_BY_PREFIX: Final = {prefix: category for _, prefix, category, _ in NAMESPACES}

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
    "tiff:Orientation": C.ORIENTATION,
    "exif:ColorSpace": C.COLOR,
    "photoshop:ICCProfile": C.COLOR,
    "photoshop:ColorMode": C.COLOR,
    "tiff:XResolution": C.RESOLUTION,
    "tiff:YResolution": C.RESOLUTION,
    "tiff:ResolutionUnit": C.RESOLUTION,
    "tiff:Software": C.SOFTWARE,
    "Iptc4xmpExt:DigitalSourceType": C.AI_GENERATION,
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
}  # fmt: skip


def category_of(path: tuple[str, ...]) -> C:
    """Return what a property tells; inner names decide before outer ones."""
    if "exif:GPS" in path[0]:
        return C.LOCATION
    # A face is a face also where a region names it with a word of another vocabulary.
    if any(_BY_PREFIX.get(name.partition(":")[0]) is C.PERSON for name in path):
        return _BY_NAME.get(path[0], C.PERSON)
    for name in path:
        if name in _BY_NAME:
            return _BY_NAME[name]
    return _BY_PREFIX.get(path[0].partition(":")[0], C.UNKNOWN)


def label_of(path: tuple[str, ...]) -> str:
    """Return plain words for a property: the names it goes by, never its value."""
    name = path[0] if path[0].startswith("exif:") else path[-1]
    return f"XMP {name}"
