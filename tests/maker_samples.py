"""A value for every row of the tables of maker notes, and what ExifTool calls it."""

from __future__ import annotations

import plistlib

import attrs

from builders_makers import Value, numbers, undefined, written
from photoprivacy.metadata.makers._nikon_cipher import deciphered
from photoprivacy.metadata.makers._sony import _PLAIN


@attrs.frozen
class Sample:
    """A value of a tag, what we make of it, and the name that ExifTool has for it."""

    tag: int
    value: Value
    code: str
    said: object
    name: str = ""
    inner: int = 0
    model: str = ""
    header: bytes | None = None


def enciphered(plain: bytes) -> bytes:
    back = bytes(_PLAIN.index(one) for one in range(256))
    return plain.translate(back)


def placed(size: int, *parts: tuple[int, bytes]) -> bytes:
    data = bytearray(size)
    for at, part in parts:
        data[at : at + len(part)] = part
    return bytes(data)


def rational(*pairs: tuple[int, int]) -> bytes:
    return numbers("i", [part for pair in pairs for part in pair], ">")


UUID = b"570F1469-09C7-4E50-9875-05F21D5BD166"
CLOCK = plistlib.dumps(
    {"flags": 1, "value": 79656660836500, "timescale": 10**9, "epoch": 0},
    fmt=plistlib.FMT_BINARY,
)
DAY = numbers("I", [2012 << 16 | 3 << 8 | 4], ">")
CLOCK_OF_DAY = numbers("I", [21 << 16 | 5 << 8 | 6], ">")

SAMPLES: dict[str, list[Sample]] = {
    "apple": [
        Sample(0x0003, undefined(CLOCK), "run-time", "79656.660836500", "RunTimeValue"),
        Sample(0x0008, (10, rational((1, 2), (-1, 4), (1, 8))), "acceleration", "0.5, -0.25, 0.125", "AccelerationVector"),
        Sample(0x000B, written(UUID), "burst-id", UUID.decode(), "BurstUUID"),
        Sample(0x0011, written(UUID), "content-identifier", UUID.decode(), "MediaGroupUUID"),
        Sample(0x0015, written(UUID), "unique-id", UUID.decode(), "ImageUniqueID"),
        Sample(0x0017, (9, numbers("i", [8192], ">")), "live-photo-index", 8192, "LivePhotoVideoIndex"),
        Sample(0x0020, written(UUID), "capture-request-id", UUID.decode(), "ImageCaptureReqestID"),
        Sample(0x002B, written(UUID), "photo-identifier", UUID.decode()),
        Sample(0x0045, (9, numbers("i", [1], ">")), "front-camera", 1, "FrontFacingCamera"),
    ],
    "canon": [
        Sample(0x0007, written(b"Firmware Version 1.00"), "firmware", "Firmware Version 1.00", "CanonFirmwareVersion"),
        Sample(0x0008, (4, numbers("I", [1242489])), "file-number", 1242489, "FileNumber"),
        Sample(0x0009, written(b"Ann Example", 32), "owner", "Ann Example", "OwnerName"),
        Sample(0x000C, (4, numbers("I", [730267814])), "serial", "0730267814", "SerialNumber"),
        Sample(0x000D, undefined(placed(0x200, (0x10B, b"1.0.9\x00"))), "settings-firmware", "1.0.9", "FirmwareVersion", model="Canon EOS DIGITAL REBEL XS"),
        Sample(0x000D, undefined(placed(0x200, (0x10F, b"Bob Example\x00"))), "owner", "Bob Example", "OwnerName", model="Canon EOS 450D"),
        Sample(0x000D, undefined(placed(0x200, (0xAC, b"Cyd Example\x00"))), "owner", "Cyd Example", "ShortOwnerName", model="Canon EOS 5D"),
        Sample(0x000D, undefined(placed(0x400, (0x164, b"\x00\x00\x12\x34\x56"), (0x23C, b"1.0.3\x00"))), "lens-serial", "0000123456", "LensSerialNumber", model="Canon EOS 5D Mark III"),
        Sample(0x001E, (4, numbers("I", [0x01000200])), "firmware-revision", "1.00 rev 2.00", "FirmwareRevision"),
        Sample(0x0024, (3, numbers("H", [70, 0, 2, 320, 240, *[0] * 30])), "faces", 2, "FacesDetected"),
        Sample(0x0025, (1, placed(32, (0, b"\x20\x23\x03"))), "faces", 3, "FacesDetected"),
        Sample(0x002F, (3, numbers("H", [8, 1, 0, 4])), "faces", 4, "FacesDetected"),
        Sample(0x0028, (1, bytes(range(16, 32))), "unique-id", bytes(range(16, 32)).hex(), "ImageUniqueID"),
        Sample(0x0035, (9, numbers("i", [16, 60, 19, 0])), "time-zone", "+01:00", "TimeZone"),
        Sample(0x0035, (9, numbers("i", [16, 60, 30, 0])), "city", "Los Angeles", "TimeZoneCity"),
        Sample(0x0096, written(b"L0709447UU"), "internal-serial", "L0709447UU", "InternalSerialNumber", model="Canon EOS 1000D"),
        Sample(0x0096, undefined(placed(32, (9, b"H0123456\x00"))), "internal-serial", "H0123456", "InternalSerialNumber", model="Canon EOS 5D"),
        Sample(0x4019, undefined(placed(32, (0, b"\x00\x00\x12\x34\x56"))), "lens-serial", "0000123456", "LensSerialNumber"),
    ],
    "casio": [
        Sample(0x2001, written(b"0504\x00\x001116\x00\x0023\x00\x00\x00"), "firmware-date", "2005:04:11 16:23", "FirmwareDate"),
        Sample(0x2089, undefined(placed(0x600, (0, b"\x02\x00"))), "faces", 2),
        Sample(0x211C, undefined(b"\x02\x00"), "faces", 2),
        Sample(0x3006, written(b"San Jose"), "home-city", "San Jose", "HometownCity"),
    ],
    "casio-old": [
        Sample(0x0015, written(b"0504\x00\x001116\x00\x0023\x00\x00\x00"), "firmware-date", "2005:04:11 16:23", "FirmwareDate"),
    ],
    "dji": [
        *(Sample(tag, (11, numbers("f", [1.5])), "flight-speed", "1.5", f"Speed{axis}") for tag, axis in ((3, "X"), (4, "Y"), (5, "Z"))),
        *(Sample(tag, (11, numbers("f", [2.5])), "attitude", "2.5", name) for tag, name in ((6, "Pitch"), (7, "Yaw"), (8, "Roll"))),
        *(Sample(tag, (11, numbers("f", [3.5])), "camera-attitude", "3.5", name) for tag, name in ((9, "CameraPitch"), (10, "CameraYaw"), (11, "CameraRoll"))),
    ],
    "fujifilm": [
        Sample(0x0010, written(b"FPX12345678 592D33313637120413A0301032B4"), "internal-serial", "FPX12345678 592D33313637120413A0301032B4", "InternalSerialNumber"),
        Sample(0x1438, (3, numbers("H", [1234])), "image-count", 1234, "ImageCount"),
        Sample(0x4100, (3, numbers("H", [2])), "faces", 2, "FacesDetected"),
        Sample(0x4200, (3, numbers("H", [3])), "faces", 3, "NumFaceElements"),
        Sample(0x4282, undefined(b"\x01\x00\x00\x00Ann Example\x00\x02Bob Example\x00"), "face-names", "Ann Example, Bob Example"),
    ],
    "leica": [
        Sample(0x0303, (4, numbers("I", [1234567])), "serial", "0001234567", "SerialNumber", header=b"LEICA\x00\x00\x00"),
        Sample(0x0305, (4, numbers("I", [1234567])), "serial", "0001234567", "SerialNumber", model="LEICA X1"),
        Sample(0x0320, (1, b"\x01\x02\x03\x04"), "firmware", "1.2.3.4"),
        Sample(0x0321, (4, numbers("I", [7654321])), "lens-serial", "0007654321"),
        Sample(0x034C, written(b"My profile"), "user-profile", "My profile"),
        Sample(0x0407, written(b"L1000123.DNG"), "file-name", "L1000123.DNG", "OriginalFileName", model="LEICA X1"),
        Sample(0x0408, written(b"100LEICA"), "folder", "100LEICA", "OriginalDirectory", model="LEICA X1"),
        Sample(0x0500, undefined(b"AAA0912011234\x00"), "internal-serial", "AAA0912011234", "InternalSerialNumber", model="LEICA X1"),
        Sample(0x3038, written(b"My profile"), "user-profile", "My profile", inner=0x3900),
        Sample(0x3103, written(b"1234567"), "serial", "1234567", inner=0x3900),
        Sample(0x3109, written(b"1.2.3"), "firmware", "1.2.3", inner=0x3900),
    ],
    "minolta": [
        *(Sample(tag, undefined(placed(0x100, (4 * 0x15, DAY))), "date", "2012:03:04", "MinoltaDate") for tag in (1, 3)),
        *(Sample(tag, undefined(placed(0x100, (4 * 0x16, CLOCK_OF_DAY))), "clock", "21:05:06", "MinoltaTime") for tag in (1, 3)),
    ],
    "motorola": [
        Sample(0x5500, written(b"OPW28.46-18"), "build", "OPW28.46-18", "BuildNumber"),
        Sample(0x5501, written(b"ZY2242ABCD"), "serial", "ZY2242ABCD", "SerialNumber"),
        Sample(0x6705, written(b"2018-03-04"), "made", "2018-03-04", "ManufactureDate"),
    ],
    "nikon": [
        Sample(0x001D, written(b"3105364"), "serial", "3105364", "SerialNumber"),
        Sample(0x0021, undefined(numbers("H", [0x100, 320, 240, 2, *[0] * 48], ">")), "faces", 2, "FacesDetected"),
        Sample(0x0024, undefined(numbers("h", [180], ">") + b"\x00\x02"), "time-zone", "+03:00", "TimeZone"),
        Sample(0x0037, (4, numbers("I", [1234], ">")), "mechanical-shutter-count", 1234, "MechanicalShutterCount"),
        Sample(0x0039, undefined(placed(90, (0, b"0100\x01NLD"), (9, b"Amsterdam"))), "country", "NLD", "CountryCode"),
        Sample(0x0039, undefined(placed(90, (0, b"0100\x01NLD"), (9, b"Amsterdam"))), "place", "Amsterdam", "Location"),
        Sample(0x0051, undefined(placed(32, (0, b"01.20.a\x00"))), "nef-firmware", "01.20.a", "FirmwareVersion"),
        Sample(0x0056, undefined(placed(32, (0, b"0120"))), "burst-firmware", "0120", "FirmwareVersion"),
        Sample(0x0091, undefined(placed(0x200, (0, b"0210" + deciphered(b"1.10B\x00\x00\x00", 3105364, 241575)))), "firmware", "1.10B", "FirmwareVersion"),
        Sample(0x0091, undefined(placed(0x200, (0, b"0101" + b"1.02\x00"))), "firmware", "1.02"),
        Sample(0x00A0, written(b"NO= 1000f46"), "serial", "NO= 1000f46", "SerialNumber"),
        Sample(0x00A5, (4, numbers("I", [1235], ">")), "image-count", 1235, "ImageCount"),
        Sample(0x00A6, (4, numbers("I", [12], ">")), "deleted-count", 12, "DeletedImageCount"),
        Sample(0x00A7, (4, numbers("I", [241575], ">")), "shutter-count", 241575, "ShutterCount"),
        Sample(0x00B6, undefined(numbers("H", [2010], ">") + b"\x04\x19\x0a\x33\x00\x00"), "power-up", "2010:04:25 10:51:00", "PowerUpTime"),
        Sample(0x00B8, undefined(b"0100" + numbers("H", [0, 100, 5366], ">")), "file-number", 5366, "FileNumber"),
        Sample(0x00C3, undefined(placed(16, (6, numbers("i", [42], ">")))), "altitude", 42, "Altitude"),
        Sample(0x0E09, written(b"COOLPIX P6000V1.0"), "software", "COOLPIX P6000V1.0", "NikonCaptureVersion"),
    ],
    "nintendo": [
        Sample(0x1101, undefined(placed(0x40, (0, b"3DS1"), (8, numbers("I", [368_000_000])))), "time", "2011:08:30 06:13:20", "TimeStamp"),
        Sample(0x1101, undefined(placed(0x40, (0, b"3DS1"), (0x18, b"\x12\x34\x56\x78"))), "internal-serial", "12345678", "InternalSerialNumber"),
    ],
    "olympus": [
        Sample(0x0104, written(b"1.002"), "firmware", "1.002", "BodyFirmwareVersion"),
        Sample(0x0207, written(b"D4322"), "camera-type", "D4322", "CameraType"),
        Sample(0x0209, undefined(b"OLYMPUS DIGITAL CAMERA\x00"), "camera-id", "OLYMPUS DIGITAL CAMERA", "CameraID"),
        Sample(0x020D, written(b"Photolier 1.0"), "software", "Photolier 1.0", "EpsonSoftware"),
        Sample(0x0404, written(b"123456789"), "serial", "123456789", "SerialNumber"),
        Sample(0x0405, written(b"8001"), "firmware", "8001", "Firmware"),
        Sample(0x101A, written(b"987654321"), "serial", "987654321", "SerialNumber"),
        Sample(0x0101, written(b"B9V508278", 32), "serial", "B9V508278", "SerialNumber", 0x2010),
        Sample(0x0102, written(b"4124207000283102", 32), "internal-serial", "4124207000283102", "InternalSerialNumber", 0x2010),
        Sample(0x0104, (4, numbers("I", [0x1301])), "firmware", "1.301", "BodyFirmwareVersion", 0x2010),
        Sample(0x0202, written(b"ABG366769", 32), "lens-serial", "ABG366769", "LensSerialNumber", 0x2010),
        Sample(0x0204, (4, numbers("I", [0x1105])), "lens-firmware", "1.105", "LensFirmwareVersion", 0x2010),
        Sample(0x0302, written(b"EX1234567", 32), "extender-serial", "EX1234567", "ExtenderSerialNumber", 0x2010),
        Sample(0x0304, (4, numbers("I", [0x1001])), "extender-firmware", "1.001", "ExtenderFirmwareVersion", 0x2010),
        Sample(0x1002, (4, numbers("I", [0x1010])), "flash-firmware", "1.010", "FlashFirmwareVersion", 0x2010),
        Sample(0x1003, written(b"FL1234567", 32), "flash-serial", "FL1234567", "FlashSerialNumber", 0x2010),
        Sample(0x0900, (3, numbers("H", [10130])), "pressure", 1013.0, "ManometerPressure", 0x2020),
        Sample(0x0901, (9, numbers("i", [120, 390])), "height", "12, 39", "ManometerReading", 0x2020),
        Sample(0x0908, written(b"2020:01:02 03:04:05", 24), "time", "2020:01:02 03:04:05", "DateTimeUTC", 0x2020),
        Sample(0x1200, (4, numbers("I", [2, 0, 0])), "faces", "2, 0, 0", "FacesDetected", 0x2040),
        Sample(0x0100, written(b"1.2.3.4"), "firmware", "1.2.3.4", "BodyFirmwareVersion", 0x2100),
    ],
    "panasonic": [
        Sample(0x0002, undefined(b"\x00\x01\x00\x15"), "firmware", "0.1.0.21", "FirmwareVersion"),
        Sample(0x0025, undefined(b"\x00\x00S010604030293\x00"), "internal-serial", "S010604030293", "InternalSerialNumber"),
        Sample(0x0029, (4, numbers("I", [3303])), "run-time", 3303, "TimeSincePowerOn"),
        Sample(0x0033, written(b"0001:02:03 00:00:00"), "age", "0001:02:03 00:00:00", "BabyAge"),
        Sample(0x003A, (3, numbers("H", [2])), "away", "destination", "WorldTimeLocation"),
        Sample(0x003F, (3, numbers("H", [2])), "faces", 2, "FacesDetected"),
        Sample(0x004E, undefined(numbers("H", [3, *[1] * 20])), "faces", 3, "NumFacePositions"),
        Sample(0x0052, written(b"12345678901"), "lens-serial", "12345678901", "LensSerialNumber"),
        Sample(0x0054, written(b"0000123"), "accessory-serial", "0000123", "AccessorySerialNumber"),
        Sample(0x0060, undefined(b"\x00\x01\x00\x02"), "lens-firmware", "0.1.0.2", "LensFirmwareVersion"),
        *(
            sample
            for number, at in enumerate((0x04, 0x34, 0x64), 1)
            for sample in (
                Sample(0x0061, undefined(placed(148, (0, b"\x03\x00"), (at, b"Ann Example"))), "face-name", "Ann Example", f"RecognizedFace{number}Name"),
                Sample(0x0061, undefined(placed(148, (0, b"\x03\x00"), (at + 28, b"0001:02:03 00:00:00"))), "face-age", "0001:02:03 00:00:00", f"RecognizedFace{number}Age"),
            )
        ),
        Sample(0x0065, undefined(b"My holiday\x00"), "title", "My holiday", "Title"),
        Sample(0x0066, undefined(b"Little Ann\x00"), "name", "Little Ann", "BabyName"),
        Sample(0x0067, undefined(b"Grandma's\x00"), "place", "Grandma's", "Location"),
        Sample(0x0069, undefined(b"Netherlands\x00"), "country", "Netherlands", "Country"),
        Sample(0x006B, undefined(b"North Holland\x00"), "state", "North Holland", "State"),
        Sample(0x006D, undefined(b"Amsterdam\x00"), "city", "Amsterdam", "City"),
        Sample(0x006F, undefined(b"Dam Square\x00"), "landmark", "Dam Square", "Landmark"),
        Sample(0x0080, undefined(b"Haarlem\x00"), "city", "Haarlem", "City2"),
        Sample(0x0086, (3, numbers("H", [1013])), "pressure", 1013, "ManometerPressure"),
        Sample(0x00AF, written(b"2020:01:02 03:04:05"), "time", "2020:01:02 03:04:05", "TimeStamp"),
        Sample(0x2003, undefined(b"\x20\x20\x01\x02\x03\x04\x05\x00" + bytes(12)), "time", "2020:01:02 03:04:05", "PanasonicDateTime"),
        Sample(0x8010, written(b"0002:02:03 00:00:00"), "age", "0002:02:03 00:00:00", "BabyAge"),
    ],
    "pentax": [
        Sample(0x0006, undefined(b"\x07\xdc\x03\x04"), "date", "2012:03:04", "Date"),
        Sample(0x0007, undefined(b"\x15\x05\x06"), "clock", "21:05:06", "Time"),
        Sample(0x0022, (3, numbers("H", [1], ">")), "away", 1, "WorldTimeLocation"),
        Sample(0x0023, (3, numbers("H", [27], ">")), "home-city", 27, "HometownCity"),
        Sample(0x0024, (3, numbers("H", [28], ">")), "destination-city", 28, "DestinationCity"),
        Sample(0x0027, undefined(b"\xfe\xfd\xfc\xfb"), "dsp-firmware", "1.02.03.04", "DSPFirmwareVersion"),
        Sample(0x0028, undefined(b"\xfe\xfd\xfc\xfb"), "cpu-firmware", "1.02.03.04", "CPUFirmwareVersion"),
        Sample(0x0029, (4, numbers("I", [1234], ">")), "image-count", 1234, "FrameNumber"),
        Sample(0x0060, undefined(b"\x02\x00\x10\x10"), "faces", 2, "FacesDetected"),
        Sample(0x006B, undefined(b"\x01\x00\x1b\x1c"), "away", "destination", "WorldTimeLocation"),
        Sample(0x006B, undefined(b"\x01\x00\x1b\x1c"), "home-city", 27, "HometownCity"),
        Sample(0x006B, undefined(b"\x01\x00\x1b\x1c"), "destination-city", 28, "DestinationCity"),
        Sample(0x0076, (1, b"\x05\x02"), "faces", 2, "FaceDetect"),
        Sample(0x0215, (4, numbers("I", [1, 20120304, 3, 4, 1234567], ">")), "made", "2012:03:04", "ManufactureDate"),
        Sample(0x0215, (4, numbers("I", [1, 20120304, 3, 4, 1234567], ">")), "internal-serial", 1234567, "InternalSerialNumber"),
        Sample(0x0229, written(b"1234567"), "serial", "1234567", "SerialNumber"),
        Sample(0x022E, written(b"Ann Example"), "artist", "Ann Example", "Artist"),
        Sample(0x022F, written(b"(c) Ann Example"), "copyright", "(c) Ann Example", "Copyright"),
        Sample(0x0230, written(b"K-5 Ver 1.00"), "firmware", "K-5 Ver 1.00", "FirmwareVersion"),
    ],
    "ricoh": [
        Sample(0x0002, written(b"1.20"), "firmware", "1.20", "FirmwareVersion"),
        Sample(0x0005, undefined(b"SID12345678\x00\x00\x00\x00\x00"), "serial", "SID12345678", "InternalSerialNumber"),
        Sample(0x1001, undefined(placed(40, (6, b"\x20\x12\x03\x04\x21\x05\x06"))), "time", "2012:03:04 21:05:06", "RicohDate"),
    ],
    "samsung": [
        Sample(0x0030, written(b"Centrum"), "place", "Centrum", "LocalLocationName"),
        Sample(0x0031, written(b"Amsterdam"), "place", "Amsterdam", "LocationName"),
        Sample(0x0100, (3, numbers("H", [1])), "faces", 1, "FaceDetect"),
        Sample(0x0120, (4, numbers("I", [1])), "faces-recognized", 1, "FaceRecognition"),
        Sample(0x0123, written(b"Ann Example"), "face-name", "Ann Example", "FaceName"),
        Sample(0xA001, written(b"NX1_1.40"), "firmware", "NX1_1.40", "FirmwareName"),
        Sample(0xA002, written(b"A1B2C3D4E5"), "serial", "A1B2C3D4E5", "SerialNumber"),
        Sample(0xA004, written(b"01.02_34"), "lens-firmware", "01.02_34", "LensFirmware"),
        Sample(0xA005, written(b"LENS12345"), "lens-serial", "LENS12345", "InternalLensSerialNumber"),
    ],
    "sanyo": [
        Sample(0x0207, written(b"V113p"), "software", "V113p", "SoftwareVersion"),
        Sample(0x0209, undefined(b"SANYO DIGITAL CAMERA\x00"), "camera-id", "SANYO DIGITAL CAMERA", "CameraID"),
    ],
    "sigma": [
        Sample(0x0002, written(b"123456789"), "serial", "123456789", "SerialNumber"),
        Sample(0x0017, written(b"1.02.03"), "firmware", "1.02.03", "Firmware"),
        Sample(0x0018, written(b"SIGMA Photo Pro"), "software", "SIGMA Photo Pro", "Software"),
        Sample(0x003B, written(b"1.02.04"), "firmware", "1.02.04", "Firmware", model="SIGMA DP1"),
        Sample(0x0057, written(b"1.02.05"), "firmware", "1.02.05", "Firmware2", model="SIGMA DP2"),
        Sample(0x008C, written(b"1.02.06"), "firmware", "1.02.06", "Firmware", model="SIGMA dp2 Quattro"),
    ],
    "sony": [
        Sample(0x2010, undefined(enciphered(placed(0x400, (0x1B6, b"\xdc\x07\x03\x04\x15\x05\x06")))), "time", "2012:03:04 21:05:06", "SonyDateTime", model="SLT-A65V"),
        Sample(0x2031, written(b"87654321"), "serial", "21436587", "SerialNumber"),
        Sample(0x3000, undefined(placed(0x50, (0, b"II"), (2, numbers("H", [0x48])), (6, b"2012:03:04 21:05:06"))), "time", "2012:03:04 21:05:06", "SonyDateTime"),
        Sample(0x3000, undefined(placed(0x50, (0, b"II"), (2, numbers("H", [0x48])), (0x30, b"\x02\x00"))), "faces", 2, "FacesDetected"),
        Sample(0x9050, undefined(enciphered(placed(0x400, (0x88, b"\x0d\xff\x00\x00\xf6\x08")))), "internal-serial", "0dff0000f608", "InternalSerialNumber", model="ILCE-7SM3"),
        Sample(0x9050, undefined(enciphered(placed(0x400, (0x8A, b"\x0d\xf0\x00\x00\xf6\x08")))), "internal-serial", "0df00000f608", "InternalSerialNumber", model="ILCE-1"),
        Sample(0x9050, undefined(enciphered(placed(0x400, (0xF0, b"\x0d\xf0\x00\xf6\x08")))), "internal-serial", "0df000f608", "InternalSerialNumber", model="SLT-A99V"),
        Sample(0x9050, undefined(enciphered(placed(0x400, (0x7C, b"\x0d\xf0\xf6\x08")))), "internal-serial", "0df0f608", "InternalSerialNumber", model="ILCE-7"),
        Sample(0x9050, undefined(enciphered(placed(0x400, (0x3A, b"\xb3\x00\x00\x00")))), "shutter-count", 179, "ShutterCount", model="ILCE-7SM3"),
        Sample(0x9050, undefined(enciphered(placed(0x400, (0x32, b"\xb3\x00\x00\x00")))), "shutter-count", 179, "ShutterCount", model="ILCE-7"),
        Sample(0x940C, undefined(enciphered(placed(0x40, (8, b"\x04"), (0x14, b"\x02\x02")))), "lens-firmware", "Ver.02.002", "LensFirmwareVersion", model="ILCE-7SM3"),
    ],
}  # fmt: skip
