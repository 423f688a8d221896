"""The command and its subcommands; each is imported when it runs."""

from __future__ import annotations

import importlib
from typing import Final

import click

from photoprivacy.cli._stopping import Terminated, terminable

#: subcommand → (module, one line of help). In the order people meet them.
_COMMANDS: Final = {
    "share": ("_share", "A folder of photos becomes a private album behind a link."),
    "export": ("_export", "A folder of photos becomes files for any host, sealed or plain."),
    "inspect": ("_inspect", "Say what photos give away."),
    "strip": ("_strip", "Make copies that give away only what you choose."),
    "places": ("_places", "Group photos by where they were taken, offline."),
    "advise": ("_advise", "Say what a platform would learn from a photo, and what to do first."),
    "prepare": ("_prepare", "Make the files to post: clean, and as a platform takes them."),
    "shares": ("_shares", "List and end the links of a library's albums."),
    "keygen": ("_keygen", "Make a signing key, in a file only its owner can read."),
    "demo": ("_demo", "Share a dozen sample photos, to see what a recipient sees."),
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"photoprivacy.cli.{_COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            with terminable():
                return super().invoke(ctx)
        except (KeyboardInterrupt, click.Abort) as stopped:
            from photoprivacy.cli._console import Exit, err, fresh_line

            fresh_line()
            err.print(str(stopped) or "Stopped.", markup=False)
            # 128 and the number of the signal, as shells have it; 1 means something else here.
            ctx.exit(Exit.TERMINATED if isinstance(stopped, Terminated) else Exit.STOPPED)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        # From the table: --help need not import every command.
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 --check found something, 2 wrong usage, "
    "3 a file was refused or failed, 130 stopped by Ctrl-C before it was done, 143 by SIGTERM.",
)
@click.version_option(package_name="photoprivacy", message="%(prog)s %(version)s")
def app() -> None:
    """Photos without leaks: inspect, strip, group by place, share behind a link."""
