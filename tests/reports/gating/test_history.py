"""A history of checkpoints: what a night decides, and what the file keeps and refuses."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from gate_sides import side

from reports.gating.added import known, next_build, with_build
from reports.gating.history import Build, History
from reports.gating.history_file import read_history, write_history
from reports.gating.night import judge
from reports.gating.night_told import why
from reports.logs.samples import Side
from tasks.errors import UserError

MARGIN = 0.02
EMPTY = History(MARGIN, "forced", ())


def grown(sides: list[Side], *, anchors: tuple[int, ...] = ()) -> History:
    """A history of these builds, each judged as it comes."""
    history = EMPTY
    for number, each in enumerate(sides, start=1):
        build = next_build(history, each, date=f"2026-01-{number:02}", commit=f"c{number}")
        outcome = judge(history, build).outcome if history.builds else None
        history = with_build(history, build, outcome, "said", anchor=number in anchors)
    return history


def nights(losses: list[float], *, items: int = 3200, seeds: int = 1) -> list[Side]:
    """Builds with so many of their points lost against the first; 20% of answers stray."""
    rng = np.random.default_rng(6)
    right = rng.random(items) < 0.6
    builds = []
    for number, loss in enumerate(losses, start=1):
        correct = right ^ (rng.random((seeds, items)) < 0.113)
        correct &= rng.random((seeds, items)) > loss / 0.577
        builds.append(side(f"build{number}", correct))
    return builds


def judged(sides: list[Side], *, anchors: tuple[int, ...] = ()) -> tuple[History, Build]:
    """The history of all but the last, and the last as its next build."""
    history = grown(sides[:-1], anchors=anchors)
    return history, next_build(history, sides[-1], date="", commit="")


def test_a_build_as_good_as_the_others_passes() -> None:
    night = judge(*judged(nights([0.0] * 5, items=12_000)))
    assert night.outcome == "PASS"
    assert [each.build.number for each in night.held] == [1, 4]
    assert night.decline is None


def test_a_sudden_loss_fails() -> None:
    night = judge(*judged(nights([0.0, 0.0, 0.0, 0.08])))
    assert night.outcome == "FAIL"
    assert any("is larger than 2.0 points" in sentence for sentence in why(night, MARGIN))


def test_a_slow_decay_is_found_though_no_night_loses_the_margin() -> None:
    history, build = judged(nights([0.004 * night for night in range(10)]))
    night = judge(history, build)
    assert all(each.decision.outcome != "FAIL" for each in night.held)
    assert night.outcome == "FAIL"
    assert night.decline is not None
    first = next(why(night, MARGIN))
    assert first.startswith(f"lost {100 * night.decline.lost:.1f} points since build 1, more than")


def test_a_decay_that_began_lately_is_told_from_about_where_it_began() -> None:
    losses = [0.0] * 20 + [0.01 * night for night in range(1, 7)]
    builds = nights(losses)
    told = [judge(*judged(builds[:until])).decline for until in range(21, 27)]
    first = next(decline for decline in told if decline is not None)
    assert first.since.number > 10


def test_a_build_that_failed_is_not_what_the_next_is_held_against() -> None:
    sides = nights([0.0, 0.0, 0.1, 0.0])
    history, build = judged(sides)
    assert [each.outcome for each in history.builds][2] == "FAIL"
    assert [each.build.number for each in judge(history, build).held] == [1, 2]


def test_anchors_are_those_that_were_made_so_whatever_they_scored() -> None:
    history, build = judged(nights([0.0, 0.0, -0.1, 0.0, 0.0]), anchors=(2,))
    assert [each.number for each in history.anchors] == [1, 2]
    assert [each.build.number for each in judge(history, build).held] == [1, 2, 4]


def test_a_build_that_failed_does_not_become_an_anchor() -> None:
    history = grown(nights([0.0, 0.15]), anchors=(2,))
    assert [each.number for each in history.anchors] == [1]


def test_luck_of_training_is_not_taken_for_a_decline() -> None:
    """Builds of 2 points up and down, which a test over items alone would call a loss."""
    luck = [0.0, 0.0, -0.03, 0.03, -0.02, 0.03, -0.03, 0.0, -0.01, 0.035]
    night = judge(*judged(nights([0.03 + each for each in luck], items=12_000)))
    assert night.decline is None
    assert all(each.lucky for each in night.declines)


def test_items_that_differ_between_nights_are_left_out_and_counted() -> None:
    first, second = nights([0.0, 0.0], items=100)
    fewer = side("first", first.correct[:, :80])
    night = judge(*judged([fewer, second]))
    assert night.held[0].decision.contrast.items == 80
    assert night.held[0].left_out == 20
    assert any("20 items of tonight were not asked then" in said for said in why(night, MARGIN))


def test_no_item_in_common_is_refused() -> None:
    first, second = nights([0.0, 0.0], items=10)
    other = replace(first, items=replace(first.items, task=np.full(10, "other", dtype=object)))
    with pytest.raises(UserError, match="no item in common with build 1"):
        judge(*judged([other, second]))


def test_seeds_may_differ_in_number() -> None:
    sides = [*nights([0.0] * 6, seeds=3), *nights([0.0] * 2, seeds=2)]
    night = judge(*judged(sides))
    assert night.held[0].decision.contrast.claim == "method"
    one = judge(*judged([*sides, nights([0.0])[0]]))
    assert one.held[0].decision.contrast.claim == "checkpoint"


@pytest.mark.parametrize("items", [1, 2])
def test_few_items_decide_nothing(items: int) -> None:
    night = judge(*judged([side(f"b{n}", np.ones((1, items))) for n in range(8)]))
    assert night.outcome == "INCONCLUSIVE"
    assert night.decline is None
    for each in night.held:
        assert -1 <= each.decision.lower < each.decision.upper <= 1


def test_one_cluster_decides_nothing() -> None:
    sides = [side(f"b{n}", np.ones((1, 50)), cluster="all") for n in range(8)]
    night = judge(*judged(sides))
    assert (night.outcome, night.decline) == ("INCONCLUSIVE", None)


def test_equal_outcomes_show_no_decline() -> None:
    night = judge(*judged([side(f"b{n}", np.ones((1, 500))) for n in range(8)]))
    assert (night.outcome, night.decline) == ("PASS", None)


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    history = grown([*nights([0.0, 0.01, 0.0], items=50, seeds=2)], anchors=(3,))
    write_history(history, tmp_path / "deep" / "nights")
    read = read_history(tmp_path / "deep" / "nights")
    assert (read.margin, read.answers) == (MARGIN, "forced")
    for before, after in zip(history.builds, read.builds, strict=True):
        assert np.array_equal(before.correct, after.correct)
        assert before.items.same_as(after.items)
        fields = ("number", "name", "samples", "date", "commit", "anchor", "outcome", "seeds")
        assert [getattr(before, f) for f in fields] == [getattr(after, f) for f in fields]
    assert read.builds[0].items is read.builds[2].items


def test_scores_that_are_no_marks_are_kept_as_exactly_as_they_need(tmp_path: Path) -> None:
    scores = np.array([[0.25, 7.5, -1.0], [0.1, 1e-3, 0.0]])
    history = grown([side("a", np.ones((2, 3)))])
    (build,) = history.builds
    write_history(replace(history, builds=(replace(build, correct=scores),)), tmp_path / "f")
    (read,) = read_history(tmp_path / "f").builds
    assert read.correct == pytest.approx(scores, rel=1e-6)


def test_the_same_samples_are_known_again_in_whatever_order() -> None:
    sides = nights([0.0, 0.0], items=30)
    history = grown(sides)
    assert known(history, sides[1]) is history.builds[1]
    assert known(history, nights([0.0, 0.0, 0.0], items=30)[2]) is None


def test_nights_on_the_same_items_share_one_table_whatever_their_order() -> None:
    from reports.gating.part_of_side import part_of

    first, second = nights([0.0, 0.0], items=30)
    turned = part_of(second, np.arange(30)[::-1])
    history = grown([first, turned])
    assert history.builds[1].items is history.builds[0].items
    assert np.array_equal(history.builds[1].correct, second.correct)


def broken(tmp_path: Path, kind: str) -> Path:
    file = tmp_path / "nights"
    write_history(grown(nights([0.0, 0.0], items=30)), file)
    data = file.read_bytes()
    head, _, body = gzip.decompress(data).partition(b"\n")
    told = json.loads(head)
    contents = {
        "cut off": data[:-20],
        "damaged": data[:60] + bytes(20) + data[80:],
        "changed": gzip.compress(head + b"\n" + body.replace(b'"margin":0.02', b'"margin":0.09')),
        "newer": gzip.compress(
            json.dumps(told | {"schema": "cascod-history/2"}).encode() + b"\n" + body
        ),
        "text": b"nothing of the kind",
        "other": gzip.compress(b'{"schema": "cascod-baseline/1"}'),
        "empty": b"",
        "hollow": _hollow(),
    }
    file.write_bytes(contents[kind])
    return file


def _hollow() -> bytes:
    body = b'{"margin":0.02,"answers":"forced","items":[],"builds":[]}'
    head = {"schema": "cascod-history/1", "sha256": hashlib.sha256(body).hexdigest()}
    return gzip.compress(json.dumps(head).encode() + b"\n" + body)


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("cut off", "cut off, its end is missing"),
        ("damaged", "damaged"),
        ("changed", "was changed after it was written"),
        ("newer", "written by another version of cascod \\(cascod-history/2; this one reads"),
        ("text", "not a history"),
        ("other", "not a history"),
        ("empty", "not a history"),
        ("hollow", "not a history"),
    ],
)
def test_a_faulty_file_is_refused_in_one_line(tmp_path: Path, kind: str, message: str) -> None:
    file = broken(tmp_path, kind)
    with pytest.raises(UserError, match=message) as refused:
        read_history(file)
    assert str(refused.value).startswith(str(file))
    assert "\n" not in str(refused.value)


def test_a_year_of_nights_fits_a_small_file(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    first = next_build(EMPTY, side("b", rng.random((1, 12_000)) < 0.6), date="", commit="")
    builds = tuple(
        replace(first, number=n, correct=rng.random((1, 12_000)) < 0.6) for n in range(1, 366)
    )
    file = tmp_path / "year"
    write_history(History(MARGIN, "forced", builds), file)
    assert file.stat().st_size < 2e6
    assert len(read_history(file).builds) == 365
