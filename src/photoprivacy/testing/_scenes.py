"""Pictures worth looking at, drawn from a few numbers: sky, sun, ridges, water, lights."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from PIL import Image

Colour = tuple[int, int, int]


@attrs.frozen(kw_only=True)
class Scene:
    """What to draw.

    Attributes:
        sky: Colours from the top of the sky to the horizon.
        land: Colours of the farthest and the nearest ridge.
        horizon: Where the horizon is, as a part of the height.
        sun: Where the sun or moon is (x, y as parts, radius as a part of the width), or ``None``.
        glow: Its colour.
        ridges: How many ridges lie behind each other.
        rough: How rugged they are.
        water: Whether water begins below the horizon.
        stars: How many stars.
        city: Whether a skyline stands on the horizon.
        trees: Whether firs stand in the foreground.
        seed: Which of all such pictures.
    """

    sky: tuple[Colour, ...]
    land: tuple[Colour, Colour]
    horizon: float = 0.62
    sun: tuple[float, float, float] | None = None
    glow: Colour = (255, 240, 210)
    ridges: int = 4
    rough: float = 0.10
    water: bool = False
    stars: int = 0
    city: bool = False
    trees: bool = False
    seed: int = 1


def draw(scene: Scene, size: tuple[int, int]) -> Image.Image:
    """Return the picture of *scene* in *size* pixels, the same one every time."""
    from PIL import Image, ImageFilter

    width, height = size
    rng = random.Random(scene.seed)  # noqa: S311 - a picture, not a secret
    line = round(height * scene.horizon)
    picture = _gradient((width, height), scene.sky, line)
    if scene.stars:
        _stars(picture, scene, rng, line)
    if scene.sun:
        picture = _sun(picture, scene)
    for number in range(scene.ridges):
        _ridge(picture, scene, rng, number, line)
    if scene.city:
        _skyline(picture, scene, rng, line)
    if scene.water:
        _water(picture, scene, rng, line)
    if scene.trees:
        _trees(picture, scene, rng)
    # The grain of a sensor, so that it looks taken and compresses like a photo.
    half = width // 2, height // 2
    noise = Image.frombytes("L", half, rng.randbytes(half[0] * half[1]))
    noise = noise.filter(ImageFilter.GaussianBlur(0.7)).resize(size)
    return Image.blend(picture, Image.merge("RGB", (noise, noise, noise)), 0.035)


def _mix(one: Colour, other: Colour, part: float) -> Colour:
    part = min(1.0, max(0.0, part))
    mixed = [round(a + (b - a) * part) for a, b in zip(one, other, strict=True)]
    return mixed[0], mixed[1], mixed[2]


def _gradient(size: tuple[int, int], colours: tuple[Colour, ...], stop: int) -> Image.Image:
    from PIL import Image

    column = Image.new("RGB", (1, size[1]))
    steps = len(colours) - 1
    for y in range(size[1]):
        place = min(1.0, y / stop) * steps
        index = min(int(place), steps - 1)
        column.putpixel((0, y), _mix(colours[index], colours[index + 1], place - index))
    return column.resize(size)


def _stars(picture: Image.Image, scene: Scene, rng: random.Random, line: int) -> None:
    from PIL import ImageDraw

    pen = ImageDraw.Draw(picture)
    for _ in range(scene.stars):
        x, y = rng.randrange(picture.width), rng.randrange(line)
        size = rng.random() ** 6 * 2.4
        bright = round(140 + 115 * rng.random() * (1 - y / line * 0.7))
        pen.ellipse((x - size, y - size, x + size, y + size), fill=(bright, bright, 255))


def _sun(picture: Image.Image, scene: Scene) -> Image.Image:
    from PIL import Image, ImageDraw, ImageFilter

    if scene.sun is None:
        return picture
    width, height = picture.size
    x, y, radius = scene.sun[0] * width, scene.sun[1] * height, scene.sun[2] * width
    for spread, strength in ((7.0, 0.30), (3.0, 0.40), (1.0, 1.0)):
        mask = Image.new("L", (width // 4, height // 4))
        r = radius * spread / 4
        ImageDraw.Draw(mask).ellipse((x / 4 - r, y / 4 - r, x / 4 + r, y / 4 + r), fill=255)
        blur = r * (0.55 if spread > 1 else 0.04)
        mask = mask.filter(ImageFilter.GaussianBlur(blur)).resize(picture.size)
        mask = mask.point([round(value * strength) for value in range(256)])
        picture.paste(Image.new("RGB", picture.size, scene.glow), mask=mask)
    return picture


def _outline(rng: random.Random, width: int, rough: float, height: int) -> list[float]:
    """Return a ridge line: a sum of waves with random phases, finer ones lower."""
    waves = [
        (rng.uniform(0, math.tau), 2**octave * rng.uniform(0.8, 1.3), 0.52**octave)
        for octave in range(1, 8)
    ]
    return [
        sum(math.sin(phase + x / width * speed * math.pi) * share for phase, speed, share in waves)
        * rough
        * height
        for x in range(0, width + 4, 4)
    ]


def _ridge(picture: Image.Image, scene: Scene, rng: random.Random, number: int, line: int) -> None:
    from PIL import ImageDraw

    width, height = picture.size
    near = number / max(1, scene.ridges - 1)
    room = (line if scene.water else height) - line * 0.86
    base = line * 0.93 + near * room * (0.05 if scene.water else 0.62)
    rough = scene.rough * (1.15 - 0.75 * near if scene.water else 0.9)
    points = [
        (x * 4, base - abs(value) * 0.9 - value * 0.25)
        for x, value in enumerate(_outline(rng, width, rough, height))
    ]
    colour = _mix(scene.land[0], scene.land[1], near)
    bottom = line if scene.water else height
    ImageDraw.Draw(picture).polygon([(0, bottom), *points, (width, bottom)], fill=colour)


def _skyline(picture: Image.Image, scene: Scene, rng: random.Random, line: int) -> None:
    from PIL import ImageDraw

    pen = ImageDraw.Draw(picture)
    width, height = picture.size
    for depth in (0.35, 1.0):
        x = -10
        while x < width:
            wide = rng.randrange(width // 45, width // 16)
            middle = 1 - abs(x / width - 0.5)
            tall = height * rng.uniform(0.06, 0.34) * middle**1.6 * (1.2 - depth * 0.35)
            wall = _mix(scene.land[0], scene.land[1], depth)
            pen.rectangle((x, line - tall, x + wide, line), fill=wall)
            if depth == 1.0:
                for wx in range(x + 4, round(x + wide) - 5, 9):
                    for wy in range(round(line - tall) + 6, line - 6, 12):
                        if rng.random() < 0.38:
                            lit = _mix((255, 196, 110), (255, 240, 205), rng.random())
                            pen.rectangle((wx, wy, wx + 3, wy + 5), fill=lit)
            x += wide + rng.randrange(0, 6)


def _water(picture: Image.Image, scene: Scene, rng: random.Random, line: int) -> None:
    from PIL import Image, ImageFilter

    width, height = picture.size
    depth = height - line
    above = picture.crop((0, max(0, line - depth), width, line))
    mirror = above.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((width, depth))
    mirror = mirror.filter(ImageFilter.GaussianBlur(2.2))
    tint = Image.new("RGB", mirror.size, _mix(scene.sky[0], scene.land[1], 0.45))
    mirror = Image.blend(mirror, tint, 0.28)
    for y in range(0, depth, 2):
        # Ripples: rows shift sideways, the more the nearer they are.
        shift = round(math.sin(y * 0.35 + rng.random() * 0.9) * (1 + 7 * y / depth))
        row = mirror.crop((0, y, width, y + 2))
        picture.paste(row, (shift, line + y))
        if shift:
            edge = width + shift if shift < 0 else 0
            picture.paste(row.crop((0, 0, abs(shift), 2)), (edge, line + y))


def _trees(picture: Image.Image, scene: Scene, rng: random.Random) -> None:
    from PIL import ImageDraw

    pen = ImageDraw.Draw(picture)
    width, height = picture.size
    dark = _mix(scene.land[1], (0, 0, 0), 0.55)
    for _ in range(26):
        x = rng.uniform(-0.02, 1.02) * width
        if 0.33 < x / width < 0.70:
            continue
        tall = height * rng.uniform(0.16, 0.42)
        foot = height * rng.uniform(0.97, 1.06)
        for layer in range(9):
            top = foot - tall + layer * tall / 10
            half = tall * (0.025 + 0.021 * layer)
            droop = tall * 0.16
            pen.polygon([(x, top), (x - half, top + droop), (x + half, top + droop)], fill=dark)
