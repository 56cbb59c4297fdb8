"""Personal data found and masked in texts and records."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from made_up_people import PLACES, made_up_records

from tasks.errors import UserError
from tasks.personal_data.find import find
from tasks.personal_data.in_records import personal_data_in, redacted
from tasks.personal_data.masking import Masking
from tasks.personal_data.names import name_finder
from tasks.records.record import CoTRecord, WrongChain, read_records, write_records
from tasks.scoring.score import score

PAGE = Path(__file__).parents[3] / "docs" / "governance.md"
FORMS = ("email", "iban", "card", "ip", "phone")


def spans(text: str) -> list[tuple[str, str]]:
    return [(found.kind, text[found.start : found.end]) for found in find(text)]


def test_recall_and_precision_on_200_made_up_records_are_what_the_page_says() -> None:
    truth: Counter[tuple[int, str, str]] = Counter()
    found: Counter[tuple[int, str, str]] = Counter()
    for place, made_up in enumerate(made_up_records(Random(0))):
        truth.update((place, *each) for each in made_up.truth if each[0] in FORMS)
        found.update((place, *each) for each in spans(made_up.record.rationale))
    rows = []
    for kind in FORMS:
        there, said, both = (
            sum(count for key, count in counts.items() if key[1] == kind)
            for counts in (truth, found, truth & found)
        )
        rows.append((kind, f"{both}/{there}", f"{both}/{said}"))
        assert both / there >= 0.85
        assert both / said >= 0.7
    table = re.findall(r"^\| `(\w+)` \| (\d+/\d+) \| (\d+/\d+) \|", PAGE.read_text(), re.MULTILINE)
    assert table == rows


@pytest.mark.parametrize(
    "text",
    [
        "From 08:30-12:45 on 2024-01-15, 05/12/2024 10:30 and 05-12-2024 08:30.",
        "In all 4155550123 + 4111111111111111 = 4115267161661234.",
        "12 +4155550123 is a sum, and so is (3) +4155550123 = 4155550126.",
        "4111 1111 1111 1112 fails its check, and so does DE89 3704 0044 0532 0130 01.",
        "Order number: 415-555-0123, invoice 030 1234567, ISBN 978-3-16-148410-0.",
        "Version 1.2.3.4, section 4.3.2.1 and the machine itself, 127.0.0.1.",
        "x@y, @name, user@localhost and 1,234,567,890 grains or 1 234 567 890.",
    ],
)
def test_what_only_looks_like_personal_data_is_left(text: str) -> None:
    assert spans(text) == []


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("連絡先はtaro@example.comです", "連絡先は[EMAIL-1]です"),
        ("太郎@example.jp", "[EMAIL-1]"),
        (f"taro@example.com{'までご連絡' * 9}", f"[EMAIL-1]{'までご連絡' * 9}"),
        ("البريدali@example.comوالهاتف", "البريد[EMAIL-1]والهاتف"),
        ("携帯は090-1234-5678です", "携帯は[PHONE-1]です"),
        (
            "連絡+81-90-1234-5678まで、電話は0900012345です",
            "連絡[PHONE-1]まで、電話は[PHONE-2]です",
        ),
        ("０９０－１２３４－５６７８とｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ", "[PHONE-1]と[EMAIL-1]"),
        ("هاتف phone ٠٥٠١٢٣٤٥٦٧", "هاتف phone [PHONE-1]"),
        ("口座DE89370400440532013000です", "口座[IBAN-1]です"),
        ("DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000", "[IBAN-1]"),
        ("Phone 415-555-0123x12 or 415\u2011555\u20110124", "Phone [PHONE-1]x12 or [PHONE-2]"),
        ("😀bob@example.com😀", "😀[EMAIL-1]😀"),
    ],
)
def test_scripts_without_spaces_and_wide_or_unbreaking_letters_hide_nothing(
    text: str, masked: str
) -> None:
    assert Masking().mask(text) == masked


def test_one_thing_has_one_placeholder_however_it_is_written_and_wherever() -> None:
    masking = Masking()
    assert masking.mask("Ask Jo@example.org or +49 30 123456.") == "Ask [EMAIL-1] or [PHONE-1]."
    assert masking.mask("jo@example.org, 0049 30 123456") == "[EMAIL-1], [PHONE-1]"
    assert masking.mask("al@example.org") == "[EMAIL-2]"
    assert masking.masked == {"email": 3, "phone": 2}


RECORD = CoTRecord(
    id="1",
    task="t",
    description="",
    question="Ann (ann@example.org, 415-555-0123) has 3 pens and buys 4. How many has she?",
    answer="7",
    rationale="Ann of ann@example.org has 3 + 4 = 7.",
    teacher="hand",
    teacher_answer="7",
    teacher_correct=True,
)


def test_a_record_is_masked_in_all_its_texts_but_not_in_its_origin() -> None:
    record = replace(
        RECORD,
        dual=WrongChain("ann@example.org has 8.", "8"),
        meta={
            "note": [{"ann@example.org": "from ann@example.org"}],
            "chain": {"server": "http://192.0.2.7:8000"},
        },
    )
    result = redacted([record])
    [masked] = result.records
    assert masked.question.startswith("Ann ([EMAIL-1], [PHONE-1]) has")
    assert masked.rationale == "Ann of [EMAIL-1] has 3 + 4 = 7."
    assert masked.dual == WrongChain("[EMAIL-1] has 8.", "8")
    assert masked.meta == {
        "note": [{"[EMAIL-1]": "from [EMAIL-1]"}],
        "chain": {"server": "http://192.0.2.7:8000"},
    }
    assert result.kept == result.named == []
    assert personal_data_in([record])[0] == {"email": 5, "phone": 1}
    assert personal_data_in([masked])[0] == {}


@pytest.mark.parametrize("name", ["id", "task", "cluster", "teacher"])
def test_what_tells_records_apart_is_not_masked_but_named_and_counted(name: str) -> None:
    named: dict[str, Any] = {name: "ann@example.org"}
    record = replace(RECORD, question="3 + 4?", rationale="7", **named)
    result = redacted([record])
    assert result.records == [record]
    assert result.named == [record.id]
    assert personal_data_in([record]) == ({"email": 1}, 1)


@pytest.mark.parametrize(
    ("answer", "options", "rationale"),
    [
        ("4155550123", (), "415-555-0123 it is."),
        ("ann@example.org", (), "Not bob@example.org, so ann@example.org."),
        ("(B)", ("bob@example.org", "ann@example.org"), "Ann writes from ann@example.org."),
        ("+49 30 123456", (), "The desk answers on +49 30 123456, not on +49 30 654321."),
    ],
)
def test_what_an_answer_needs_to_be_read_is_kept_and_named(
    answer: str, options: tuple[str, ...], rationale: str
) -> None:
    record = replace(RECORD, question="Which?", answer=answer, options=options, rationale=rationale)
    result = redacted([record])
    assert result.records == [record]
    assert result.kept == ["1"]


def test_masked_records_are_read_and_scored_as_before(tmp_path: Path) -> None:
    records = [made_up.record for made_up in made_up_records(Random(1))]
    write_records(tmp_path / "masked.jsonl", redacted(records).records)
    for before, after in zip(records, read_records(tmp_path / "masked.jsonl"), strict=True):
        said = f"{after.rationale} So the answer is {after.teacher_answer}."
        assert score(said, (before.answer,), "number", task="made_up").correct
    assert personal_data_in(redacted(records).records)[0] == {}


def test_names_need_a_model_and_say_so() -> None:
    pytest.importorskip("presidio_analyzer")
    with pytest.raises(UserError, match="no such spaCy model"):
        name_finder("en_core_web_absent")


def test_names_by_an_installed_model() -> None:
    pytest.importorskip("presidio_analyzer")
    spacy = pytest.importorskip("spacy")
    models = [name for name in spacy.util.get_installed_models() if name.startswith("en_core")]
    if not models:
        pytest.skip("no English spaCy model is installed")
    masking = Masking([name_finder(models[0])])
    said = masking.mask(f"Maria Keller lives in {PLACES[0]}. Maria Keller has 3 pens.")
    assert said == "[PERSON-1] lives in [PLACE-1]. [PERSON-1] has 3 pens."
