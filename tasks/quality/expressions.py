"""Arithmetic as people write it, evaluated: exact values of expressions and chains of equations."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from fractions import Fraction

_WRITTEN = str.maketrans({"×": "*", "÷": "/", "−": "-", "–": "-", "^": "**", "[": "(", "]": ")"})
_OPERATORS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: lambda left, right: Fraction(left // right),
    ast.Mod: operator.mod,
}
_LONGEST = 400  # characters; what is longer is no expression of a person's
_LARGEST_EXPONENT = 20
_LARGEST = 10**30  # no value that anybody calculates with, and one that can still be shown


def evaluate(text: str, names: Mapping[str, Fraction] | None = None) -> Fraction | None:
    """The exact value of an expression with `names` for its letters; None if it is none."""
    written = _balanced(re.sub(r"(?<=\d),(?=\d{3}\b)", "", text.translate(_WRITTEN)).strip())
    if len(written) > _LONGEST:
        return None
    try:
        value = _value(ast.parse(written, mode="eval").body, names or {})
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError, MemoryError):
        return None
    return value if max(abs(value.numerator), value.denominator) < _LARGEST else None


def _balanced(text: str) -> str:
    """The text without the brackets at its end, or its beginning, that nothing answers."""
    surplus = text.count("(") - text.count(")")
    for _ in range(abs(surplus)):
        text = text.removeprefix("(") if surplus > 0 else text.removesuffix(")")
    return text


def _value(node: ast.expr, names: Mapping[str, Fraction]) -> Fraction:
    match node:
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float() as number):
            return Fraction(str(number))
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner, names)
        case ast.UnaryOp(op=ast.UAdd(), operand=inner):
            return _value(inner, names)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            exponent = _value(right, names)
            base = _value(left, names)
            whole = exponent.denominator == 1 and abs(exponent) <= _LARGEST_EXPONENT
            if whole and max(abs(base.numerator), base.denominator) < _LARGEST:
                return base ** int(exponent)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(left, names), _value(right, names))
    raise ValueError("not an expression of numbers")
