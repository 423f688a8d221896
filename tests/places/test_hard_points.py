"""The frozen set of hard points: the figures that are promised, held by a test."""

from __future__ import annotations

import csv
from pathlib import Path

from photoprivacy.geo import Coordinates
from photoprivacy.places import Gazetteer

POINTS = tuple(csv.DictReader((Path(__file__).parent / "hard.csv").read_text("utf-8").splitlines()))


def test_the_hard_points_are_named_as_well_as_promised() -> None:
    places = Gazetteer().reverse_many(
        Coordinates(latitude=float(row["latitude"]), longitude=float(row["longitude"]))
        for row in POINTS
    )
    countries = names = far = judged = 0
    for row, place in zip(POINTS, places, strict=True):
        city = place.city if place else ""
        countries += (place.country_code if place else "") != row["country"]
        if row["names"] == "-":
            far += city != ""
        elif row["names"]:
            judged += 1
            names += city not in row["names"].split("|")

    assert len(POINTS) >= 200
    assert judged >= 200
    assert countries <= len(POINTS) * 0.01
    assert names <= judged * 0.08
    assert far == 0


def test_the_set_has_every_kind_of_hardness() -> None:
    kinds = {row["kind"] for row in POINTS}

    assert kinds == {
        *("border", "exclave", "island", "antimeridian", "ocean", "pole", "remote", "inner")
    }
    assert len({(row["latitude"], row["longitude"]) for row in POINTS}) == len(POINTS)
