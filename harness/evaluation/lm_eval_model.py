"""A student under the name `cascod` in lm-eval's registry, for whoever imports this file."""

from __future__ import annotations

from functools import cached_property, partial

from lm_eval.api.instance import Instance
from lm_eval.api.registry import register_model
from lm_eval.models.huggingface import HFLM

from harness.decoding.decoding_settings import DecodingSettings
from harness.evaluation.lm_eval_bridge import StudentLM
from harness.evaluation.loaded_student import open_student
from harness.evaluation.local_student import LocalStudent
from harness.evaluation.response_store import ResponseStore
from harness.quiet import quiet_libraries
from trainers.protocol import Protocol


@register_model("cascod")
class CascodLM(StudentLM):
    """A student decoded in this process, with lm-eval's own likelihoods; arguments as `open_student`'s."""

    def __init__(
        self,
        pretrained: str,
        *,
        protocol: Protocol | None = None,
        settings: DecodingSettings | None = None,
        store: ResponseStore | None = None,
        device: str | None = None,
    ) -> None:
        settings = settings or DecodingSettings()
        self._loaded = open_student(
            pretrained, protocol=protocol, precision=settings.precision, device=device
        )
        super().__init__(partial(LocalStudent(self._loaded, store).reply, settings=settings))

    @cached_property
    def _likelihoods(self) -> HFLM:
        with quiet_libraries():
            return HFLM(self._loaded.model, tokenizer=self._loaded.tokenizer, backend="causal")

    def loglikelihood(self, requests: list[Instance]) -> list[tuple[float, bool]]:
        """As lm-eval's `hf` model has them."""
        likelihoods: list[tuple[float, bool]] = self._likelihoods.loglikelihood(requests)
        return likelihoods

    def loglikelihood_rolling(self, requests: list[Instance]) -> list[float]:
        """As lm-eval's `hf` model has them."""
        likelihoods: list[float] = self._likelihoods.loglikelihood_rolling(requests)
        return likelihoods
