"""Boolean expressions: equalities of expressions of True, False and letters for parts."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from tasks.quality.wrong_step import CannotSay, Mistake, WrongStep

_WORD = r"(?:not|and|or|True|False|[A-Z]\b|[()])"
_EXPRESSION = rf"{_WORD}(?:\s*{_WORD})*"
_EQUALITIES = re.compile(rf"(?<![A-Za-z]){_EXPRESSION}(?:\s*(?:=|\bis\b)\s*{_EXPRESSION})+")
_BETWEEN = re.compile(r"=|\bis\b")


def verify(question: str, steps: Sequence[str]) -> WrongStep | None:
    """The first step with two sides that differ, or another value than the question's for all."""
    text = re.sub(r"\bis\s*$", "", question.strip()).rstrip(" :=?")
    value = _evaluated(text, {})
    if value is None:
        raise CannotSay("the question is no expression of True and False")
    names: dict[str, bool] = {"Z": value}
    read_any = False
    for number, step in enumerate(steps):
        try:
            for chain in _EQUALITIES.findall(step):
                read_any = True
                _check(chain, names)
        except Mistake as mistake:
            return WrongStep(number, mistake.kind, mistake.reason)
    if not read_any:
        raise CannotSay("no step evaluates anything")
    return None


def _check(chain: str, names: dict[str, bool]) -> None:
    """Mistake where two sides differ; a new letter takes the value of what it stands for."""
    sides = [side.strip() for side in _BETWEEN.split(chain)]
    if re.fullmatch("[A-Z]", sides[0]) and sides[0] not in names:
        meant = _evaluated(sides[1], names)
        if meant is not None:
            names[sides[0]] = meant
    values = [(side, value) for side in sides if (value := _evaluated(side, names)) is not None]
    for (left, first), (right, second) in pairwise(values):
        if first != second:
            raise Mistake("wrong rule", f"{left} is {first}, not {right}")


def _evaluated(text: str, names: Mapping[str, bool]) -> bool | None:
    try:
        return _value(ast.parse(text.strip(), mode="eval").body, names)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _value(node: ast.expr, names: Mapping[str, bool]) -> bool:
    match node:
        case ast.Constant(value=bool() as value):
            return value
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return not _value(inner, names)
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(_value(part, names) for part in parts)
        case ast.BoolOp(values=parts):
            return any(_value(part, names) for part in parts)
    raise ValueError("not an expression of True and False")
