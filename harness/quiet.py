"""Keep libraries that talk a lot from talking over this program's own output."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Errors only from lm-eval and transformers, and no progress bars of theirs."""
    import lm_eval.api.task
    from transformers.utils import logging as transformers_logging

    harness = logging.getLogger("lm_eval")
    level, verbosity = harness.level, transformers_logging.get_verbosity()
    bars = transformers_logging.is_progress_bar_enabled()
    harness.setLevel(logging.ERROR)
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    bar = lm_eval.api.task.tqdm
    lm_eval.api.task.tqdm = partial(bar, disable=True)
    try:
        yield
    finally:
        lm_eval.api.task.tqdm = bar
        harness.setLevel(level)
        transformers_logging.set_verbosity(verbosity)
        if bars:
            transformers_logging.enable_progress_bar()
