"""typer's own words in the user's language: its help, and what is wrong with a command line, told as every error is."""

import re
from functools import partial
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup

from topbackup.errors import BadUsage
from topbackup.i18n import N_, _
from topbackup.problems import BAD_ARGUMENT

if TYPE_CHECKING:
    _Base = TyperCommand
else:
    _Base = object

# Its base of all that a user typed wrongly; typer exports only the one below it.
UsageError: type[Exception] = typer.BadParameter.__bases__[0]
_QUOTED = re.compile(r"No such command '(?P<command>[^']*)'|Got unexpected extra argument\S* \((?P<extra>.*)\)")


def bad_usage(error: Exception) -> BadUsage:
    """The same as an error of the catalogue, which names the option, the argument or the command."""
    return BadUsage(BAD_ARGUMENT, _detail(error))


def _detail(error: Exception) -> str:
    name = getattr(error, "option_name", None) or _parameter(error)
    said = str(getattr(error, "message", ""))
    match type(error).__name__:
        case "NoSuchOption":
            return _("unknown option: {name}").format(name=name)
        case "BadOptionUsage":
            return _("an option without its value: {name}").format(name=name)
        case "MissingParameter":
            return _("missing: {name}").format(name=name)
        case "BadParameter" if name:
            return _("the value does not fit: {name}").format(name=name)
    found = _QUOTED.match(said)
    if found and found["command"] is not None:
        return _("unknown command: {name}").format(name=found["command"])
    if found:
        return _("too much: {name}").format(name=found["extra"])
    return said


def _parameter(error: Exception) -> str:
    """As the user writes it: `--agenda`, `FILE`."""
    parameter = getattr(error, "param", None)
    if parameter is None:
        return ""
    options = [option for option in parameter.opts if option.startswith("-")]
    return options[0] if options else str(parameter.metavar or parameter.name)


# What typer writes in a usage line, and for the kinds of a value.
_PIECES = {"[OPTIONS]": N_("[OPTIONS]"), "COMMAND [ARGS]...": N_("COMMAND [ARGUMENTS]...")}
_KINDS = {"<path>": N_("<path>"), "<int>": N_("<number>"), "<integer>": N_("<number>"), "<str>": N_("<text>")}


def _said(words: str, ctx: Any) -> str:
    return words


class _Speaking(_Base):
    """A command whose help has no English word in it."""

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _("Show this text and exit.")
        return option

    def get_usage(self, ctx: Any) -> str:
        return super().get_usage(ctx).replace("Usage:", _("Usage:"), 1)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [_(_PIECES.get(piece, piece)) for piece in super().collect_usage_pieces(ctx)]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        from typer import rich_utils  # noqa: PLC0415 - it brings all of rich, and only a help shows it

        rich_utils.ARGUMENTS_PANEL_TITLE = _("Arguments")
        rich_utils.OPTIONS_PANEL_TITLE = _("Options")
        rich_utils.COMMANDS_PANEL_TITLE = _("Commands")
        rich_utils.REQUIRED_LONG_STRING = _("[required]")
        rich_utils.DEFAULT_STRING = _("[default: {}]")
        parameters: list[Any] = self.get_params(ctx)
        for parameter in parameters:
            kind = "" if parameter.metavar else _KINDS.get(str(parameter.display_type(ctx)), "")
            parameter.display_type_rich = partial(_said, _(kind))
        super().format_help(ctx, formatter)


class Command(_Speaking, TyperCommand):
    """One command."""


class Group(_Speaking, TyperGroup):
    """Commands under one word."""
