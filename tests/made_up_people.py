"""Made-up records with and without personal data, and where in them it stands.

Nobody's: names of the example domains of RFC 2606, numbers drawn here. Check digits are searched
for, not computed as the product computes them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tasks.records.record import CoTRecord

PEOPLE = (
    *("Maria Keller", "Tom Bradley", "Aiko Tanaka", "Pierre Dubois", "Linda Okafor"),
    *("Jonas Weber", "Priya Sharma", "Carlos Mendez", "Emma Wilson", "Peter Novak"),
)
PLACES = ("Hamburg", "Chicago", "Osaka", "Lyon", "Lagos", "Madrid", "London", "Prague")


@dataclass(frozen=True)
class MadeUp:
    """A record and its personal data: (kind, text) in the order in which they stand."""

    record: CoTRecord
    truth: list[tuple[str, str]]


def made_up_records(rng: Random, count: int = 200) -> list[MadeUp]:
    """Half of them with one to three pieces of personal data, half with what only looks like it."""
    return [_record(rng, index, personal=index % 2 == 0) for index in range(count)]


def _record(rng: Random, index: int, *, personal: bool) -> MadeUp:
    name, place = rng.choice(PEOPLE), rng.choice(PLACES)
    truth = [("person", name), ("place", place)]
    sentences = [f"{name} from {place} packs {rng.randint(2, 9)} boxes."]
    for _ in range(rng.randint(1, 3)):
        if personal:
            kind = rng.choice(list(PERSONAL))
            text = PERSONAL[kind](rng)
            truth.append((kind, text))
            sentences.append(rng.choice(SAID[kind]).format(text))
        else:
            sentences.append(rng.choice(HARD_NEGATIVES)(rng))
    boxes, each = rng.randint(3, 9), rng.randint(11, 99)
    sentences.append(f"So {boxes} boxes of {each} parts hold {boxes} x {each} = {boxes * each}.")
    record = CoTRecord(
        id=f"made_up/{index}",
        task="made_up",
        description="How many parts are there?",
        question=f"How many parts do {boxes} boxes of {each} hold?",
        answer=str(boxes * each),
        rationale=" ".join(sentences),
        teacher="nobody",
        teacher_answer=str(boxes * each),
        teacher_correct=True,
    )
    return MadeUp(record, truth)


def digits(rng: Random, count: int, first: str = "0123456789") -> str:
    return rng.choice(first) + "".join(rng.choice("0123456789") for _ in range(count - 1))


def email(rng: Random) -> str:
    first, last = rng.choice(PEOPLE).lower().split()
    if rng.random() < 0.05:
        return f"{last} [at] example.com"
    local = rng.choice(["{0}.{1}", "{0}_{1}", "{0[0]}{1}", "{1}+parts", "{0}-{1}.2"])
    host = rng.choice(["example.com", "mail.example.org", "example.net", "qa-desk.example"])
    return f"{local.format(first, last)}@{host}"


def phone(rng: Random) -> str:
    national, area, rest = digits(rng, 7), digits(rng, 3, "23456789"), digits(rng, 4)
    return rng.choice(
        [
            f"+49 {digits(rng, 3, '123456789')} {national}",
            f"+49{digits(rng, 10, '123456789')}",
            f"+44 20 {digits(rng, 4, '378')} {rest}",
            f"+33 6 {' '.join(digits(rng, 2) for _ in range(4))}",
            f"+81-3-{digits(rng, 4, '3456')}-{rest}",
            f"+1 ({area}) 555-{rest}",
            f"({area}) 555-{rest}",
            f"{area}-555-{rest}",
            f"{area}.555.{rest}",
            f"0{digits(rng, 3, '123456789')} {national}",
            f"0{digits(rng, 3, '123456789')}/{national}",
            f"020 7{digits(rng, 3)} {rest}",
            f"06 {' '.join(digits(rng, 2) for _ in range(4))}",
            f"0049 {digits(rng, 2, '123456789')} {national}",
            f"555-{rest}",
        ]
    )


def with_check_digit(body: str, *, valid: bool) -> str:
    """The one digit that Luhn's rule allows behind the body, or one that it does not."""
    fitting = next(d for d in "0123456789" if _luhn_sum(body + d) % 10 == 0)
    return body + (fitting if valid else str((int(fitting) + 3) % 10))


def _luhn_sum(number: str) -> int:
    total = 0
    for place, character in enumerate(reversed(number)):
        value = int(character) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total


def card(rng: Random, *, valid: bool = True) -> str:
    prefix, length = rng.choice([("4", 16), ("5" + digits(rng, 1, "12345"), 16), ("37", 15)])
    number = with_check_digit(prefix + digits(rng, length - len(prefix) - 1), valid=valid)
    if length == 15:
        return rng.choice([number, f"{number[:4]} {number[4:10]} {number[10:]}"])
    joint = rng.choice(["", " ", "-"])
    return joint.join(number[start : start + 4] for start in range(0, 16, 4))


def iban(rng: Random, *, valid: bool = True) -> str:
    country, bank, length = rng.choice(
        [("DE", "", 22), ("GB", "NWBK", 22), ("FR", "", 27), ("NL", "ABNA", 18), ("ES", "", 24)]
    )
    body = bank + digits(rng, length - 4 - len(bank))
    fitting = next(
        f"{check:02d}"
        for check in range(2, 99)
        if int("".join(str(int(c, 36)) for c in f"{body}{country}{check:02d}")) % 97 == 1
    )
    check = fitting if valid else f"{(int(fitting) + 31) % 97:02d}"
    account = f"{country}{check}{body}"
    if rng.random() < 0.5:
        return account
    return " ".join(account[start : start + 4] for start in range(0, length, 4))


def ip(rng: Random) -> str:
    return rng.choice(["192.0.2.", "198.51.100.", "203.0.113."]) + str(rng.randint(1, 254))


PERSONAL: dict[str, Callable[[Random], str]] = {
    "email": email,
    "phone": phone,
    "card": card,
    "iban": iban,
    "ip": ip,
}
SAID = {
    "email": ("Write to {} first.", "The list goes to <{}>, not to me.", "Contact: {}"),
    "phone": ("Call {} before noon.", "The desk is at {}, ask there.", "Phone: {}."),
    "card": ("It was paid with {}.", "The card {} was charged.", "Card number: {}."),
    "iban": ("Refunds go to {}.", "The account is {}, as agreed.", "IBAN: {}"),
    "ip": ("The order came from {}.", "Log of {}: two parts.", "Host {}, twice."),
}


def _long_sum(rng: Random) -> str:
    a, b = int(digits(rng, 10, "123456789")), int(digits(rng, 10, "123456789"))
    return f"In all {a} + {b} = {a + b} grains."


def _product(rng: Random) -> str:
    a = with_check_digit("4" + digits(rng, 14), valid=True)
    return f"Then {a} × 2 = {2 * int(a)}."


HARD_NEGATIVES: tuple[Callable[[Random], str], ...] = (
    lambda rng: f"The shift runs from 0{rng.randint(5, 9)}:30 to 1{rng.randint(1, 9)}:45.",
    lambda rng: f"It was due on 0{rng.randint(1, 9)}.1{rng.randint(0, 2)}.2024, at 08:15.",
    lambda rng: f"The dates are 2024-0{rng.randint(1, 9)}-15 and 05/12/2024 10:30.",
    lambda rng: f"The batch of 05-12-20{rng.randint(10, 29)} 08:30 was late.",
    _long_sum,
    _product,
    lambda rng: f"Order number: {digits(rng, 3, '234')}-{digits(rng, 3, '5')}-{digits(rng, 4)}.",
    lambda rng: f"Order 0{digits(rng, 3, '123')} {digits(rng, 7)} has two lines.",
    lambda rng: f"The order {digits(rng, 12, '123456789')} has two lines.",
    lambda rng: f"Serial No. {digits(rng, 4)}-{digits(rng, 4)}-{digits(rng, 4)} failed.",
    lambda rng: f"The account is {iban(rng, valid=False)}, which does not exist.",
    lambda rng: f"The number {card(rng, valid=False)} was refused.",
    lambda rng: f"There are 1 234 567 {digits(rng, 3)} grains, or 1,234,567,890.",
    lambda rng: f"Pi is 3.14159265358979{digits(rng, 6)}.",
    lambda rng: f"We run version 1.{rng.randint(2, 9)}.{rng.randint(1, 9)}.4 of it.",
    lambda rng: f"See section 3.{rng.randint(1, 9)}.2.1 and @example, or user@localhost.",
    lambda rng: f"From {digits(rng, 3, '234')} - 555 - {digits(rng, 4)} follows less than 0.",
    lambda rng: f"ISBN 978-3-{digits(rng, 2)}-{digits(rng, 6)}-{digits(rng, 1)} is on the shelf.",
    lambda rng: f"The phone costs {digits(rng, 6, '123')} yen, the scale {digits(rng, 5)}.",
    lambda rng: f"The codes 010-020-0{digits(rng, 2)} and 2-3-5-7-11-13-17-19 repeat.",
    lambda rng: f"Room 0{digits(rng, 2)}-1{digits(rng, 3)}-{digits(rng, 4)} is free.",
)
