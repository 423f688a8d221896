"""Words of formats for where something stands. A type that no standard has may be anybody's word."""

from __future__ import annotations

import re
from typing import Final

import attrs

from photoprivacy.containers._model import Block

#: format → its types of chunks, boxes and segments, of four letters at most
_WORDS: Final = {
    "JPEG (T.81, table B.1), and our own words": """
        COM DAC DHP DHT DNL DQT DRI EOI EXP SOI SOS gap scan IFD
    """,
    "PNG (ISO/IEC 15948, 11; PNG extensions 1.5; APNG; C2PA)": """
        IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI mDCv cLLi tEXt zTXt iTXt
        bKGD hIST pHYs sPLT eXIf zxIf tIME acTL fcTL fdAT oFFs pCAL sCAL sTER gIFg gIFx gIFt dSIG
        fRAc vpAg iDOT caBX
    """,
    "WebP (RFC 9649), RIFF INFO lists": """
        VP8 VP8L VP8X ALPH ANIM ANMF ICCP EXIF XMP C2PA LIST INFO IART ICOP INAM ICMT IKEY ISBJ
        ICRD ISFT IENG ITCH ISRC
    """,
    "boxes of ISO base media (14496-12; 23008-12; QuickTime; registered at MP4RA)": """
        ftyp styp moov mvhd trak tkhd mdia mdhd hdlr minf stbl stsd udta meta mdat free skip wide
        uuid iods mvex edts elst tref load iloc infe iinf iref iprp ipco ipma idat pitm dinf grpl
        keys ilst XMP_ colr sefd mpvd mpv moof sidx emsg prft pnot prfl iods vmhd smhd gmhd tapt
        clip matt avc1 avc3 hvc1 hev1 av01 vvc1 vvi1 jpeg mjpa mjpb apcn apch apcs apco ap4h ap4x
        mp4v mp4a mett metx tx3g tmcd text s263 H263 raw twos sowt alac Opus rtmd gpmd camm auxv
        j2ki
    """,
    "JPEG XL (18181-2, 9) and JPEG 2000 (15444-1, I; 15444-2, M)": """
        jxlc jxlp jxll jxli jbrd jhgm brob Exif xml jumb jp2c jp2h jp2i jP uinf ulst url res resc
        resd lbl asoc nlst rreq cref ftbl creg drep gtso chck mp7b roid JXL SOC SOT SOD EOC SIZ COD
        COC RGN QCD QCC POC TLM PLM PLT PPM PPT SOP EPH CRG CAP CBD MCT MCC MCO NLT ATK ADS DFS
        DCO VMS QPD QPC
    """,
}
_KNOWN: Final = frozenset(word for words in _WORDS.values() for word in words.split())
_NUMBERED: Final = re.compile(r"(?:APP|SOF|RST|JPG)\d{0,2}|FF[0-9A-F]{2}")
_LONGEST: Final = 4
_UNKNOWN: Final = "unknown"


def known(block: Block) -> Block:
    """Return *block* as standing in something unknown, where its type is nobody's but the file's."""
    word = block.origin
    if len(word) > _LONGEST or word in _KNOWN or _NUMBERED.fullmatch(word):
        return block
    return attrs.evolve(block, origin=_UNKNOWN, name=_UNKNOWN if block.name == word else block.name)
