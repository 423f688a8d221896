"""Exif tags that tell something: facts from Exif 3.0 (CIPA DC-008-2023) and TIFF 6.0.

A tag that is not here is still found: as UNKNOWN, by number.
"""

from __future__ import annotations

from typing import Final

import attrs

from photoprivacy.policy import Category as C

IFD0, EXIF, GPS, INTEROP, IFD1 = "IFD0", "Exif", "GPS", "Interop", "IFD1"

#: tag that points to another IFD → that IFD's name (Exif 3.0, 4.6.3; TIFF/EP for SubIFDs)
POINTERS: Final = {0x8769: EXIF, 0x8825: GPS, 0xA005: INTEROP, 0x014A: "SubIFD"}

#: name of an IFD → its part of a finding's code
SPACES: Final = {
    IFD0: "image",
    EXIF: "photo",
    GPS: "gps",
    INTEROP: "interop",
    IFD1: "thumbnail",
    "SubIFD": "sub-image",
}


@attrs.frozen
class Tag:
    """One row of the table."""

    name: str
    category: C
    code: str
    label: str


def _rows(rows: tuple[tuple[int, str, C, str, str], ...]) -> dict[int, Tag]:
    return {
        number: Tag(name, category, code, label) for number, name, category, code, label in rows
    }


_IMAGE: Final = _rows((
    (0x000B, "ProcessingSoftware", C.SOFTWARE, "software", "Processing software"),
    (0x010D, "DocumentName", C.HISTORY, "document-name", "Document name"),
    (0x010E, "ImageDescription", C.CAPTION, "description", "Description"),
    (0x010F, "Make", C.DEVICE, "make", "Camera maker"),
    (0x0110, "Model", C.DEVICE, "model", "Camera model"),
    (0x0112, "Orientation", C.ORIENTATION, "orientation", "Orientation"),
    (0x011A, "XResolution", C.RESOLUTION, "resolution-x", "Resolution"),
    (0x011B, "YResolution", C.RESOLUTION, "resolution-y", "Resolution"),
    (0x011D, "PageName", C.CAPTION, "page-name", "Page name"),
    (0x0128, "ResolutionUnit", C.RESOLUTION, "resolution-unit", "Unit of resolution"),
    (0x0131, "Software", C.SOFTWARE, "software", "Software"),
    (0x0132, "DateTime", C.TIME, "modified", "Time of the last change"),
    (0x013B, "Artist", C.RIGHTS, "artist", "Artist"),
    (0x013C, "HostComputer", C.DEVICE, "host-computer", "Computer or phone"),
    (0x02BC, "XMLPacket", C.UNKNOWN, "xmp", "XMP inside Exif"),
    (0x1001, "RelatedImageWidth", C.TECHNICAL, "related-width", "Width of the original"),
    (0x4746, "Rating", C.TECHNICAL, "rating", "Rating"),
    (0x4749, "RatingPercent", C.TECHNICAL, "rating-percent", "Rating"),
    (0x8298, "Copyright", C.RIGHTS, "copyright", "Copyright"),
    (0x83BB, "IPTC", C.UNKNOWN, "iptc", "IPTC inside Exif"),
    (0x8649, "ImageResources", C.UNKNOWN, "photoshop", "Photoshop resources inside Exif"),
    (0x8773, "InterColorProfile", C.COLOR, "profile", "Colour profile inside Exif"),
    (0x9A00, "XiaomiModel", C.DEVICE, "xiaomi-model", "Model of the phone"),
    (0x9C9B, "XPTitle", C.CAPTION, "xp-title", "Title"),
    (0x9C9C, "XPComment", C.CAPTION, "xp-comment", "Comment"),
    (0x9C9D, "XPAuthor", C.RIGHTS, "xp-author", "Author"),
    (0x9C9E, "XPKeywords", C.CAPTION, "xp-keywords", "Keywords"),
    (0x9C9F, "XPSubject", C.CAPTION, "xp-subject", "Subject"),
    (0xC4A5, "PrintIM", C.TECHNICAL, "print-matching", "Print image matching"),
    (0xC614, "UniqueCameraModel", C.DEVICE, "unique-model", "Camera model"),
    (0xC62F, "CameraSerialNumber", C.SERIAL, "serial", "Serial number of the camera"),
    (0xC68B, "OriginalRawFileName", C.HISTORY, "raw-file-name", "Name of the raw file"),
    (0x8482, "IntergraphMatrix", C.LOCATION, "geo-matrix", "Where the picture lies on the ground"),
    (0x830E, "ModelPixelScale", C.LOCATION, "geo-scale", "Where the picture lies on the ground"),
    (0x87AF, "GeoKeyDirectory", C.LOCATION, "geo-keys", "Where the picture lies on the ground"),
    (0x87B0, "GeoDoubleParams", C.LOCATION, "geo-numbers", "Where the picture lies on the ground"),
    (0x87B1, "GeoAsciiParams", C.LOCATION, "geo-words", "Where the picture lies on the ground"),
    (0x8480, "ModelTiePoint", C.LOCATION, "geo-tie-point", "Where the picture lies on the ground"),
    (0x85D8, "ModelTransform", C.LOCATION, "geo-transform", "Where the picture lies on the ground"),
    (0x935C, "ImageSourceData", C.HISTORY, "layers", "Photoshop layers, with their names"),
    (0xA480, "GDALMetadata", C.LOCATION, "geo-metadata", "What a map program says"),
    (0xC65D, "RawDataUniqueID", C.TRACKING, "raw-id", "Unique identifier of the raw picture"),
    (0xC634, "DNGPrivateData", C.TRACKING, "private-data", "A maker's own notes"),
    (0xC6F8, "ProfileName", C.COLOR, "profile-name", "Name of a camera profile"),
    (0xC6FE, "ProfileCopyright", C.SOFTWARE, "profile-copyright", "Copyright of a camera profile"),
    (0xC716, "PreviewApplicationName", C.SOFTWARE, "preview-software", "Software of the preview"),
    (0xC717, "PreviewApplicationVersion", C.SOFTWARE, "preview-software", "Software of the preview"),
    (0xC71B, "PreviewDateTime", C.TIME, "preview-date", "Time of the preview"),
    (0xC7A1, "CameraLabel", C.CAPTION, "camera-label", "Label of the camera"),
    (0xC7E9, "ReelName", C.CAPTION, "reel", "Name of a reel"),
    (0xEA1D, "OffsetSchema", C.TECHNICAL, "offset-schema", "How far a maker note was moved"),
    (0xEA1C, "Padding", C.UNKNOWN, "padding", "Padding"),
    # How the pixels of the IFD are stored (TIFF 6.0, 8): tells nothing by itself.
    (0x00FE, "NewSubfileType", C.TECHNICAL, "subfile-type", "Kind of picture"),
    (0x0100, "ImageWidth", C.TECHNICAL, "width", "Width"),
    (0x0101, "ImageLength", C.TECHNICAL, "height", "Height"),
    (0x0102, "BitsPerSample", C.TECHNICAL, "bits", "Bits per sample"),
    (0x0103, "Compression", C.TECHNICAL, "compression", "Compression"),
    (0x0106, "PhotometricInterpretation", C.TECHNICAL, "photometric", "Pixel layout"),
    (0x0111, "StripOffsets", C.TECHNICAL, "strip-offsets", "Place of the pixels"),
    (0x0115, "SamplesPerPixel", C.TECHNICAL, "samples", "Samples per pixel"),
    (0x0116, "RowsPerStrip", C.TECHNICAL, "rows-per-strip", "Rows per strip"),
    (0x0117, "StripByteCounts", C.TECHNICAL, "strip-sizes", "Size of the pixels"),
    (0x011C, "PlanarConfiguration", C.TECHNICAL, "planar", "Pixel layout"),
    (0x012D, "TransferFunction", C.COLOR, "transfer", "Transfer function"),
    (0x013E, "WhitePoint", C.COLOR, "white-point", "White point"),
    (0x013F, "PrimaryChromaticities", C.COLOR, "primaries", "Primaries"),
    (0x0201, "JPEGInterchangeFormat", C.TECHNICAL, "offset", "Place of the thumbnail"),
    (0x0202, "JPEGInterchangeFormatLength", C.TECHNICAL, "length", "Size of the thumbnail"),
    (0x0211, "YCbCrCoefficients", C.COLOR, "ycbcr", "Colour conversion"),
    (0x0212, "YCbCrSubSampling", C.TECHNICAL, "subsampling", "Subsampling"),
    (0x0213, "YCbCrPositioning", C.TECHNICAL, "positioning", "Position of colour samples"),
    (0x0214, "ReferenceBlackWhite", C.COLOR, "black-white", "Black and white reference"),
))  # fmt: skip

_PHOTO: Final = _rows((
    (0x829A, "ExposureTime", C.TECHNICAL, "exposure-time", "Exposure time"),
    (0x829D, "FNumber", C.TECHNICAL, "f-number", "Aperture"),
    (0x8822, "ExposureProgram", C.TECHNICAL, "exposure-program", "Exposure program"),
    (0x8824, "SpectralSensitivity", C.TECHNICAL, "spectral-sensitivity", "Sensitivity"),
    (0x8827, "ISO", C.TECHNICAL, "iso", "Sensitivity"),
    (0x8828, "OECF", C.TECHNICAL, "oecf", "Conversion function"),
    (0x882A, "TimeZoneOffset", C.TIME, "offset", "Time zone"),
    (0x8830, "SensitivityType", C.TECHNICAL, "sensitivity-type", "Sensitivity"),
    (0x8831, "StandardOutputSensitivity", C.TECHNICAL, "sensitivity", "Sensitivity"),
    (0x8832, "RecommendedExposureIndex", C.TECHNICAL, "exposure-index", "Exposure index"),
    (0x8833, "ISOSpeed", C.TECHNICAL, "iso-speed", "Sensitivity"),
    (0x8834, "ISOSpeedLatitudeyyy", C.TECHNICAL, "iso-speed", "Sensitivity"),
    (0x8835, "ISOSpeedLatitudezzz", C.TECHNICAL, "iso-speed", "Sensitivity"),
    (0x9000, "ExifVersion", C.TECHNICAL, "version", "Version of Exif"),
    (0x9003, "DateTimeOriginal", C.TIME, "taken", "Time of capture"),
    (0x9004, "DateTimeDigitized", C.TIME, "digitized", "Time of digitisation"),
    (0x9010, "OffsetTime", C.TIME, "offset", "Time zone"),
    (0x9011, "OffsetTimeOriginal", C.TIME, "offset", "Time zone of capture"),
    (0x9012, "OffsetTimeDigitized", C.TIME, "offset", "Time zone of digitisation"),
    (0x9101, "ComponentsConfiguration", C.TECHNICAL, "components", "Components"),
    (0x9102, "CompressedBitsPerPixel", C.TECHNICAL, "compressed-bits", "Compression"),
    (0x9201, "ShutterSpeedValue", C.TECHNICAL, "shutter-speed", "Shutter speed"),
    (0x9202, "ApertureValue", C.TECHNICAL, "aperture", "Aperture"),
    (0x9203, "BrightnessValue", C.TECHNICAL, "brightness", "Brightness"),
    (0x9204, "ExposureBiasValue", C.TECHNICAL, "exposure-bias", "Exposure correction"),
    (0x9205, "MaxApertureValue", C.TECHNICAL, "max-aperture", "Largest aperture"),
    (0x9206, "SubjectDistance", C.TECHNICAL, "subject-distance", "Distance to the subject"),
    (0x9207, "MeteringMode", C.TECHNICAL, "metering", "Metering"),
    (0x9208, "LightSource", C.TECHNICAL, "light-source", "Light source"),
    (0x9209, "Flash", C.TECHNICAL, "flash", "Flash"),
    (0x920A, "FocalLength", C.TECHNICAL, "focal-length", "Focal length"),
    (0x9211, "ImageNumber", C.TRACKING, "image-number", "Number of the picture"),
    (0x9213, "ImageHistory", C.HISTORY, "history", "History"),
    (0x9214, "SubjectArea", C.TECHNICAL, "subject-area", "Where the subject is"),
    (0x927C, "MakerNote", C.TRACKING, "maker-note", "Maker note"),
    (0x9286, "UserComment", C.CAPTION, "user-comment", "Comment"),
    (0x9290, "SubSecTime", C.TIME, "modified-fraction", "Fraction of the second of change"),
    (0x9291, "SubSecTimeOriginal", C.TIME, "taken-fraction", "Fraction of the second of capture"),
    (0x9292, "SubSecTimeDigitized", C.TIME, "digitized-fraction", "Fraction of the second"),
    (0x9400, "AmbientTemperature", C.LOCATION, "temperature", "Temperature"),
    (0x9401, "Humidity", C.LOCATION, "humidity", "Humidity"),
    (0x9402, "Pressure", C.LOCATION, "pressure", "Air pressure"),
    (0x9403, "WaterDepth", C.LOCATION, "water-depth", "Depth under water"),
    (0x9404, "Acceleration", C.TECHNICAL, "acceleration", "Acceleration"),
    (0x9405, "CameraElevationAngle", C.TECHNICAL, "elevation-angle", "Tilt of the camera"),
    (0xA000, "FlashpixVersion", C.TECHNICAL, "flashpix-version", "Version of FlashPix"),
    (0xA001, "ColorSpace", C.COLOR, "color-space", "Colour space"),
    (0xA002, "PixelXDimension", C.TECHNICAL, "width", "Width"),
    (0xA003, "PixelYDimension", C.TECHNICAL, "height", "Height"),
    (0xA004, "RelatedSoundFile", C.HISTORY, "sound-file", "Name of a sound file"),
    (0xA20B, "FlashEnergy", C.TECHNICAL, "flash-energy", "Flash"),
    (0xA20E, "FocalPlaneXResolution", C.TECHNICAL, "focal-plane-x", "Focal plane"),
    (0xA20F, "FocalPlaneYResolution", C.TECHNICAL, "focal-plane-y", "Focal plane"),
    (0xA210, "FocalPlaneResolutionUnit", C.TECHNICAL, "focal-plane-unit", "Focal plane"),
    (0xA214, "SubjectLocation", C.TECHNICAL, "subject-location", "Where the subject is"),
    (0xA215, "ExposureIndex", C.TECHNICAL, "exposure-index", "Exposure index"),
    (0xA217, "SensingMethod", C.TECHNICAL, "sensing", "Kind of sensor"),
    (0xA300, "FileSource", C.TECHNICAL, "file-source", "Kind of source"),
    (0xA301, "SceneType", C.TECHNICAL, "scene-type", "Kind of scene"),
    (0xA302, "CFAPattern", C.TECHNICAL, "cfa", "Sensor pattern"),
    (0xA401, "CustomRendered", C.TECHNICAL, "custom-rendered", "Processing"),
    (0xA402, "ExposureMode", C.TECHNICAL, "exposure-mode", "Exposure mode"),
    (0xA403, "WhiteBalance", C.TECHNICAL, "white-balance", "White balance"),
    (0xA404, "DigitalZoomRatio", C.TECHNICAL, "digital-zoom", "Digital zoom"),
    (0xA405, "FocalLengthIn35mm", C.TECHNICAL, "focal-length-35mm", "Focal length"),
    (0xA406, "SceneCaptureType", C.TECHNICAL, "scene-capture", "Kind of scene"),
    (0xA407, "GainControl", C.TECHNICAL, "gain", "Gain"),
    (0xA408, "Contrast", C.TECHNICAL, "contrast", "Contrast"),
    (0xA409, "Saturation", C.TECHNICAL, "saturation", "Saturation"),
    (0xA40A, "Sharpness", C.TECHNICAL, "sharpness", "Sharpness"),
    (0xA40B, "DeviceSettingDescription", C.TECHNICAL, "settings", "Settings"),
    (0xA40C, "SubjectDistanceRange", C.TECHNICAL, "distance-range", "Distance"),
    (0xA420, "ImageUniqueID", C.TRACKING, "unique-id", "Unique identifier of the picture"),
    (0xA430, "CameraOwnerName", C.PERSON, "owner", "Name of the camera's owner"),
    (0xA431, "BodySerialNumber", C.SERIAL, "serial", "Serial number of the camera"),
    (0xA432, "LensSpecification", C.DEVICE, "lens-specification", "Kind of lens"),
    (0xA433, "LensMake", C.DEVICE, "lens-make", "Lens maker"),
    (0xA434, "LensModel", C.DEVICE, "lens-model", "Lens model"),
    (0xA435, "LensSerialNumber", C.SERIAL, "lens-serial", "Serial number of the lens"),
    (0xA436, "ImageTitle", C.CAPTION, "title", "Title"),
    (0xA437, "Photographer", C.PERSON, "photographer", "Photographer"),
    (0xA438, "ImageEditor", C.PERSON, "editor", "Editor"),
    (0xA439, "CameraFirmware", C.SOFTWARE, "firmware", "Firmware of the camera"),
    (0xA43A, "RAWDevelopingSoftware", C.SOFTWARE, "raw-software", "Raw software"),
    (0xA43B, "ImageEditingSoftware", C.SOFTWARE, "editing-software", "Editing software"),
    (0xA43C, "MetadataEditingSoftware", C.SOFTWARE, "metadata-software", "Metadata software"),
    (0xA460, "CompositeImage", C.TECHNICAL, "composite", "Composite picture"),
    (0xA461, "SourceImageNumberOfCompositeImage", C.TECHNICAL, "composite-count", "Composite"),
    (0xA462, "SourceExposureTimesOfCompositeImage", C.TECHNICAL, "composite-times", "Composite"),
    (0xA500, "Gamma", C.COLOR, "gamma", "Gamma"),
    (0xFDE8, "OwnerName", C.PERSON, "owner", "Name of the owner"),
    (0xFDE9, "SerialNumber", C.SERIAL, "serial", "Serial number of the camera"),
    (0xFDEA, "Lens", C.DEVICE, "lens-model", "Lens"),
))  # fmt: skip

_GPS: Final = _rows(
    tuple(
        (number, name, C.LOCATION, code, label)
        for number, name, code, label in (
            (0x00, "GPSVersionID", "version", "GPS directory"),
            (0x01, "GPSLatitudeRef", "latitude", "GPS latitude, north or south"),
            (0x02, "GPSLatitude", "latitude", "GPS latitude"),
            (0x03, "GPSLongitudeRef", "longitude", "GPS longitude, east or west"),
            (0x04, "GPSLongitude", "longitude", "GPS longitude"),
            (0x05, "GPSAltitudeRef", "altitude", "GPS altitude, above or below the sea"),
            (0x06, "GPSAltitude", "altitude", "GPS altitude"),
            (0x07, "GPSTimeStamp", "time", "GPS time"),
            (0x08, "GPSSatellites", "satellites", "GPS satellites"),
            (0x09, "GPSStatus", "status", "GPS status"),
            (0x0A, "GPSMeasureMode", "mode", "GPS mode"),
            (0x0B, "GPSDOP", "precision", "GPS precision"),
            (0x0C, "GPSSpeedRef", "speed", "GPS speed"),
            (0x0D, "GPSSpeed", "speed", "GPS speed"),
            (0x0E, "GPSTrackRef", "track", "GPS direction of movement"),
            (0x0F, "GPSTrack", "track", "GPS direction of movement"),
            (0x10, "GPSImgDirectionRef", "direction", "GPS direction of view, from which north"),
            (0x11, "GPSImgDirection", "direction", "GPS direction of view"),
            (0x12, "GPSMapDatum", "datum", "GPS datum"),
            (0x13, "GPSDestLatitudeRef", "destination", "GPS destination"),
            (0x14, "GPSDestLatitude", "destination", "GPS destination"),
            (0x15, "GPSDestLongitudeRef", "destination", "GPS destination"),
            (0x16, "GPSDestLongitude", "destination", "GPS destination"),
            (0x17, "GPSDestBearingRef", "destination-bearing", "GPS bearing of destination"),
            (0x18, "GPSDestBearing", "destination-bearing", "GPS bearing of destination"),
            (0x19, "GPSDestDistanceRef", "destination-distance", "GPS distance of destination"),
            (0x1A, "GPSDestDistance", "destination-distance", "GPS distance of destination"),
            (0x1B, "GPSProcessingMethod", "method", "GPS method"),
            (0x1C, "GPSAreaInformation", "area", "GPS area"),
            (0x1D, "GPSDateStamp", "date", "GPS date"),
            (0x1E, "GPSDifferential", "differential", "GPS correction"),
            (0x1F, "GPSHPositioningError", "error", "GPS error"),
        )
    )
)

_INTEROP: Final = _rows((
    (0x0001, "InteroperabilityIndex", C.COLOR, "index", "Interoperability"),
    (0x0002, "InteroperabilityVersion", C.TECHNICAL, "version", "Interoperability"),
    (0x1000, "RelatedImageFileFormat", C.TECHNICAL, "related-format", "Format of the original"),
    (0x1001, "RelatedImageWidth", C.TECHNICAL, "related-width", "Width of the original"),
    (0x1002, "RelatedImageLength", C.TECHNICAL, "related-height", "Height of the original"),
))  # fmt: skip

#: name of an IFD → its tags. Cameras write image tags into the Exif IFD and back.
TAGS: Final = {
    IFD0: _PHOTO | _IMAGE,
    EXIF: _IMAGE | _PHOTO,
    GPS: _GPS,
    INTEROP: _INTEROP,
    IFD1: _PHOTO | _IMAGE,
    "SubIFD": _PHOTO | _IMAGE,
}
