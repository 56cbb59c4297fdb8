"""From lm-eval's requests to a student's, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from lm_eval.api.instance import Instance
from lm_eval.api.model import LM

from harness.evaluation.inference_costs import InferenceCosts
from harness.evaluation.reply import Reply
from harness.evaluation.student import Answered, Request

Ask = Callable[[Sequence[Request]], Answered]


class StudentLM(LM):
    """A student as lm-eval knows models, for one evaluation.

    `ask` puts requests to the student. Afterwards `replies` holds what lm-eval has no place for, by
    (lm-eval task, doc id), and `costs` what it took.
    """

    def __init__(self, ask: Ask) -> None:
        super().__init__()
        self._ask = ask
        self.replies: dict[tuple[str, int], Reply] = {}
        self.costs = InferenceCosts()

    def generate_until(self, requests: list[Instance], disable_tqdm: bool = False) -> list[str]:
        """Completions of all requests, in their order."""
        answered = self._ask([as_request(instance) for instance in requests])
        for instance, reply in zip(requests, answered.replies, strict=True):
            self.replies[instance.task_name, instance.doc_id] = reply
        self.costs = answered.costs
        return [reply.completion for reply in answered.replies]

    def loglikelihood(self, requests: list[Instance]) -> list[tuple[float, bool]]:
        """Not to be had from replies."""
        raise NotImplementedError("a student's replies have no likelihoods")

    def loglikelihood_rolling(self, requests: list[Instance]) -> list[float]:
        """Not to be had from replies."""
        raise NotImplementedError("a student's replies have no likelihoods")


def as_request(instance: Instance) -> Request:
    """One request of lm-eval as a student takes it."""
    context, options = instance.args
    until = options.get("until") or []
    return Request(
        item=str(instance.doc.get("id", f"{instance.task_name}/{instance.doc_id}")),
        context=context,
        until=(until,) if isinstance(until, str) else tuple(until),
    )


def requests_of(tasks: Iterable[Any]) -> list[Request]:
    """All requests that lm-eval will make of these tasks, in its order."""
    requests: list[Request] = []
    for task in tasks:
        task.build_all_requests()
        requests += [as_request(instance) for instance in task.instances]
    return requests
