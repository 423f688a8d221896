"""``photoprivacy demo``: the main job on sample photos that it makes itself."""

from __future__ import annotations

import datetime as dt

import click

from photoprivacy import PhotoPrivacyError, Precision
from photoprivacy.cli._console import Exit, complain, err, finish, progress, words
from photoprivacy.cli._served import Offer, Photo, offer


@click.command("demo")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Port to serve on.  [default: a free one]",
)
@click.option(
    "--once", is_flag=True, help="Fetch the link like a recipient would, say what came, and exit."
)
def command(host: str, port: int, once: bool) -> None:
    """Share a dozen sample photos, to see what a recipient sees.

    The photos are drawn on the spot. They carry what real ones carry: positions, times, owners,
    serial numbers; the page that opens behind the link shows how much of that is left.
    """
    from photoprivacy.testing import sample_photos

    with err.status("Drawing sample photos…"):
        samples = sample_photos()
    chosen = Offer(
        title="A year of places",
        expires=dt.timedelta(hours=12),
        location=Precision.CITY,
        host=host,
        port=port,
        once=once,
        opens_to_others="--host opens",
    )
    photos = (Photo(name=sample.name, source=sample.data) for sample in samples)
    try:
        shared = offer(chosen, progress(photos, total=len(samples), what="Adding"), missed=complain)
    except (PhotoPrivacyError, OSError) as error:
        err.print(f"[red]✗[/red] {words(error)}")
        finish(Exit.FAILED)
    else:
        finish(Exit.DONE if shared else Exit.FAILED)
