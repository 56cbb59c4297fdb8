"""What one worker may use of its machine, taken before torch is loaded."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """Processor threads, and GPUs by the names that CUDA_VISIBLE_DEVICES takes.

    With `gpus` None the worker sees those that its process was given.
    """

    threads: int
    gpus: tuple[str, ...] | None = None

    def take(self) -> None:
        """Keep this process to its share, and libraries' own progress off the screen.

        GPUs can be chosen only while torch is not loaded.
        """
        if self.gpus is not None:
            os.environ["CUDA_VISIBLE_DEVICES"] = ",".join(self.gpus)
        import torch
        import transformers

        torch.set_num_threads(self.threads)
        transformers.utils.logging.disable_progress_bar()
        transformers.utils.logging.set_verbosity_error()
