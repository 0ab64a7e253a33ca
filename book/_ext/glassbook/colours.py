"""The colours of code, light and dark. Every one has a contrast of at least 4.5 to its ground."""

from __future__ import annotations

from typing import ClassVar

from pygments.style import Style
from pygments.token import (
    Comment,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Token,
    _TokenType,
)


def _styles(**colours: str) -> dict[_TokenType, str]:
    return {
        Token: colours["text"],
        Comment: f"italic {colours['comment']}",
        Keyword: colours["keyword"],
        Keyword.Constant: colours["number"],
        Operator: colours["text"],
        Operator.Word: colours["keyword"],
        Punctuation: colours["text"],
        Name.Function: f"bold {colours['name']}",
        Name.Class: f"bold {colours['name']}",
        Name.Decorator: colours["name"],
        Name.Builtin: colours["builtin"],
        Name.Builtin.Pseudo: f"italic {colours['text']}",
        Name.Exception: colours["error"],
        String: colours["string"],
        String.Interpol: colours["text"],
        Number: colours["number"],
    }


class Light(Style):
    """For the light theme."""

    background_color = "#f6f7f5"
    styles: ClassVar[dict[_TokenType, str]] = _styles(
        text="#22272b",
        comment="#5b6770",
        keyword="#87268f",
        name="#0a4f94",
        builtin="#0f6470",
        error="#a8261d",
        string="#1c6a3a",
        number="#8a4a00",
    )


class Dark(Style):
    """For the dark theme."""

    background_color = "#1b2024"
    styles: ClassVar[dict[_TokenType, str]] = _styles(
        text="#dbe0e4",
        comment="#98a4ad",
        keyword="#d7a6ee",
        name="#8fc6ff",
        builtin="#7fd0da",
        error="#ff9f95",
        string="#a2d8ab",
        number="#efb97c",
    )
