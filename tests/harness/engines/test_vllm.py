"""Through vLLM a student writes what it writes here, token for token: needs `make vllm`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

import pytest
import torch
from test_floors import ROOT

from harness.decoding.decoding_settings import DecodingSettings
from harness.decoding.stages import Response
from harness.engines.local_engine import LocalEngine
from harness.engines.prefix_tree import PrefixTree
from harness.engines.server_settings import ServerSettings
from harness.evaluation.asked_student import AskedStudent
from harness.evaluation.decoding_plan import decoding_plan
from harness.evaluation.encoded_requests import encode_requests
from harness.evaluation.open_student import OpenStudent, open_student
from harness.evaluation.student import Request
from tasks.problem import question_prompt
from tasks.procedural.suite import training_records
from trainers.methods import load_method
from trainers.students.sources import cached_student

VLLM = ROOT / ".venv-vllm" / "bin" / "vllm"
COMMAND = (
    f"{VLLM} serve {{checkpoint}} --port {{port}} --dtype {{precision}} --max-model-len 512 "
    "--max-num-seqs 32"
)
COUNT = 200
# Two logits this close may change places with the order in which a kernel adds.
GAP = 1e-3
CUE = -1
SETTINGS = DecodingSettings(max_rationale_tokens=48, max_answer_tokens=8)
CASCADE = load_method("cascod").protocol(None, "")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(not VLLM.exists(), reason="no vLLM environment here: make vllm"),
]

Both = tuple[OpenStudent, OpenStudent]


@pytest.fixture(scope="module", params=["tiny", "smollm2-135m-instruct"])
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Both]:
    """A student loaded here, and held by a vLLM that is started for it."""
    location = cached_student(request.param)
    if location is None:
        pytest.skip(f"{request.param} is not on this machine: make demo, make smollm2")
    server = ServerSettings(
        command=COMMAND, env={"VLLM_CPU_KVCACHE_SPACE": "1", "PYTHONPATH": ""}, restarts=0
    )
    log = tmp_path_factory.mktemp("vllm") / "server.log"
    here = open_student(location, protocol=CASCADE, device="cpu")
    there = open_student(location, protocol=CASCADE, server=server, log=log)
    yield here, there
    there.close()


def requests() -> list[Request]:
    records = training_records(seed=3, per_family=COUNT // 8)
    return [Request(r.id, question_prompt(r.description, r.question)) for r in records[:COUNT]]


def tokens(response: Response) -> list[int]:
    """Its tokens, with a mark where the cue stands."""
    return [*response.rationale_ids, CUE, *response.answer_ids]


def gap_where_they_part(
    student: OpenStudent, prompt: Sequence[int], one: Response, other: Response
) -> float:
    """Between the two best logits of the token at which two responses differ first."""
    plan = decoding_plan(student.facts, SETTINGS)
    assert isinstance(student.engine, LocalEngine)
    parted = next(
        place for place, (a, b) in enumerate(zip_longest(tokens(one), tokens(other))) if a != b
    )
    ids = list(prompt)
    for token in tokens(one)[:parted]:
        ids += plan.cue_ids or () if token == CUE else [token]
    with torch.inference_mode():
        logits = student.engine.model(input_ids=torch.tensor([ids])).logits[0, -1]
    first, second = logits.topk(2).values.tolist()
    return float(first - second)


def test_a_greedy_cascade_is_the_same_token_for_token(both: Both) -> None:
    here, there = both
    prompts = [each.ids for each in encode_requests(requests(), CASCADE, here.facts.tokenizer)]
    plan = decoding_plan(here.facts, SETTINGS)
    ours = here.engine.decode(prompts, plan, at_once=32)
    theirs = there.engine.decode(prompts, plan, at_once=32)
    parted = [place for place in range(COUNT) if ours[place] != theirs[place]]
    gaps = [gap_where_they_part(here, prompts[p], ours[p], theirs[p]) for p in parted]
    print(f"{COUNT - len(parted)} of {COUNT} equal; logit gaps where others part: {gaps}")
    assert len(ours) == COUNT
    assert len(parted) <= COUNT // 100
    assert all(gap < GAP for gap in gaps)


def test_draws_are_the_same_ones_again(both: Both) -> None:
    asked = AskedStudent(both[1])
    warm = SETTINGS.model_copy(update={"temperature": 1.0, "top_p": 0.9})
    first, again = (asked.decode_draws(requests()[:8], warm, 2) for _ in range(2))
    assert [draw.replies for draw in first] == [draw.replies for draw in again]
    assert first[0].replies != first[1].replies


def test_probabilities_of_continuations_are_the_same(both: Both) -> None:
    here, there = both
    [asked] = encode_requests(requests()[:1], CASCADE, here.facts.tokenizer)
    tree = PrefixTree()
    question = tree.add(None, asked.ids)
    leaves = [tree.add(question, asked.ids[first : first + 3]) for first in range(5)]
    expected = here.engine.continuation_scores(tree, leaves)
    assert there.engine.continuation_scores(tree, leaves) == pytest.approx(expected, abs=1e-3)


def test_it_says_who_answered(both: Both) -> None:
    told = AskedStudent(both[1]).generation(SETTINGS)
    assert told["server"].startswith("vllm ")
    assert (told["boundaries"], told["precision"]) == ("token ids", "float32")
