"""A student on a server replies what it replies here, token for token."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from chat_students import save_chat_student
from completions_server import Behaviour, serving

from harness.decoding.decoding_settings import DecodingSettings
from harness.engines.prefix_tree import PrefixTree
from harness.engines.server_settings import ServerSettings
from harness.evaluation.asked_student import AskedStudent
from harness.evaluation.open_student import OpenStudent, open_student
from harness.evaluation.reply import Reply
from harness.evaluation.response_store import Block, ResponseStore
from harness.evaluation.student import Request
from tasks.errors import UserError
from trainers.methods import load_method
from trainers.protocol import Protocol

REQUESTS = [Request(f"sums/{n}", f"Q: What is {n} + {n}?\n\nA:") for n in range(12)]
SETTINGS = DecodingSettings(max_rationale_tokens=12, max_answer_tokens=4, batch_size=5, block=7)
WARM = SETTINGS.model_copy(update={"temperature": 1.0, "top_p": 0.9})

Checkpoint = Callable[[str], Path]


@pytest.fixture(scope="module")
def server(weights: Path) -> Iterator[tuple[str, Behaviour]]:
    with serving(weights) as served:
        yield served


def found(address: str, **settings: Any) -> ServerSettings:
    return ServerSettings(base_url=address, retries=settings.pop("retries", 2), **settings)


def replies(student: OpenStudent, settings: DecodingSettings = SETTINGS) -> tuple[Reply, ...]:
    return AskedStudent(student).reply(REQUESTS, settings).replies


@pytest.mark.parametrize("method", ["cascod", "std_cot", "mt_cot", "step_by_step"])
def test_a_trained_student_s_replies_are_the_same(
    method: str, checkpoint: Checkpoint, server: tuple[str, Behaviour]
) -> None:
    folder = checkpoint(method)
    here = replies(open_student(str(folder)))
    there = replies(open_student(str(folder), server=found(server[0])))
    assert there == here
    cut = [reply.rationale_truncated or reply.answer_truncated for reply in here]
    assert {True, False} == set(cut)
    if method == "std_cot":
        assert any(reply.answer_forced for reply in here)


@pytest.mark.parametrize("method", ["zero_shot", "zero_shot_cot"])
def test_an_untrained_student_stops_at_the_same_strings(
    method: str, weights: Path, server: tuple[str, Behaviour]
) -> None:
    protocol = load_method(method).protocol(None, "")
    here = AskedStudent(open_student(str(weights), protocol=protocol))
    there = AskedStudent(open_student(str(weights), server=found(server[0]), protocol=protocol))
    free = here.reply(REQUESTS, SETTINGS).replies
    # What the student does write, so that some of its answers are stopped.
    stops = tuple(sorted({reply.completion[-2] for reply in free}))[:3]
    asked = [Request(r.item, r.context, stops) for r in REQUESTS]
    stopped = here.reply(asked, SETTINGS).replies
    assert stopped != free
    assert there.reply(asked, SETTINGS).replies == stopped


@pytest.mark.parametrize("method", ["cascod", "std_cot"])
@pytest.mark.parametrize("thinking", [False, True])
@pytest.mark.parametrize("family", ["qwen3", "gemma3"])
def test_chats_and_thoughts_are_the_same(
    family: str, thinking: bool, method: str, tmp_path: Path
) -> None:
    folder = str(save_chat_student(tmp_path / "student", family))
    protocol = load_method(method).protocol(None, "", layout="chat", thinking=thinking)
    here = replies(open_student(folder, protocol=protocol))
    with serving(folder) as (address, _):
        assert replies(open_student(folder, server=found(address), protocol=protocol)) == here


def test_draws_are_the_same_ones_again_on_the_same_server(
    checkpoint: Checkpoint, server: tuple[str, Behaviour]
) -> None:
    student = AskedStudent(open_student(str(checkpoint("cascod")), server=found(server[0])))
    first = student.decode_draws(REQUESTS, WARM, 3)
    again = student.decode_draws(REQUESTS, WARM, 3)
    assert [draw.replies for draw in first] == [draw.replies for draw in again]
    assert len({draw.replies for draw in first}) == 3


def test_what_was_answered_is_not_asked_again(
    checkpoint: Checkpoint, server: tuple[str, Behaviour], tmp_path: Path
) -> None:
    address, behaviour = server
    store = tmp_path / "responses.jsonl"
    student = open_student(str(checkpoint("cascod")), server=found(address))
    first = AskedStudent(student, ResponseStore(store)).reply(REQUESTS, SETTINGS)
    asked = len(behaviour.requests)
    assert AskedStudent(student, ResponseStore(store)).reply(REQUESTS, SETTINGS) == first
    assert len(behaviour.requests) == asked
    # Our own decoder's responses are others, in name: nothing of the one is taken for the other's.
    here = AskedStudent(open_student(str(checkpoint("cascod"))), ResponseStore(store))
    here.reply(REQUESTS, SETTINGS)
    keys = [json.loads(line)["key"] for line in store.read_text().splitlines()]
    assert len(keys) == len(set(keys)) == 4


def test_probabilities_of_continuations_are_the_same(
    checkpoint: Checkpoint, server: tuple[str, Behaviour]
) -> None:
    tree = PrefixTree()
    question = tree.add(None, [5, 6, 7, 8])
    behind = tree.add(question, [9, 10])
    leaves = [
        tree.add(question, [11]),
        tree.add(behind, [12, 13, 14]),
        tree.add(behind, [15, 16]),
        tree.add(tree.add(behind, []), [17, 18]),
        tree.add(behind, []),
    ]
    folder = str(checkpoint("cascod"))
    here = open_student(folder).engine.continuation_scores(tree, leaves)
    served = open_student(folder, server=found(server[0])).engine
    assert served.continuation_scores(tree, leaves) == pytest.approx(here, abs=1e-5)
    with pytest.raises(ValueError, match="nothing stands before"):
        served.continuation_scores(tree, [question])


def test_a_server_without_token_ids_is_sent_text(checkpoint: Checkpoint) -> None:
    folder = str(checkpoint("cascod"))
    with serving(folder, token_ids=False) as (address, behaviour):
        student = open_student(folder, server=found(address))
        facts = AskedStudent(student).generation(SETTINGS)
        assert (facts["engine"], facts["boundaries"]) == ("server", "text")
        behaviour.requests.clear()
        there = replies(student)
        assert all(isinstance(asked["prompt"], str) for asked in behaviour.requests)
        tree = PrefixTree()
        leaf = tree.add(tree.add(None, [5]), [6])
        with pytest.raises(UserError, match="takes no token ids"):
            student.engine.continuation_scores(tree, [leaf])
    # Whatever the tokens are, the texts hold the same parts in the same order.
    for reply in there:
        assert reply.completion.count(student.facts.protocol.cue) == 1
        assert reply.rationale_tokens <= SETTINGS.max_rationale_tokens
        assert reply.answer_tokens <= SETTINGS.max_answer_tokens


def test_faults_that_pass_are_waited_for(
    checkpoint: Checkpoint, server: tuple[str, Behaviour]
) -> None:
    address, behaviour = server
    folder = str(checkpoint("cascod"))
    student = open_student(folder, server=found(address))
    behaviour.fail, behaviour.drop = 2, 2
    assert replies(student) == replies(open_student(folder))
    assert (behaviour.fail, behaviour.drop) == (0, 0)


class TestInOneLine:
    """Whatever is wrong with a server is told in one line, and names it."""

    def refused(self, student: Callable[[], OpenStudent]) -> str:
        with pytest.raises(UserError) as error:
            replies(student())
        assert "\n" not in str(error.value)
        return str(error.value)

    def test_it_is_down(self, weights: Path, checkpoint: Checkpoint) -> None:
        checkpoint("cascod")
        with serving(weights) as (address, _):
            pass
        said = self.refused(lambda: open_student(str(weights), server=found(address)))
        assert address in said
        assert "no server answers" in said

    def test_it_fails_again_and_again(
        self, checkpoint: Checkpoint, server: tuple[str, Behaviour]
    ) -> None:
        address, behaviour = server
        student = open_student(str(checkpoint("cascod")), server=found(address, retries=1))
        behaviour.fail = 1000
        try:
            said = self.refused(lambda: student)
        finally:
            behaviour.fail = 0
        assert f"{address}/completions: fails (500: out of order), asked 2 times" in said

    @pytest.mark.parametrize(
        ("instead", "told"),
        [
            ("<html>Welcome</html>", "fails (what it answers is no JSON object), asked 1 times"),
            ("[1, 2]", "fails (what it answers is no JSON object), asked 1 times"),
            ('{"choices": []}', "answers without any choice"),
            ('{"choices": ["A"]}', "answers without any choice"),
            ('{"choices": [{"text": "A"}]}', "answers without token ids"),
            ('{"choices": [{"token_ids": [5, "A"]}]}', "answers without token ids"),
            ('{"choices": [{"token_ids": []}]}', "wrote nothing, and did not end"),
        ],
    )
    def test_it_answers_what_nobody_can_read(
        self, instead: str, told: str, checkpoint: Checkpoint, server: tuple[str, Behaviour]
    ) -> None:
        address, behaviour = server
        student = open_student(str(checkpoint("cascod")), server=found(address, retries=0))
        behaviour.instead = instead
        try:
            said = self.refused(lambda: student)
        finally:
            behaviour.instead = None
        assert said.startswith(address)
        assert told in said

    @pytest.mark.parametrize(
        "instead", ["{}", '{"choices": null}', '{"choices": []}', '{"choices": [null]}']
    )
    def test_it_answers_so_from_the_first_request_on(
        self, instead: str, weights: Path, checkpoint: Checkpoint
    ) -> None:
        checkpoint("cascod")
        with serving(weights, instead=instead) as (address, _):
            said = self.refused(lambda: open_student(str(weights), server=found(address)))
        assert said == f"{address}: answers without any choice"

    @pytest.mark.parametrize("models", ["m", ["m"], {"id": "m"}])
    def test_it_lists_no_models(self, models: Any, weights: Path, checkpoint: Checkpoint) -> None:
        checkpoint("cascod")
        with serving(weights, models=models) as (address, _):
            said = self.refused(lambda: open_student(str(weights), server=found(address)))
        assert "serves no model, not " in said

    def test_it_takes_longer_than_it_may_though_it_sends_blanks_meanwhile(
        self, checkpoint: Checkpoint, server: tuple[str, Behaviour]
    ) -> None:
        address, behaviour = server
        impatient = found(address, timeout=0.5, retries=1)
        student = open_student(str(checkpoint("cascod")), server=impatient)
        behaviour.blanks = 2
        try:
            said = self.refused(lambda: student)
        finally:
            behaviour.blanks = 0
        assert "fails (no answer in 0.5 s), asked 2 times" in said

    def test_what_it_answered_before_it_failed_is_kept(
        self, checkpoint: Checkpoint, server: tuple[str, Behaviour], tmp_path: Path
    ) -> None:
        address, behaviour = server
        opened = open_student(str(checkpoint("cascod")), server=found(address, retries=0))
        whole = AskedStudent(opened).reply(REQUESTS, SETTINGS).replies
        requests = len(behaviour.requests)
        store = tmp_path / "responses.jsonl"

        class Fails(ResponseStore):
            """Its first block is stored, and then the server fails."""

            def put(self, key: str, block: Block) -> None:
                super().put(key, block)
                behaviour.fail = 1

        with pytest.raises(UserError, match="out of order"):
            AskedStudent(opened, Fails(store)).reply(REQUESTS, SETTINGS)
        behaviour.requests.clear()
        assert AskedStudent(opened, ResponseStore(store)).reply(REQUESTS, SETTINGS).replies == whole
        assert 0 < len(behaviour.requests) < requests

    def test_it_serves_another_model(self, weights: Path, checkpoint: Checkpoint) -> None:
        checkpoint("cascod")
        with serving(weights, name="another") as (address, _):
            said = self.refused(lambda: open_student(str(weights), server=found(address)))
            assert "serves another, not " in said
            named = found(address, model="another")
            assert replies(open_student(str(weights), server=named))

    def test_its_context_is_too_small(self, weights: Path, checkpoint: Checkpoint) -> None:
        checkpoint("cascod")
        with serving(weights, context=30) as (address, _):
            said = self.refused(lambda: open_student(str(weights), server=found(address)))
        assert "do not fit the student's context of 30 tokens" in said

    def test_it_wants_a_key(
        self, weights: Path, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        checkpoint("cascod")
        monkeypatch.setenv("ITS_KEY", "secret-of-tests")
        with serving(weights, key="secret-of-tests") as (address, _):
            assert "401: no key" in self.refused(
                lambda: open_student(str(weights), server=found(address))
            )
            keyed = found(address, api_key_env="ITS_KEY")
            student = open_student(str(weights), server=keyed)
            assert replies(student)
            assert "secret" not in repr(AskedStudent(student).generation(SETTINGS))
            # A server may repeat a key that it does not know.
            monkeypatch.setenv("ITS_KEY", "secret-of-others")
            said = self.refused(lambda: open_student(str(weights), server=keyed))
            assert "401: no key: Bearer [key])" in said
        for torn in ("secret-of\ntests", "geheim-für-tests"):
            monkeypatch.setenv("ITS_KEY", torn)
            said = self.refused(lambda: open_student(str(weights), server=keyed))
            assert said == "the variable ITS_KEY holds characters that no key has"
        monkeypatch.delenv("ITS_KEY")
        said = self.refused(lambda: open_student(str(weights), server=keyed))
        assert said == f"{address} wants a key: put it into the environment variable ITS_KEY"


def test_an_engine_is_closed_with_its_student(
    checkpoint: Checkpoint, server: tuple[str, Behaviour]
) -> None:
    with closing(open_student(str(checkpoint("cascod")), server=found(server[0])).engine) as engine:
        assert engine.facts("float32")["server"] == "tests 1"


def test_a_protocol_by_hand_serves_an_untrained_student(
    weights: Path, server: tuple[str, Behaviour]
) -> None:
    protocol = Protocol(method="as_it_is", suffix="", cascade=False)
    student = open_student(str(weights), server=found(server[0]), protocol=protocol)
    assert not student.facts.trained
    assert replies(student) == replies(open_student(str(weights), protocol=protocol))
