"""Which database a run was of, where a company backs up several: BANCO_ORIGEM of the run against that of the agenda."""

from collections.abc import Iterable


def several(sources: Iterable[str | None]) -> frozenset[str]:
    """The databases that are named, where there are two at least to be told apart; else empty."""
    keys = {source_key(source or "") for source in sources}
    return frozenset(keys - {""}) if len(keys) > 1 else frozenset()


def same_source(ran: str, scheduled: str | None, named: frozenset[str]) -> bool:
    """Was the run of the agenda's database? named: what `several` gives.

    An agenda without a database means the configured one, whose name is not known: any that no agenda names.
    """
    key = source_key(ran)
    if scheduled:
        return _same(key, source_key(scheduled))
    return not any(_same(key, other) for other in named)


def source_key(text: str) -> str:
    """Windows spells one path in many ways."""
    return text.strip().replace("\\", "/").casefold()


def _same(first: str, second: str) -> bool:
    """With or without the host before it."""
    return first == second or first.endswith(f":{second}") or second.endswith(f":{first}")


def file_name(source: str) -> str:
    """The end of a database's path, or its alias: what people call it by."""
    return source.replace("\\", "/").rsplit("/", 1)[-1]
