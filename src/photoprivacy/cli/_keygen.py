"""``photoprivacy keygen``: signing keys in a file of their owner's."""

from __future__ import annotations

import click

from photoprivacy import PhotoPrivacyError
from photoprivacy.cli._console import Exit, complain, finish, out, shown, words
from photoprivacy.library import add_key, make_keys


@click.command("keygen")
@click.argument("file", type=click.Path(dir_okay=False))
@click.option(
    "--add",
    is_flag=True,
    help="Add a key to FILE that signs from now on; links signed by older ones stay good.",
)
def command(file: str, add: bool) -> None:
    """Write a fresh signing key to FILE, which only its owner can read.

    A library folder makes its own, private/keys.json; apps with stores of their own read FILE
    with load_keys. Whoever has a key can make links: keep it where the photos' owner keeps
    secrets, and in the backup. A file that is there is never overwritten.
    """
    try:
        if add:
            number = add_key(file)
        else:
            make_keys(file)
            number = 1
    except FileExistsError:
        complain(file, "exists; --add puts a key beside it")
        finish(Exit.FAILED)
    except (PhotoPrivacyError, OSError) as error:
        complain(file, words(error))
        finish(Exit.FAILED)
    else:
        out.print(f"{shown(file)}: key {number} signs from now on")
