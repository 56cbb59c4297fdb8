"""A student as lm-eval's model `cascod`, asked by its own protocol under lm-eval's own command."""

from __future__ import annotations

import weakref
from functools import cached_property, partial
from typing import Any

from lm_eval.api.instance import Instance
from lm_eval.api.registry import register_model
from lm_eval.models.huggingface import HFLM

from harness.decoding.decoding_settings import DecodingSettings
from harness.engines.local_engine import LocalEngine
from harness.engines.server_settings import ServerSettings
from harness.evaluation.asked_student import AskedStudent
from harness.evaluation.layout_choice import protocol_by_hand
from harness.evaluation.lm_eval_bridge import StudentLM
from harness.evaluation.open_student import open_student
from harness.evaluation.student import how_asked
from harness.quiet import quiet_libraries
from reports.logs.results_file import STUDENT
from tasks.errors import UserError
from trainers.protocol import LayoutName

MODEL_ARGS = "--model_args"
ENGINES = ("local", "server")
AUTO = "auto"  # lm-eval's word for a batch as large as fits


@register_model("cascod")
class CascodLM(StudentLM):
    """A student decoded in this process, with lm-eval's own likelihoods, or on a server.

    `--model_args` takes `pretrained` (a directory, hub id or known source), where no protocol lies
    beside the weights `method`, `layout` and `thinking`, any of `DecodingSettings`, and with
    `engine=server` any of `ServerSettings`; UserError where one of them is unknown. lm-eval adds
    its batch size and device. Limits are those of the settings, not a task's `max_gen_toks`.
    """

    def __init__(
        self,
        pretrained: str,
        *,
        method: str | None = None,
        layout: LayoutName | None = None,
        thinking: bool = False,
        engine: str = "local",
        device: str | None = None,
        batch_size: int | str = AUTO,
        max_batch_size: int | None = None,
        **settings: Any,
    ) -> None:
        size = {} if str(batch_size).startswith(AUTO) else {"batch_size": batch_size}
        of_server = {
            name: settings.pop(name) for name in ServerSettings.model_fields if name in settings
        }
        self._settings = DecodingSettings.given(settings | size, MODEL_ARGS)
        if engine not in ENGINES:
            raise UserError(f"{MODEL_ARGS}: engine={engine}: expected one of {', '.join(ENGINES)}")
        if engine == "local" and of_server:
            raise UserError(f"{MODEL_ARGS}: {next(iter(of_server))} is for engine=server")
        self._opened = open_student(
            pretrained,
            protocol=protocol_by_hand(method, layout, thinking),
            precision=self._settings.precision,
            device=device,
            server=ServerSettings.given(of_server, MODEL_ARGS) if engine == "server" else None,
        )
        weakref.finalize(self, self._opened.close)
        self._student = AskedStudent(self._opened)
        super().__init__(partial(self._student.reply, settings=self._settings))

    def get_model_info(self) -> dict[str, Any]:
        """What lm-eval writes into the `config` of its results: who was asked, and how.

        The prompt sent is a sample's `arguments` between the protocol's prefix and suffix, in its
        layout.
        """
        return {
            STUDENT: how_asked(self._student, self._settings)
            | {"notice": self._opened.facts.notice}
        }

    @cached_property
    def _likelihoods(self) -> HFLM:
        engine = self._opened.engine
        if not isinstance(engine, LocalEngine):
            raise UserError(
                "engine=server answers generate_until alone; for likelihoods take engine=local, or "
                "lm-eval's own model local-completions"
            )
        with quiet_libraries():
            return HFLM(engine.model, tokenizer=self._opened.facts.tokenizer, backend="causal")

    def loglikelihood(self, requests: list[Instance]) -> list[tuple[float, bool]]:
        """As lm-eval's `hf` model has them."""
        likelihoods: list[tuple[float, bool]] = self._likelihoods.loglikelihood(requests)
        return likelihoods

    def loglikelihood_rolling(self, requests: list[Instance]) -> list[float]:
        """As lm-eval's `hf` model has them."""
        likelihoods: list[float] = self._likelihoods.loglikelihood_rolling(requests)
        return likelihoods
