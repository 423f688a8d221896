"""Figures of the core: import, strip, the gazetteer's first answer. Prints ratios, with versions.

Each figure is taken in a fresh process and repeated; the median counts. Run it with
``python tests/bench/core.py`` in an environment where the package is installed.
"""

from __future__ import annotations

import platform
import statistics
import subprocess
import sys
from importlib.metadata import version

RUNS = 9

IMPORT = """
import time
start = time.perf_counter()
import photoprivacy
print(time.perf_counter() - start)
"""

# A 12-megapixel JPEG of about 4.5 MB, as a phone writes it: noise over a gradient.
STRIP = """
import io, random, time
from PIL import Image
from photoprivacy import inspect, strip
from photoprivacy.testing import sample_photo
base = Image.linear_gradient("L").resize((4000, 3000)).convert("RGB")
noise = Image.effect_noise((4000, 3000), 26).convert("RGB")
file = io.BytesIO()
Image.blend(base, noise, 0.5).save(file, "jpeg", quality=88)
picture = file.getvalue()
head = sample_photo()
end = 2  # the sample's own application segments, in front of the big picture
while head[end + 1] >= 0xE0:
    end += 2 + int.from_bytes(head[end + 2:end + 4], "big")
start = 2
while picture[start + 1] >= 0xE0:
    start += 2 + int.from_bytes(picture[start + 2:start + 4], "big")
data = head[:end] + picture[start:]
del file, base, noise, picture
strip(head)  # modules are loaded; the buffers below are fresh pages
def best(work):
    times = []
    for _ in range(7):
        start = time.perf_counter(); work(); times.append(time.perf_counter() - start)
    return sorted(times)[3]
yard = best(lambda: bytes(bytearray(data)))
print(len(data), yard, best(lambda: strip(data)), best(lambda: inspect(data)))
"""

# A HEIC of about 2 MB, as a phone writes it.
HEIC = """
import io, time
import pillow_heif
from PIL import Image
from photoprivacy import strip
from photoprivacy.testing import sample_photo
exif = Image.open(io.BytesIO(sample_photo())).info["exif"]
base = Image.linear_gradient("L").resize((2000, 1500)).convert("RGB")
noise = Image.effect_noise((2000, 1500), 26).convert("RGB")
file = io.BytesIO()
pillow_heif.from_pillow(Image.blend(base, noise, 0.5)).save(file, quality=88, exif=exif)
data = file.getvalue()
del file, base, noise
strip(data)
def best(work):
    times = []
    for _ in range(7):
        start = time.perf_counter(); work(); times.append(time.perf_counter() - start)
    return sorted(times)[3]
print(len(data), best(lambda: bytes(bytearray(data))), best(lambda: strip(data)))
"""

# What strip and strip_stream take besides the interpreter: in lengths of the file.
MEMORY = """
import io, tempfile, tracemalloc
from PIL import Image
from photoprivacy import strip, strip_stream
file = io.BytesIO()
Image.effect_noise((4000, 3000), 20).save(file, "jpeg", quality=88, comment=b"from Lisbon")
data = file.getvalue()
del file
strip(data)
tracemalloc.start()
strip(data)
whole = tracemalloc.get_traced_memory()[1]
with tempfile.TemporaryFile() as src, tempfile.TemporaryFile() as dst:
    src.write(data); src.seek(0)
    size = len(data); del data
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    strip_stream(src, dst)
    print(whole / size, (tracemalloc.get_traced_memory()[1] - before) / size)
"""

GAZETTEER = """
import resource, time
start = time.perf_counter()
from photoprivacy import Coordinates, Gazetteer
place = Gazetteer().reverse(Coordinates(latitude=48.8584, longitude=2.2945))
assert place.city == "Paris", place
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def run(code: str) -> list[float]:
    """Return the numbers that *code* prints in a fresh interpreter."""
    command = [sys.executable, "-c", code]
    environment = {"MALLOC_MMAP_THRESHOLD_": "131072", "PATH": ""}
    answer = subprocess.run(
        command, capture_output=True, text=True, check=True, env=environment, timeout=300
    )
    return [float(word) for word in answer.stdout.split()]


def medians(code: str, runs: int = RUNS) -> list[float]:
    """Return the median of each number over several fresh interpreters."""
    rows = [run(code) for _ in range(runs)]
    return [statistics.median(column) for column in zip(*rows, strict=True)]


def main() -> None:
    """Print every figure."""
    names = ("photoprivacy", "attrs", "pillow", "tzfpy")
    print(platform.python_version(), ", ".join(f"{name} {version(name)}" for name in names))
    (imported,) = medians(IMPORT)
    print(f"import photoprivacy: {imported * 1e3:.1f} ms beyond the interpreter's start")
    size, yard, stripped, inspected = medians(STRIP, 3)
    print(f"yardstick, bytes(bytearray(data)) of {size / 1e6:.2f} MB: {yard * 1e3:.2f} ms")
    print(f"strip, verification included: {stripped / yard:.2f} times that")
    print(f"inspect: {inspected / yard:.2f} times that")
    size, yard, stripped = medians(HEIC, 3)
    print(f"strip of a HEIC of {size / 1e6:.2f} MB: {stripped / yard:.2f} times its yardstick")
    whole, streamed = medians(MEMORY, 1)
    print(f"memory: strip {whole:.2f}, strip_stream {streamed:.2f} times the file")
    first, memory = medians(GAZETTEER)
    print(f"Gazetteer, import to first answer: {first:.3f} s, process {memory:.0f} MiB")


if __name__ == "__main__":
    main()
