"""Where MySQL and SQLite spell the same thing differently. MySQL stands for MariaDB too."""

from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

# Dates outside of these are a broken clock's or no dates (0000-00-00), and a deadline could not be computed from them.
_FIRST, _LAST = "1970-01-02", "9990-01-01"


@dataclass(frozen=True)
class Dialect:
    """Instants are wall times of America/Sao_Paulo; in SQLite text, compared as text."""

    mysql: bool

    @classmethod
    def of(cls, connection: BaseDatabaseWrapper) -> "Dialect":
        return cls(connection.vendor == "mysql")

    @property
    def now(self) -> str:
        """The server's own clock in the cloud's zone. By offset: a server may lack the zone's name, and there is no
        DST in Brazil since 2019."""
        if self.mysql:
            return "(UTC_TIMESTAMP(6) - INTERVAL 3 HOUR)"
        # Without a fraction where it is zero, as the agent and Django spell it.
        return "replace(strftime('%Y-%m-%d %H:%M:%f', 'now', '-3 hours') || '000', '.000000', '')"

    def instant(self, column: str) -> str:
        """The column, or NULL where it holds no usable date."""
        if self.mysql:
            # A loose sql_mode let in days and months of zero, and with those nothing can be computed.
            whole = f"MONTH({column}) > 0 AND DAYOFMONTH({column}) > 0"
            return f"CASE WHEN {column} >= '{_FIRST}' AND {column} < '{_LAST}' AND {whole} THEN {column} END"
        return (
            # With a modifier it is really computed: without, SQLite gives 31 November back as it came. To the second:
            # with a fraction of .9995 and more it would be the next one.
            f"CASE WHEN datetime(substr({column}, 1, 19), '+0 days') = substr({column}, 1, 19)"
            f" AND datetime({column}) IS NOT NULL AND {column} >= '{_FIRST}'"
            f" AND {column} < '{_LAST}' THEN {column} END"
        )

    def least(self, first: str, second: str) -> str:
        """The earlier of two instants; the only one, where the other is NULL."""
        function = "LEAST" if self.mysql else "MIN"
        return f"COALESCE({function}({first}, {second}), {first}, {second})"

    def plus(self, moment: str, seconds: int) -> str:
        """Exact to the microsecond, where SQLite's own functions would keep three digits."""
        if self.mysql:
            return f"({moment} + INTERVAL {seconds:d} SECOND)"
        return f"(datetime(substr({moment}, 1, 19), '{seconds:+d} seconds') || substr({moment}, 20))"

    def same(self, first: str, second: str) -> str:
        """Equal, or both NULL."""
        return f"({first} {'<=>' if self.mysql else 'IS'} {second})"

    def whole_number(self, column: str) -> str:
        """SQLite holds anything in a column of numbers."""
        return "TRUE" if self.mysql else f"typeof({column}) = 'integer'"

    def database(self, column: str) -> str:
        """A database's name, to be compared with EMPRESA_BANCO.BANCO: letter by letter, whatever the column's collation
        holds for equal. Empty where none is told."""
        name = f"COALESCE({column}, '')"
        return f"CONVERT({name} USING utf8mb4) COLLATE utf8mb4_bin" if self.mysql else name

    def letter(self, column: str, value: str) -> str:
        """Exactly this letter: to MySQL's collations an s is an S, and a status that nobody defined proves nothing."""
        exact = f" AND CAST({column} AS BINARY) = '{value}'" if self.mysql else ""
        return f"({column} = '{value}'{exact})"
