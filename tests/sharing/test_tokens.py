"""Share tokens: what they grant, how they narrow, and that nothing else verifies."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photoprivacy.errors import ExpiredToken, InvalidToken
from photoprivacy.geo import Precision
from photoprivacy.policy import TimePrecision
from photoprivacy.sharing import Grant, Never, Rendition, Scope, ShareSigner, narrow
from photoprivacy.sharing._mac import Root, mac

KEY = bytes(range(32))
ALBUM = "00112233445566778899aabbccddeeff"
PHOTO = "f0e1d2c3b4a5968778695a4b3c2d1e0f"
EPOCH = 0xFEDCBA9876543210
NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=7)
ALL = Scope.VIEW | Scope.DOWNLOAD | Scope.CAPTIONS
VECTORS = Path(__file__).with_name("vectors.json")

signer = ShareSigner({1: KEY})


def issued(**changes: object) -> str:
    fields: dict[str, object] = {"epoch": EPOCH, "expires": LATER, "share_id": "0123456789abcdef"}
    return signer.issue(ALBUM, **(fields | changes)).token  # type: ignore[arg-type]


def verified(token: str, now: dt.datetime = NOW) -> Grant:
    return signer.verify(token, now=now)


def raw(token: str) -> bytes:
    return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))


def spelled(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def accepted(token: str, by: ShareSigner = signer) -> bool:
    try:
        by.verify(token, now=NOW)
    except InvalidToken:
        return False
    return True


def test_a_token_grants_what_was_issued() -> None:
    share = signer.issue(
        ALBUM,
        epoch=EPOCH,
        expires=LATER,
        scopes=Scope.VIEW,
        location=Precision.REGION,
        time=TimePrecision.MONTH,
        needs_unlock=True,
    )
    grant = verified(share.token)
    assert grant.album_id == share.album_id == ALBUM
    assert grant.share_id == share.id
    assert grant.epoch == EPOCH
    assert grant.scopes == Scope.VIEW
    assert grant.expires == LATER
    assert grant.location is Precision.REGION
    assert grant.time is TimePrecision.MONTH
    assert grant.rendition is Rendition.FULL
    assert grant.photo is None
    assert grant.needs_unlock


def test_a_full_share_is_at_most_90_characters_and_a_narrowed_one_140() -> None:
    share = issued(needs_unlock=True, scopes=ALL)
    assert len(share) <= 90
    one = narrow(share, photo=PHOTO, rendition=Rendition.DISPLAY, expires=NOW)
    assert len(one) <= 140


def test_an_expired_token_says_so_and_only_if_it_is_genuine() -> None:
    token = issued(expires=NOW)
    with pytest.raises(ExpiredToken):
        verified(token, now=NOW)
    assert verified(token, now=NOW - dt.timedelta(seconds=1)).album_id == ALBUM
    forged = spelled(raw(token)[:-1] + b"\0")
    with pytest.raises(InvalidToken) as refused:
        verified(forged)
    assert type(refused.value) is InvalidToken


def test_a_present_without_a_zone_is_none() -> None:
    with pytest.raises(ValueError, match="zone"):
        verified(issued(), now=NOW.replace(tzinfo=None))


def test_never_must_be_spelled_out() -> None:
    assert verified(issued(expires=Never), now=NOW.replace(year=9999)).expires is Never
    for wrong in (None, 7, "never", NOW.replace(tzinfo=None), dt.timedelta(days=1)):
        with pytest.raises((TypeError, ValueError)):
            issued(expires=wrong)


@pytest.mark.parametrize("keys", [{}, {1: b""}, {1: b"x" * 31}, {256: KEY}, {-1: KEY}])
def test_weak_or_misnumbered_keys_are_refused(keys: dict[int, bytes]) -> None:
    with pytest.raises(ValueError, match="key"):
        ShareSigner(keys)


def test_keys_never_show() -> None:
    with pytest.raises(TypeError):
        ShareSigner({1: "x" * 32})  # type: ignore[dict-item]
    grant = verified(issued())
    for value in (signer, signer.issue(ALBUM, epoch=1, expires=Never), grant):
        assert KEY.hex() not in repr(value)
        assert "token" not in repr(value)
        assert str(EPOCH) not in repr(value)


def test_rotation_signs_with_the_newest_key_and_still_reads_the_older_ones() -> None:
    old = issued()
    both = ShareSigner({1: KEY, 2: KEY[::-1]})
    assert accepted(old, both)
    new = both.issue(ALBUM, epoch=EPOCH, expires=LATER).token
    assert raw(new)[1] == 2
    assert not accepted(new)
    assert not accepted(old, ShareSigner({2: KEY[::-1]}))
    assert not accepted(old, ShareSigner({1: KEY[::-1]}))


def test_two_links_of_one_album_have_nothing_in_common() -> None:
    a = raw(signer.issue(ALBUM, epoch=EPOCH, expires=LATER).token)
    b = raw(signer.issue(ALBUM, epoch=EPOCH, expires=LATER).token)
    for token in (a, b):
        assert bytes.fromhex(ALBUM) not in token
        assert EPOCH.to_bytes(8) not in token
    same = sum(x == y for x, y in zip(a[2:34], b[2:34], strict=True))
    assert same < 8  # of 32 random bytes; 8 equal ones happen once in 10**12


def test_opaque_names_stay_through_narrowing_and_differ_between_shares() -> None:
    token = issued()
    name = verified(token).opaque("photo", "x")
    assert verified(narrow(token, rendition=Rendition.THUMB)).opaque("photo", "x") == name
    assert verified(issued(share_id="f" * 16)).opaque("photo", "x") != name
    assert verified(issued(epoch=1)).opaque("photo", "x") != name
    assert verified(token).opaque("album", "x") != name


def test_narrowing_needs_no_key_and_combines() -> None:
    token = narrow(
        issued(),
        scopes=Scope.VIEW,
        expires=NOW + dt.timedelta(hours=1),
        location=Precision.COUNTRY,
        time=TimePrecision.YEAR,
        rendition=Rendition.THUMB,
        photo=PHOTO,
    )
    grant = verified(token)
    assert grant.scopes == Scope.VIEW
    assert grant.expires == NOW + dt.timedelta(hours=1)
    assert grant.location is Precision.COUNTRY
    assert grant.time is TimePrecision.YEAR
    assert grant.rendition is Rendition.THUMB
    assert grant.photo == PHOTO


def test_a_token_that_has_not_begun_is_no_token_yet() -> None:
    soon = NOW + dt.timedelta(hours=1)
    for token in (issued(not_before=soon), narrow(issued(), not_before=soon)):
        with pytest.raises(InvalidToken) as refused:
            verified(token)
        assert type(refused.value) is InvalidToken
        assert verified(token, now=soon).not_before == soon
        # A later beginning holds, an earlier one has no effect.
        assert verified(narrow(token, not_before=NOW), now=soon).not_before == soon
        assert not accepted(narrow(token, not_before=LATER))


@pytest.mark.parametrize("key", [b"k" * 32, b"k" * 63, b"k" * 64, b"k" * 65, b"k" * 200])
@pytest.mark.parametrize("length", [0, 1, 55, 56, 64, 300])
def test_the_mac_is_hmac_sha256(key: bytes, length: int) -> None:
    message = bytes(range(256))[:length] * 2
    assert Root.of(key).mac(message) == hmac.digest(key, message, "sha256")
    if len(key) <= 64:
        assert mac(key, message) == hmac.digest(key, message, "sha256")


@pytest.mark.parametrize(
    "wrong",
    [
        {"scopes": 1},
        {"scopes": "view"},
        {"location": "city"},
        {"location": TimePrecision.DAY},
        {"time": Precision.CITY},
        {"rendition": "full"},
        {"not_before": "now"},
        {"expires": 7},
    ],
)
def test_what_is_no_caveat_is_refused_by_its_type(wrong: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        narrow(issued(), **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["expires", "not_before"])
def test_times_that_no_token_can_tell_are_refused(name: str) -> None:
    naive = NOW.replace(tzinfo=None)
    early = dt.datetime(1969, 12, 31, tzinfo=dt.UTC)
    west = dt.timezone(dt.timedelta(hours=-12))
    for wrong in (naive, early, dt.datetime(9999, 12, 31, 23, tzinfo=west)):
        with pytest.raises(ValueError, match=name):
            issued(**{name: wrong})
        with pytest.raises(ValueError, match=name):
            narrow(issued(), **{name: wrong})  # type: ignore[arg-type]


def test_a_token_cannot_be_narrowed_to_two_photos() -> None:
    token = narrow(issued(), photo=PHOTO)
    assert verified(narrow(token, photo=PHOTO)).photo == PHOTO
    assert not accepted(narrow(token, photo=ALBUM))


def test_eight_blocks_and_no_more() -> None:
    token = issued()
    for _ in range(7):
        token = narrow(token, location=Precision.CITY)
    assert accepted(token)
    with pytest.raises(ValueError, match="at most 8"):
        narrow(token, location=Precision.CITY)
    assert not accepted(spelled(appended(raw(token), b"\x03\x01")))


def test_narrowing_to_nothing_or_to_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        narrow(issued())
    with pytest.raises(ValueError, match="photo"):
        narrow(issued(), photo="../x")
    with pytest.raises(InvalidToken):
        narrow("nonsense", photo=PHOTO)


# What an attacker may try, with the grammar known and the key not.


def appended(token: bytes, block: bytes) -> bytes:
    """Append a block as `narrow` does, whatever it says."""
    whole = bytes((len(block),)) + block
    return token[:-16] + whole + hmac.digest(token[-16:], whole, hashlib.sha256)[:16]


def test_every_single_character_matters() -> None:
    token = narrow(issued(), photo=PHOTO)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for at, char in enumerate(token):
        for other in alphabet:
            if other != char:
                assert not accepted(token[:at] + other + token[at + 1 :])


def test_a_token_has_one_spelling() -> None:
    token = issued()
    padded = [token + "=" * count for count in range(1, 4)]
    spaced = [token[:at] + space + token[at:] for at in (0, 5, len(token)) for space in " \n\t.\0"]
    others = [token + "A", token[:-1], token.replace("-", "+").replace("_", "/") + "/", "é" + token]
    for variant in (*padded, *spaced, *others):
        assert not accepted(variant)


@pytest.mark.parametrize(
    "block",
    [
        b"\x09\x00",  # unknown caveat
        b"\xff",  # unknown caveat
        b"\x03\x01\x03\x01",  # twice
        b"\x04\x01\x03\x01",  # out of order
        b"\x03",  # value missing
        b"\x02\x00\x00",  # value cut
        b"\x03\x05",  # no such precision
        b"\x04\x05",  # no such time precision
        b"\x05\x03",  # no such rendition
        b"\x01\x00\x20",  # no such scope
        b"\x08\xff\xff\xff\xff\xff",  # begins never
        b"\x02\xff\xff\xff\xff\xfe",  # after the year 9999
        b"\x00",
    ],
)
def test_an_appended_block_that_is_not_understood_closes_the_token(block: bytes) -> None:
    token = raw(issued())
    assert accepted(spelled(appended(token, b"\x03\x01")))
    assert not accepted(spelled(appended(token, block)))


def test_a_holder_can_ask_for_a_password_and_nobody_can_take_that_back() -> None:
    locked = spelled(appended(raw(issued()), b"\x07"))
    assert verified(locked).needs_unlock
    for _ in range(3):
        locked = narrow(locked, scopes=ALL, expires=Never)
        assert verified(locked).needs_unlock


def test_a_block_without_content_is_refused() -> None:
    token = raw(issued())
    whole = b"\0"
    tag = hmac.digest(token[-16:], whole, hashlib.sha256)[:16]
    assert not accepted(spelled(token[:-16] + whole + tag))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=200).map(spelled))
def test_anything_else_is_invalid(text: str) -> None:
    assert not accepted(text)


@pytest.mark.parametrize("wrong", [None, b"x", 7, "", "A" * 10**6, "\ud800"])
def test_what_is_no_token_at_all_is_invalid(wrong: object) -> None:
    with pytest.raises(InvalidToken):
        signer.verify(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {"epoch": -1},
        {"epoch": 2**64},
        {"share_id": "x"},
        {"share_id": "AB" * 8},
        {"expires": dt.datetime(1969, 1, 1, tzinfo=dt.UTC)},
    ],
)
def test_what_does_not_fit_a_token_is_refused_at_issue(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"epoch|share_id|1970"):
        issued(**changes)


def test_the_published_vectors_hold() -> None:
    vectors = json.loads(VECTORS.read_text("utf-8"))
    keys = {int(number): bytes.fromhex(key) for number, key in vectors["keys"].items()}
    reader = ShareSigner(keys)
    for vector in vectors["valid"]:
        at = dt.datetime.fromisoformat(vector["now"])
        grant = reader.verify(vector["token"], now=at)
        expires = grant.expires.isoformat() if isinstance(grant.expires, dt.datetime) else "never"
        assert vector["grant"] == {
            "album_id": grant.album_id,
            "share_id": grant.share_id,
            "epoch": f"{grant.epoch:016x}",
            "scopes": grant.scopes.value,
            "expires": expires,
            "location": grant.location.value,
            "time": grant.time.value,
            "rendition": grant.rendition.value,
            "photo": grant.photo,
            "needs_unlock": grant.needs_unlock,
            "not_before": grant.not_before.isoformat() if grant.not_before else None,
        }, vector["name"]
        assert grant.opaque("photo", "a") == vector["opaque_photo_a"]
    for vector in vectors["invalid"]:
        with pytest.raises(InvalidToken):
            reader.verify(vector["token"], now=NOW)
    assert len(vectors["valid"]) >= 8
    assert len(vectors["invalid"]) >= 19


def test_the_vectors_follow_from_the_description_alone() -> None:
    """A second writer, from the words of the specification, without our code."""
    vector = json.loads(VECTORS.read_text("utf-8"))["valid"][0]
    share, bound = bytes.fromhex("0123456789abcdef"), bytes.fromhex(ALBUM) + EPOCH.to_bytes(8)
    mask = hmac.digest(KEY, b"photoprivacy/mask/1\0" + share, "sha256")[:24]
    header = b"\1\1" + share + bytes(a ^ b for a, b in zip(mask, bound, strict=True))
    seconds = int(LATER.timestamp()).to_bytes(5)
    block = b"\1\0\7" + b"\2" + seconds + b"\3\3" + b"\4\3"
    block = bytes((len(block),)) + block
    key = hmac.digest(KEY, b"photoprivacy/share/1\0" + bound, "sha256")
    tag = hmac.digest(hmac.digest(key, header, "sha256")[:16], block, "sha256")[:16]
    assert spelled(header + block + tag) == vector["token"]
