"""`make handbook`: docs/erros.md, support's handbook of every TB code, from the catalogue in topbackup/problems.py."""

from pathlib import Path

from topbackup.i18n import _
from topbackup.problems import Problem, all_problems

HANDBOOK = Path(__file__).parents[1] / "docs" / "erros.md"
_HEAD = """# Códigos de erro do TopBackup

Gerado por `make handbook` a partir do catálogo; não edite à mão. O código aparece no terminal, no log, no campo
`CODIGO_ERRO` da nuvem e no cartão da empresa. *Quem age*: **loja** é quem está junto ao computador; **suporte** é a
software house. Uma falha *passageira* pode passar sozinha na próxima tentativa.
"""


def handbook() -> str:
    """The whole text, in the language of this process: Brazilian Portuguese unless TOPBACKUP_LANG says otherwise."""
    return _HEAD + "".join(_entry(problem) for problem in all_problems().values())


def _entry(problem: Problem) -> str:
    passing = " · passageira" if problem.retry else ""
    return (
        f"\n## {problem.code}\n\n{_(problem.sentence)}\n\n"
        f"* **Causa:** {_(problem.cause)}\n* **O que fazer:** {_(problem.mend)}\n"
        f"* **Quem age:** {problem.act.value}{passing}\n"
    )


if __name__ == "__main__":
    HANDBOOK.write_text(handbook(), encoding="utf-8")
