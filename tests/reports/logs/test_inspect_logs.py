"""Logs of Inspect, made by Inspect itself with its mock model, as sides of a comparison."""

from __future__ import annotations

import itertools
import json
import logging
import math
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sample_logs import row, write_log

from harness.cli import main
from reports.logs.baseline_file import read_baseline
from reports.logs.inspect_logs import read_inspect_side
from reports.logs.joined import join
from reports.logs.open_side import open_side
from tasks.errors import UserError

pytest.importorskip("inspect_ai")

from inspect_ai import Task
from inspect_ai import eval as run_inspect
from inspect_ai.dataset import Sample
from inspect_ai.log import write_eval_log
from inspect_ai.model import ChatMessageSystem, ChatMessageUser, ModelOutput, ModelUsage
from inspect_ai.scorer import Score, Scorer, accuracy, exact, scorer
from inspect_ai.solver import TaskState, generate, prompt_template

ITEMS = 4


@pytest.fixture(autouse=True, scope="module")
def inspect_leaves_no_traces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Its traces go to a folder of the test; its log handlers go."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("inspect_data")))
        yield
    root.setLevel(level)
    root.handlers[:] = handlers


@scorer(metrics=[accuracy()])
def verdict() -> Scorer:
    """Gives the value that a sample's metadata holds; an "error" is raised, None is no score."""

    async def score(state: TaskState, target: Any) -> Score | None:
        value = state.metadata["value"]
        if value == "error":
            raise RuntimeError("the scorer broke")
        return Score.unscored() if value == "unscored" else Score(value=value)

    return score


def sums(ids: Sequence[int] = range(ITEMS), **fields: Any) -> list[Sample]:
    return [Sample(id=i, input=f"What is {i} + {i}?", target=str(2 * i), **fields) for i in ids]


def judged(*values: Any) -> list[Sample]:
    return [
        Sample(id=f"q{i}", input=f"Question {i}", target="", metadata={"value": value})
        for i, value in enumerate(values)
    ]


def evaluate(
    directory: Path,
    samples: Sequence[Sample],
    *,
    right: Sequence[int] = (),
    task: str = "sums",
    checkpoint: str = "a",
    scorers: Any = None,
    solver: Any = None,
    day: int | None = None,
    **options: Any,
) -> Path:
    """Ask a mock model that answers only the `right` places as their targets say; the log's
    path.
    """

    def answer(messages: Any, *_: Any) -> ModelOutput:
        place = next(i for i, sample in enumerate(samples) if asks(sample, messages[-1].text))
        text = str(samples[place].target) if place in right else f"{checkpoint} does not know"
        output = ModelOutput.from_content("mockllm", text)
        # Without a usage the mock model counts tokens, and downloads what it needs for that.
        output.usage = ModelUsage()
        return output

    arguments = options.pop("model_args", {"checkpoint": checkpoint})
    [log] = run_inspect(
        Task(
            dataset=list(samples), solver=solver or generate(), scorer=scorers or exact(), name=task
        ),
        model="mockllm/model",
        model_args={**arguments, "custom_outputs": answer},
        log_dir=str(directory),
        log_realtime=False,
        display="none",
        **options,
    )
    if day is not None:
        log.eval.created = f"2026-01-{day:02}T00:00:00+00:00"
        write_eval_log(log)
    return Path(log.location)


def asks(sample: Sample, text: str) -> bool:
    asked = sample.input if isinstance(sample.input, str) else sample.input[-1].text
    return asked in text


@pytest.fixture(scope="module")
def systems(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two models on two tasks of 12 items; "old" has 16 right of 24, "new" other 16."""
    folder = tmp_path_factory.mktemp("systems")
    for name, right in (("old", range(8)), ("new", range(4, 12))):
        for task in ("sums", "more"):
            evaluate(folder / name, sums(range(12)), right=list(right), task=task, checkpoint=name)
    return folder / "old", folder / "new"


def test_compare_shows_what_two_models_were_asked_and_said(
    systems: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "compared.json"
    assert main(["compare", *map(str, systems), "--flips", "1", "--json", str(file)]) == 0
    said = capsys.readouterr().out
    assert "24 items of 2 tasks in 24 clusters" in said
    assert "new: 8 items gained, 8 lost" in said
    compared = json.loads(file.read_text())
    [whole] = [d for d in compared["differences"] if d["level"] == "whole"]
    assert whole["treatment_accuracy"] == whole["baseline_accuracy"] == pytest.approx(16 / 24)
    assert len(compared["flips"]) == 16
    for flip in compared["flips"]:
        texts = {each["system"]: each["text"] for each in flip["said"]}
        knows, knows_not = ("new", "old") if flip["gained"] else ("old", "new")
        number = int(flip["id"])
        assert flip["prompt"] == f"What is {number} + {number}?"
        assert texts == {knows: flip["gold"], knows_not: f"{knows_not} does not know"}


def test_gate_decides_on_logs_and_on_a_baseline_saved_from_them(
    systems: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = map(str, systems)
    file = tmp_path / "old.json.gz"
    assert main(["gate", old, old, "--margin", "0.01", "--save", str(file)]) == 0
    assert main(["gate", str(file), new, "--margin", "0.01"]) == 3
    assert "24 in 2 tasks, 24 clusters" in capsys.readouterr().out
    assert read_baseline(file).seeds == open_side(systems[0]).seeds


def test_one_file_is_a_side_of_one_task(systems: tuple[Path, Path]) -> None:
    file = next(systems[0].glob("*_more_*.eval"))
    side = open_side(file)
    assert set(side.items.task) == set(side.items.suite) == {"more"}
    assert set(side.items.role) == {"ood"}
    assert side.items.id.tolist() == [str(i) for i in range(12)]
    assert side.correct.tolist() == [[True] * 8 + [False] * 4]


def test_models_that_differ_in_arguments_are_seeds_and_the_newest_evaluation_counts(
    tmp_path: Path,
) -> None:
    newer = evaluate(tmp_path, sums(), right=[1, 2], checkpoint="a", day=3)
    evaluate(tmp_path, sums(), right=[0], checkpoint="b", day=2)
    older = evaluate(tmp_path, sums(), right=[3], checkpoint="a", day=1)
    side = read_inspect_side(tmp_path)
    assert [json.loads(seed.split(" ", 1)[1])["checkpoint"] for seed in side.seeds] == ["b", "a"]
    assert side.correct.tolist() == [[True, False, False, False], [False, True, True, False]]
    assert side.notes == (f"{older}: sums was evaluated again later; {newer} counts",)


def test_messages_are_the_same_question_whatever_their_ids(tmp_path: Path) -> None:
    sides = []
    for name in ("old", "new"):
        asked = [ChatMessageSystem(content="Be brief."), ChatMessageUser(content="What is 1 + 1?")]
        evaluate(tmp_path / name, [Sample(id="x", input=asked, target="2")], checkpoint=name)
        sides.append(open_side(tmp_path / name))
    joined = join(sides)
    [key] = joined.items.keys
    assert sides[0].texts([key])[key].prompt == "Be brief.\n\nWhat is 1 + 1?"


def test_the_prompt_is_what_was_sent(tmp_path: Path) -> None:
    solver = [prompt_template("Think. {prompt}"), generate()]
    side = open_side(evaluate(tmp_path, sums([3]), solver=solver))
    [key] = side.items.keys
    assert side.texts([key])[key][:3] == ("Think. What is 3 + 3?", "6", "a does not know")


def test_other_questions_under_the_same_ids_are_no_common_items(tmp_path: Path) -> None:
    evaluate(tmp_path / "old", sums([0]))
    evaluate(tmp_path / "new", [Sample(id=0, input="Which is no tree?", target="0")])
    with pytest.raises(UserError, match="other questions under the same task names"):
        join([open_side(tmp_path / name) for name in ("old", "new")])


def test_samples_may_name_their_cluster(tmp_path: Path) -> None:
    samples = [*sums([0, 1], metadata={"cluster": "passage"}), *sums([2], metadata={"cluster": 7})]
    side = open_side(evaluate(tmp_path, samples))
    assert side.items.cluster.tolist() == ["passage", "passage", "sums/2"]


def test_verdicts_of_every_kind_are_right_or_wrong(tmp_path: Path) -> None:
    samples = judged("C", "I", "N", 1, 0, True, False, 1.0)
    side = open_side(evaluate(tmp_path, samples, scorers=verdict()))
    assert side.correct.tolist() == [[True, False, False, True, False, True, False, True]]


def test_the_same_text_judged_anew_is_not_the_same_response(tmp_path: Path) -> None:
    sides = []
    for name, value in (("old", "C"), ("new", "I")):
        file = evaluate(tmp_path / name, judged(value), scorers=verdict())
        sides.append(open_side(file))
    assert sides[0].responses.tolist() != sides[1].responses.tolist()


def test_partial_credit_and_grades_are_scores(tmp_path: Path) -> None:
    samples = judged("C", "P", 0.25, -3, 8.5)
    side = open_side(evaluate(tmp_path, samples, scorers=verdict()))
    assert side.correct.tolist() == [[1.0, 0.5, 0.25, -3.0, 8.5]]


@pytest.mark.parametrize(("value", "shown"), [("yes", "'yes'"), ([1, 0], r"\[1, 0\]")])
def test_what_is_no_score_is_refused(tmp_path: Path, value: Any, shown: str) -> None:
    file = evaluate(tmp_path, judged("C", value), scorers=verdict())
    with pytest.raises(UserError, match=rf"verdict of sample q1 is {shown}; a comparison needs"):
        open_side(file)


def test_the_scorer_is_asked_for_where_there_are_several(tmp_path: Path) -> None:
    file = evaluate(tmp_path, judged("C", "I"), scorers=[exact(), verdict()])
    with pytest.raises(UserError, match="choose one with --metric: exact, verdict"):
        open_side(file)
    assert open_side(file, metric="verdict").correct.tolist() == [[True, False]]
    with pytest.raises(UserError, match=r"2 of 2 samples have no gone score \(q0, q1\)"):
        open_side(file, metric="gone")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["C", "error", *["error"] * 4], r"5 of 6 samples ended with an error \(q1, q2, q3, ...\)"),
        (["C", "unscored"], r"1 of 2 samples have no verdict score \(q1\)"),
    ],
)
def test_samples_without_a_score_are_refused_with_counts(
    tmp_path: Path, values: list[Any], message: str
) -> None:
    file = evaluate(tmp_path, judged(*values), scorers=verdict(), fail_on_error=False)
    with pytest.raises(UserError, match=message):
        open_side(file)


def test_an_infinite_score_is_refused_with_its_sample(tmp_path: Path) -> None:
    file = evaluate(tmp_path, judged("C", math.inf), scorers=verdict())
    with pytest.raises(UserError, match=r"sample q1: verdict is inf, which is no finite score"):
        open_side(file)


@scorer(metrics=[accuracy()])
def every_other() -> Scorer:
    """Right at every second call: 1 and 0 by turns."""
    calls = itertools.count()

    async def score(state: TaskState, target: Any) -> Score:
        return Score(value=next(calls) % 2 == 0)

    return score


def test_epochs_are_draws_within_a_seed_and_averaged(tmp_path: Path) -> None:
    file = evaluate(tmp_path, sums(), scorers=every_other(), epochs=4, max_samples=1)
    side = open_side(file)
    assert len(side.seeds) == 1
    assert side.correct.sum() == pytest.approx(ITEMS / 2)
    assert set(side.correct.ravel() * 4 % 1) == {0.0}
    assert side.notes == (
        "4 draws of an item within a seed: averaged, since they are no training seeds",
    )
    [key] = side.items.keys[:1]
    assert side.texts([key])[key].prompt == "What is 0 + 0?"


def test_epochs_of_clustered_samples_are_ranked_and_gated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    samples = sums(range(12))
    for each in samples:
        each.metadata = {"passage": f"p{int(each.id or 0) // 3}"}
    for name, right in (("old", range(4)), ("new", range(8))):
        evaluate(tmp_path / name, samples, right=list(right), checkpoint=name, epochs=2)
    systems = [str(tmp_path / name) for name in ("old", "new")]
    assert main(["rank", *systems, "--cluster", "passage"]) == 0
    said = capsys.readouterr().out
    assert "12 items of 1 task in 4 clusters" in said
    assert "checkpoints only" in said
    assert "2 draws of an item within a seed" in " ".join(said.split())
    assert main(["gate", *systems, "--margin", "0.1", "--cluster", "passage"]) in (0, 3)
    assert "12 in 1 task, 4 clusters" in capsys.readouterr().out


@scorer(metrics={"*": [accuracy()]})
def grades() -> Scorer:
    """Two values at once."""

    async def score(state: TaskState, target: Any) -> Score:
        return Score(value={"style": 7, "facts": "C"})

    return score


@pytest.mark.parametrize("written_as", ["eval", "json"])
def test_a_scorer_may_give_several_values_in_either_kind_of_log(
    tmp_path: Path, written_as: str
) -> None:
    evaluate(tmp_path, sums(), scorers=grades(), log_format=written_as)
    assert open_side(tmp_path, metric="grades.style").correct.tolist() == [[7.0] * ITEMS]
    assert open_side(tmp_path, metric="grades.facts").correct.tolist() == [[True] * ITEMS]
    with pytest.raises(UserError, match=r"choose one with --metric: grades\.style, grades\.facts"):
        open_side(tmp_path)
    with pytest.raises(UserError, match=r"compar.*needs a number.*choose grades\.style"):
        open_side(tmp_path, metric="grades")


def test_a_field_of_the_metadata_names_clusters(tmp_path: Path) -> None:
    samples = [*sums([0, 1, 2], metadata={"doc": {"passage": "p"}}), *sums([3, 4, 5])]
    for each in samples[3:]:
        each.metadata = {"doc": {"passage": "q"}}
    evaluate(tmp_path, samples)
    assert open_side(tmp_path, cluster="doc.passage").items.cluster.tolist() == [*"pppqqq"]
    plain = open_side(tmp_path)
    assert len(set(plain.items.cluster)) == 6
    [note] = plain.notes
    assert note.startswith("sums: 6 items share 2 values of 'doc.passage'")
    with pytest.raises(UserError, match="sample 0: the doc has no field 'story' for --cluster"):
        open_side(tmp_path, cluster="story")


def test_an_unfinished_evaluation_counts_only_if_there_is_no_other(tmp_path: Path) -> None:
    broken = evaluate(tmp_path, judged("error"), scorers=verdict(), task="t")
    with pytest.raises(UserError, match=r"did not finish \(its status is error\); finish it with"):
        open_side(tmp_path)
    whole = evaluate(tmp_path, judged("C"), scorers=verdict(), task="t")
    assert open_side(tmp_path).notes == (f"{broken}: t did not finish; {whole} counts",)


def test_a_task_asked_in_two_ways_is_not_merged(tmp_path: Path) -> None:
    evaluate(tmp_path, sums([0]))
    evaluate(tmp_path, sums([0]), solver=[prompt_template("Think. {prompt}"), generate()])
    with pytest.raises(UserError, match="sums has other arguments or solvers in"):
        open_side(tmp_path)


def test_a_log_without_samples_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no samples in this log"):
        open_side(evaluate(tmp_path, sums([0]), log_samples=False))


def test_samples_of_two_harnesses_in_one_directory_are_refused(
    systems: tuple[Path, Path], tmp_path: Path
) -> None:
    shutil.copytree(systems[0], tmp_path / "inspect")
    write_log(tmp_path / "lm_eval", "sums", [row(0, 1.0)])
    with pytest.raises(UserError, match="give a directory of one kind"):
        open_side(tmp_path)


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x05\x06" + bytes(18), None])
def test_a_file_that_is_no_log_is_refused_in_one_line(
    systems: tuple[Path, Path], tmp_path: Path, content: bytes | None
) -> None:
    whole = next(systems[0].glob("*.eval")).read_bytes()
    (tmp_path / "x.eval").write_bytes(whole[: len(whole) // 2] if content is None else content)
    with pytest.raises(UserError, match=r"x\.eval: not a log that Inspect can read \(\S.*\)$"):
        open_side(tmp_path / "x.eval")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--filter", "strict"], "--filter has no meaning for logs of Inspect"),
        (["gone.eval"], "gone.eval: no such file or directory"),
    ],
)
def test_wrong_usage_exits_2_in_one_line(
    systems: tuple[Path, Path],
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    assert main(["compare", *map(str, systems), *arguments]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1


def test_without_inspect_it_says_what_to_install(
    systems: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "inspect_ai.log", None)
    with pytest.raises(UserError, match=r"pip install '\.\[inspect\]'` in the checkout"):
        open_side(systems[0])
