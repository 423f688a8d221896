"""Errors, limits, places and policies: the values everything else is made of."""

from __future__ import annotations

import math
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoprivacy import Limits, errors, strip
from photoprivacy._reader import Reader
from photoprivacy.errors import MalformedImage, PhotoPrivacyError, TruncatedImage
from photoprivacy.geo import Coordinates, Place, PlaceLevel, Precision
from photoprivacy.policy import RENDERING, AiTraining, Category, Policy, TimePrecision

PLACE = Place(
    country_code="FR",
    country="France",
    region="Île-de-France",
    city="Paris",
    neighbourhood="Belleville",
    key="FR/11/2988507/3033170",
    coordinates=Coordinates(latitude=48.85341, longitude=2.3488),
    timezone="Europe/Paris",
)


def every_error() -> list[PhotoPrivacyError]:
    return [
        errors.UnsupportedFormat("PDF"),
        errors.MalformedImage("png", 7, "a bad chunk"),
        errors.TruncatedImage("png", 7, needed=9, available=3),
        errors.LimitExceeded("png", 7, limit="max_segments", value=5),
        errors.CannotStrip("because"),
        errors.VerificationFailed("because"),
        errors.PlaceError("no table"),
        errors.GeocoderUnavailable("busy", retry_after=3.0),
        errors.InvalidAlbum("photos[3].id", "not a string"),
        errors.InvalidToken(),
        errors.ExpiredToken(),
        errors.NotGranted("too fine"),
        errors.ShareLocked("locked"),
        errors.StoreError("gone"),
        errors.SealError("closed"),
        errors.WrongKey("there is no key"),
        errors.WrongPassword("not it"),
        errors.DamagedSeal("album.seal", "was changed"),
        errors.MissingExtra("cli"),
    ]


@pytest.mark.parametrize("error", every_error(), ids=lambda error: type(error).__name__)
def test_errors_have_one_root_and_travel_between_processes(error: PhotoPrivacyError) -> None:
    copy = pickle.loads(pickle.dumps(error))

    assert isinstance(error, PhotoPrivacyError)
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    if not isinstance(error, OSError):
        assert vars(copy) == vars(error)


def test_the_list_above_is_complete() -> None:
    named = {value for value in vars(errors).values() if isinstance(value, type)}

    assert {type(error) for error in every_error()} | {PhotoPrivacyError} == named


@pytest.mark.parametrize("bad", [91, -90.001, math.nan, math.inf, -math.inf])
def test_a_latitude_out_of_range_is_refused_and_not_repeated(bad: float) -> None:
    with pytest.raises(ValueError, match="latitude is outside") as caught:
        Coordinates(latitude=bad, longitude=0)

    assert str(bad) not in str(caught.value).replace("90 ", "")


@pytest.mark.parametrize("bad", [180.5, -181, 360])
def test_a_longitude_is_never_wrapped(bad: float) -> None:
    with pytest.raises(ValueError, match="longitude is outside"):
        Coordinates(latitude=0, longitude=bad)


@pytest.mark.parametrize("bad", ["1", None, True])
def test_a_coordinate_is_a_number(bad: object) -> None:
    with pytest.raises(TypeError):
        Coordinates(latitude=bad, longitude=0)  # type: ignore[arg-type]


def test_coordinates_hide_themselves() -> None:
    at = Coordinates(latitude=48.8584, longitude=2.2945)

    assert "48" not in repr(at)
    assert "48" not in str(at)
    assert "48" not in f"{PLACE}"


def test_null_island_is_suspect() -> None:
    assert Coordinates(latitude=0, longitude=0).suspect
    assert not Coordinates(latitude=0, longitude=9.4).suspect


@pytest.mark.parametrize(
    ("precision", "title", "key", "level"),
    [
        (Precision.EXACT, "Belleville", "FR/11/2988507/3033170", PlaceLevel.NEIGHBOURHOOD),
        (Precision.CITY, "Paris", "FR/11/2988507", PlaceLevel.CITY),
        (Precision.REGION, "Île-de-France", "FR/11", PlaceLevel.REGION),
        (Precision.COUNTRY, "France", "FR", PlaceLevel.COUNTRY),
    ],
)
def test_a_place_is_told_no_sharper_than_asked(
    precision: Precision, title: str, key: str, level: PlaceLevel
) -> None:
    place = PLACE.at(precision)

    assert place is not None
    assert (place.title, place.key, place.level) == (title, key, level)
    assert (place.coordinates is None) == (precision < Precision.CITY)
    assert (place.timezone == "") == (precision < Precision.EXACT)


def test_no_precision_is_no_place() -> None:
    assert PLACE.at(Precision.NONE) is None
    assert Place().at(Precision.EXACT) is None


@given(st.lists(st.sampled_from(Precision), min_size=1, max_size=5))
def test_coarsening_in_steps_is_coarsening_to_the_least(steps: list[Precision]) -> None:
    place: Place | None = PLACE
    for step in steps:
        place = place.at(step) if place else None

    assert place == PLACE.at(min(steps))


def test_precisions_are_ordered_and_parsed() -> None:
    assert sorted(Precision) == list(Precision)
    assert Precision.parse(" City ") is Precision.CITY
    assert TimePrecision.parse("day") < TimePrecision.EXACT
    with pytest.raises(ValueError, match="one of"):
        Precision.parse("street")
    with pytest.raises(TypeError):
        assert Precision.CITY < TimePrecision.EXACT


def test_share_is_the_default_and_keeps_only_what_rendering_needs() -> None:
    assert Policy() == Policy.SHARE
    assert {category for category in Category if Policy.SHARE.allows(category)} == RENDERING


@pytest.mark.parametrize("category", [Category.LOCATION, Category.TIME, Category.UNKNOWN])
def test_contradictions_are_refused(category: Category) -> None:
    with pytest.raises(ValueError, match=r"never stand in keep|cannot be kept"):
        Policy(keep={category})


def test_a_category_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="smell"):
        Policy(keep=["smell"])


def test_policies_are_hashable_and_travel() -> None:
    policy = Policy(keep={"rights"}, location=Precision.CITY, ai_training=AiTraining.PROHIBITED)

    assert pickle.loads(pickle.dumps(policy)) == policy
    assert hash(policy) == hash(
        Policy(**{a: getattr(policy, a) for a in ("keep", "location", "ai_training")})
    )


@pytest.mark.parametrize("preset", [Policy.SHARE, Policy.PUBLISH, Policy.ARCHIVE])
def test_no_preset_keeps_serials_people_previews_or_tails(preset: Policy) -> None:
    never = {
        *(Category.SERIAL, Category.PERSON, Category.THUMBNAIL, Category.TRAILER),
        *(Category.TRACKING, Category.HISTORY, Category.UNKNOWN, Category.HIDDEN_PIXELS),
    }

    assert not [category for category in never if preset.allows(category)]


def test_a_child_reader_cannot_outrun_its_parent() -> None:
    reader = Reader(b"0123456789", "heic", start=2, stop=8)
    child = reader.child(4)

    assert (child.take(4), reader.pos) == (b"2345", 6)
    with pytest.raises(TruncatedImage) as caught:
        child.u8()
    assert caught.value.offset == 6
    with pytest.raises(TruncatedImage):
        reader.child(3)
    with pytest.raises(MalformedImage):
        child.seek(1)


@given(st.binary(max_size=40), st.integers(-5, 50), st.integers(-5, 50))
def test_a_reader_raises_only_typed_errors(data: bytes, start: int, count: int) -> None:
    try:
        reader = Reader(data, "png", start=start)
        assert len(reader.take(count)) == count
    except MalformedImage:
        pass


def test_a_policy_takes_words_too() -> None:
    assert Policy(location="city", time="day") == Policy(
        location=Precision.CITY, time=TimePrecision.DAY
    )
    with pytest.raises(ValueError, match="not a valid Precision"):
        Policy(location="street")


def test_what_is_no_policy_is_said_so() -> None:
    with pytest.raises(TypeError, match=r"Policy\.PUBLISH"):
        strip(b"", "publish")  # type: ignore[arg-type]


def test_signatures_show_what_is_usual_in_a_word() -> None:
    assert repr(Limits()) == "Limits()"
    assert repr(Limits(max_bytes=9)) == "Limits(max_bytes=9)"
    assert [repr(one) for one in (Policy.SHARE, Policy(), Policy.PUBLISH, Policy.ARCHIVE)] == [
        "Policy.SHARE", "Policy.SHARE", "Policy.PUBLISH", "Policy.ARCHIVE"
    ]  # fmt: skip
    own = Policy(keep={"rights", "color"}, location="city")
    assert repr(own) == "Policy(keep={'color', 'rights'}, location='city')"
    assert eval(repr(own), {"Policy": Policy}) == own


def test_a_key_of_a_spelling_of_its_own_is_not_told_where_less_is() -> None:
    place = Place(
        country_code="FR", country="France", region="Bretagne", city="Brest", key="node/240109189"
    )
    keys = [
        told.key if (told := place.at(level)) else None
        for level in (Precision.COUNTRY, Precision.REGION, Precision.CITY, Precision.EXACT)
    ]
    assert keys == ["FR", "FR/Bretagne", "FR/Bretagne/Brest", "node/240109189"]
