"""The forms that fields of the settings take, whatever their section."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _flag(value: Any) -> Any:
    """1.0.x wrote S and N in some flags."""
    if isinstance(value, str) and value.strip().upper() in ("S", "N"):
        return value.strip().upper() == "S"
    return value


def _text(value: Any) -> Any:
    return "" if value is None else value


Flag = Annotated[bool, BeforeValidator(_flag)]
Text = Annotated[str, BeforeValidator(_text)]
Port = Annotated[int, Field(ge=1, le=65535)]


class Section(BaseModel):
    """Unknown keys survive."""

    model_config = ConfigDict(extra="allow", frozen=True, str_strip_whitespace=True)
