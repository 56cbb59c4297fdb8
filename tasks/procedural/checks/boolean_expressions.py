"""Check of boolean expressions: `clause by clause` from either end, and `until decided`."""

from __future__ import annotations

import re

from tasks.procedural.checks.reading import Fault, expect, sentences

VALUE = r"(?:True|False)"
CLAUSE = rf"\( (?:not )?{VALUE} (?:and|or) (?:not )?{VALUE} \)"
EVALUATED = rf"({CLAUSE}): ({VALUE}) (and|or) ({VALUE}) is ({VALUE})"
JOINED = rf"({VALUE}) (and|or) ({VALUE}|any) is ({VALUE})"
DERIVATION = re.compile(rf"{EVALUATED}\.(?: {EVALUATED}\.)*(?: {JOINED}\.)+")


def path(rationale: str) -> str:
    """The canonical solution path, "" where the rationale cannot be read."""
    if not DERIVATION.fullmatch(rationale):
        return ""
    strategy = "until decided" if " any is " in rationale else "clause by clause"
    return f"{strategy}: {' '.join(re.findall(CLAUSE, rationale))}"


def check(question: str, rationale: str) -> str:
    """The answer that the rationale rightly derives; Fault at its first wrong step."""
    if not DERIVATION.fullmatch(rationale):
        raise Fault(0, "no known way of working out an expression")
    asked = re.findall(CLAUSE, question)
    joint = re.findall(r"\) (and|or) \(", question)[0]
    steps = sentences(rationale)
    evaluated = [found for step in steps if (found := re.fullmatch(EVALUATED, step))]
    values = [_check_clause(found, number) for number, found in enumerate(evaluated, start=1)]
    taken = [found[1] for found in evaluated]
    joins = [_joined(step) for step in steps[len(taken) :]]
    if joins[0][2] == "any":
        expect(taken == asked[: len(taken)], 1, "these are not the first clauses")
        return _check_decided(joint, values, joins, len(steps))
    expect(taken in (asked, asked[::-1]), 1, "these are not the clauses of the question")
    return _check_fold(joint, values, joins, len(taken))


def _check_clause(found: re.Match[str], step: int) -> bool:
    negated = re.findall(r"(not )?(True|False)", found[1])
    left, right = ((value == "True") != bool(negation) for negation, value in negated)
    joint = "and" if " and " in found[1] else "or"
    expect((found[2], found[4]) == (str(left), str(right)), step, "a value is misread")
    value = (left and right) if joint == "and" else (left or right)
    expect((found[3], found[5]) == (joint, str(value)), step, f"{found[1]} is {value}")
    return bool(value)


def _check_decided(joint: str, values: list[bool], joins: list[tuple[str, ...]], step: int) -> str:
    deciding = joint == "or"
    expect(values[-1] == deciding, step, f"{values[-1]} does not decide {joint}")
    expect(deciding not in values[:-1], step, "an earlier clause had decided")
    stated = (str(deciding), joint, "any", str(deciding))
    expect(joins == [stated], step, f"{joint} is {deciding} here")
    return "Yes" if deciding else "No"


def _check_fold(joint: str, values: list[bool], joins: list[tuple[str, ...]], clauses: int) -> str:
    result = values[0]
    for number, (value, join) in enumerate(zip(values[1:], joins, strict=False), clauses + 1):
        combined = (result and value) if joint == "and" else (result or value)
        right = (str(result), joint, str(value), str(combined))
        expect(join == right, number, f"{result} {joint} {value} is {combined}")
        result = combined
    expect(
        len(joins) == clauses - 1, clauses + len(joins), "a clause is not joined or joined twice"
    )
    return "Yes" if result else "No"


def _joined(step: str) -> tuple[str, ...]:
    found = re.fullmatch(JOINED, step)
    return found.groups() if found else ()
