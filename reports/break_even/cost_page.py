"""The costs in sentences and tables, for a terminal and as a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.break_even.money import BreakEven, Prices, TeacherUse, answering, collecting
from reports.rendering.numerals import duration, percent, share
from reports.rendering.pages import environment
from reports.rendering.tables import Entry, Table

MANY = 1000  # answers whose price is told: one costs next to nothing


@dataclass(frozen=True, slots=True)
class Costs:
    """A teacher and its students, priced; `people_hours` were worked on the chains."""

    teacher: TeacherUse
    students: tuple[BreakEven, ...]
    prices: Prices
    people_hours: float


def sentences(costs: Costs) -> list[str]:
    """What the tables come to, a sentence a student."""
    teacher = money(MANY * answering(costs.teacher, costs.prices))
    said = []
    for student in costs.students:
        name = _name(student, costs.students)
        if student.answers is None:
            said.append(
                f"{name} never pays at these prices: {MANY:,} answers of it cost "
                f"{money(MANY * student.per_answer)}, of {costs.teacher.model} {teacher}."
            )
        else:
            said.append(
                f"{name} pays from {student.answers:,} answers on: it costs {money(student.once)} "
                f"once and {money(MANY * student.per_answer)} for {MANY:,} answers, "
                f"{costs.teacher.model} {teacher} for {MANY:,}."
            )
    return said


def tables(costs: Costs) -> list[Table]:
    """What was spent once, and what an answer takes."""
    return [_once(costs), _per_answer(costs), _prices(costs)]


def cost_html(costs: Costs) -> str:
    """One self-contained page; all text escaped."""
    page = environment("reports.break_even").get_template("costs.html.j2")
    return page.render(costs=costs, sentences=sentences(costs), tables=tables(costs))


def money(amount: float) -> str:
    """To the cent from ten cents on, below that with two significant digits."""
    return f"{amount:,.2f}" if amount >= 0.1 or amount == 0 else f"{amount:.2g}"


def _once(costs: Costs) -> Table:
    teacher, prices = costs.teacher, costs.prices
    tokens = f"{teacher.read:,.0f} tokens read, {teacher.written:,.0f} written"
    rows = [("chains of the teacher", tokens, collecting(teacher, prices))]
    if costs.people_hours:
        worked = costs.people_hours * prices.people_hour
        rows.append(("people's work", f"{costs.people_hours:g} h", worked))
    for each in costs.students:
        trained = f"{duration(each.use.training_seconds)} of the machine"
        rows.append((f"training {_name(each, costs.students)}", trained, each.training))
    cells = tuple((Entry(what), Entry(much), Entry(money(price))) for what, much, price in rows)
    return Table("Spent once", ("what", "how much", "money"), cells, 2)


def _per_answer(costs: Costs) -> Table:
    teacher = costs.teacher
    tokens = f"{teacher.read_per_answer:,.0f} + {teacher.written_per_answer:,.0f} tokens"
    price = money(MANY * answering(teacher, costs.prices))
    first = (
        Entry(teacher.model, "teacher"),
        Entry(tokens),
        Entry(price),
        Entry(percent(teacher.right), "its own questions"),
        Entry("–"),
        Entry("–"),
    )
    columns = (
        "who",
        "an answer takes",
        f"money for {MANY:,}",
        "right IND",
        "right OOD",
        "pays from",
    )
    rest = tuple(
        (
            Entry(_name(each, costs.students), "student"),
            Entry(f"{each.use.answer_seconds:.2g} s"),
            Entry(money(MANY * each.per_answer)),
            Entry(share(each.use.ind)),
            Entry(share(each.use.ood)),
            Entry("never" if each.answers is None else f"{each.answers:,}"),
        )
        for each in costs.students
    )
    return Table("Answers", columns, (first, *rest), 2)


def _prices(costs: Costs) -> Table:
    prices = costs.prices
    rows = [
        ("a million tokens read", prices.token_in),
        ("a million tokens written", prices.token_out),
        ("an hour of the student's machine", prices.machine_hour),
    ]
    if costs.people_hours:
        rows.append(("an hour of people's work", prices.people_hour))
    cells = tuple((Entry(what), Entry(money(price))) for what, price in rows)
    return Table("Prices, as they were given", ("of", "money"), cells, 1)


def _name(student: BreakEven, students: Sequence[BreakEven]) -> str:
    """The method; with its student where there are several."""
    several = len({each.use.student for each in students}) > 1
    return f"{student.use.student} / {student.use.method}" if several else student.use.method
