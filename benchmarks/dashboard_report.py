"""Figures of the dashboard for people, and the plans of its queries, in benchmarks/results and docs."""

import json
import statistics
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

_ROOT = Path(__file__).parents[1]
_RESULTS = _ROOT / "benchmarks" / "results"
_LONGEST_SQL = 700


@dataclass
class Measured:
    """database: seconds in the server, by round, as it counts them itself (SHOW PROFILES). whole: until the answer's
    dataclasses are there, with Django's making of the SQL and the driver's reading of the rows.
    """

    name: str
    rows: int
    database: list[float]
    whole: list[float]
    queries: int
    statements: list[str]
    plans: list[tuple[str, list[str]]] = field(default_factory=list)

    def add(self, other: "Measured") -> None:
        if other is not self:
            self.database += other.database
            self.whole += other.whole

    def explain(self) -> None:
        """The plan of each statement, as the server tells it now."""
        with connection.cursor() as cursor:
            for sql in self.statements:
                cursor.execute(f"EXPLAIN {sql}".replace("%", "%%"), [])
                names = [column[0] for column in cursor.description]
                lines = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
                self.plans.append((sql, [_line(line) for line in lines]))


def report(measured: list[Measured], sizes: list[int], companies: int) -> None:
    """A table on the terminal, a JSON file of all rounds, and docs/explain-dashboard.md from the largest history."""
    print(f"{companies:,} companies; ms in the server: median, least of the rounds (whole answer, median); queries\n")
    print(f"{'':<26}" + "".join(f"{rows:>26,}" for rows in sizes) + "   grew")
    for name in dict.fromkeys(one.name for one in measured):
        by_rows = {one.rows: one for one in measured if one.name == name}
        cells = "".join(f"{_cell(by_rows[rows]) if rows in by_rows else '—':>26}" for rows in sizes)
        times = [min(by_rows[rows].database) for rows in sizes if rows in by_rows]
        print(f"{name:<26}{cells}   {times[-1] / times[0]:.2f}×")
    _RESULTS.mkdir(exist_ok=True)
    rounds = [
        {"name": one.name, "rows": one.rows, "database": one.database, "whole": one.whole, "queries": one.queries}
        for one in measured
    ]
    (_RESULTS / "dashboard.json").write_text(json.dumps({"companies": companies, "measured": rounds}, indent=1))
    _keep_plans([one for one in measured if one.rows == max(sizes) and one.plans], companies)


def _cell(one: Measured) -> str:
    median, least, whole = statistics.median(one.database), min(one.database), statistics.median(one.whole)
    return f"{median * 1e3:.1f} {least * 1e3:.1f} ({whole * 1e3:.0f}) {one.queries}"


def _line(row: dict[str, object]) -> str:
    kept = ("table", "type", "key", "rows", "Extra")
    return " · ".join(str(row[name]) for name in kept if row.get(name) is not None)


def _keep_plans(measured: list[Measured], companies: int) -> None:
    text = [
        "# Plans of the dashboard's queries",
        "",
        f"Written by `python -m benchmarks.dashboard`: EXPLAIN on MariaDB with {companies:,} companies and",
        f"{measured[0].rows:,} runs. Each line: table · type · index · rows the server expects to read · extra.",
    ]
    for one in measured:
        text += ["", f"## {one.name}"]
        for sql, lines in one.plans:
            shown = " ".join(sql.split())
            shown = shown if len(shown) <= _LONGEST_SQL else f"{shown[:_LONGEST_SQL]} …"
            seen = list(dict.fromkeys(lines))
            more = f"\n… {len(lines) - 8} lines more of the same kind" if len(seen) > 8 else ""
            text += ["", "```sql", shown, "```", "", "```", "\n".join(seen[:8]) + more, "```"]
    (_ROOT / "docs" / "explain-dashboard.md").write_text("\n".join(text) + "\n", encoding="utf-8")
