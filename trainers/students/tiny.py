"""Students that are built here: Llamas of a few sizes, pre-trained on texts of the embedded suite.

They exist so that a whole experiment runs without a network: `tiny` in minutes, `small` where there
is more time, `nano` and `mini` to compare sizes with it. Pre-training reads in-domain
families only, in a layout that is none of the methods', and never a test question.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasks.progress import Progress
from trainers.checkpoint import writing_weights
from trainers.encoding import EncodedRow, encode_text
from trainers.method import Segment
from trainers.model_shape import ATTENTION, ModelShape
from trainers.settings import TrainingSettings

if TYPE_CHECKING:
    from tasks.procedural.pretraining import Piece

EOS = "<|endoftext|>"
PAD = "<|pad|>"
# An option letter, a digit, a word or a sign, each with the blank before it: what a rationale
# copies from its question is then the same token in both places, behind the same tokens.
PIECES = r" ?\([A-Z]\)| ?\d| ?\p{L}+| ?[^\s\p{L}\d]|\s+"

# How many batches are sorted by length together.
POOL_BATCHES = 4


@dataclass(frozen=True, slots=True)
class TinyRecipe:
    """Everything that determines a student's weights, and the name that it goes by."""

    name: str = "tiny"
    vocab_size: int = 1024
    hidden_size: int = 192
    intermediate_size: int = 512
    layers: int = 4
    heads: int = 6
    context: int = 512
    # How many steps longer its questions may be than those of training records.
    beyond: int = 0
    documents: int = 24_000
    batch_size: int = 32
    matrix_learning_rate: float = 5e-3
    learning_rate: float = 1e-3
    seed: int = 0
    # Raised when code changes what the same recipe leads to.
    revision: int = 2

    @property
    def shape(self) -> ModelShape:
        """The sizes that its costs follow from."""
        return ModelShape(
            layers=self.layers,
            hidden_size=self.hidden_size,
            intermediate_size=self.intermediate_size,
            heads=self.heads,
            kv_heads=self.heads,
            vocab_size=self.vocab_size,
            tied_embeddings=True,
            biased=ATTENTION,
        )


# About 2M, 0.5M, 2M and 11M parameters. The last three differ in their shape alone, so that a
# comparison of sizes is one: the same texts in the same order, heads of the same size that copy.
# They have read longer questions than any that is trained on, as real students have; `tiny` has
# not, and no method can teach it to go on one step longer.
LONG = 2
RECIPES = {
    recipe.name: recipe
    for recipe in (
        TinyRecipe(),
        TinyRecipe("nano", hidden_size=96, intermediate_size=256, heads=3, beyond=LONG),
        TinyRecipe("mini", beyond=LONG),
        TinyRecipe(
            "small", hidden_size=384, intermediate_size=1024, layers=6, heads=12, beyond=LONG
        ),
    )
}


def build_tiny(
    cache: Path, recipe: TinyRecipe = TinyRecipe(), progress: Progress | None = None
) -> Path:
    """The checkpoint of the recipe, from the cache or built now (minutes on two cores)."""
    documents = _documents(recipe)
    texts = _texts(documents)
    target = _target(cache, recipe, texts)
    if (target / "config.json").exists():
        return target
    tokenizer = train_tokenizer(texts, recipe.vocab_size)
    model = new_model(recipe, tokenizer)
    work_dir = target.with_name(target.name + ".partial")
    rows = [
        tuple(Segment(p.text, "target" if p.learned else None, eos=p.learned) for p in pieces)
        for pieces in documents
    ]
    with writing_weights(work_dir):
        pretrain(model, tokenizer, rows, recipe, work_dir, progress)
        model.save_pretrained(work_dir / "model")
        tokenizer.save_pretrained(work_dir / "model")
        (work_dir / "model").rename(target)
    shutil.rmtree(work_dir)
    return target


def find_tiny(cache: Path, recipe: TinyRecipe = TinyRecipe()) -> Path | None:
    """The recipe's checkpoint where it was built before, else None; nothing is built."""
    if not any(cache.glob(f"students/{recipe.name}-*/config.json")):
        return None
    target = _target(cache, recipe, _texts(_documents(recipe)))
    return target if (target / "config.json").exists() else None


def train_tokenizer(texts: list[str], vocab_size: int) -> Any:
    """A lossless byte-level BPE of the texts' words, every digit a token of its own, no BOS."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PIECES), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=[PAD, EOS],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=EOS, pad_token=PAD)


def new_model(recipe: TinyRecipe, tokenizer: Any) -> Any:
    """A Llama with random weights drawn from the recipe's seed, and heads that copy."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM, set_seed

    from trainers.students.copying import give_copying_heads

    set_seed(recipe.seed)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=recipe.hidden_size,
        intermediate_size=recipe.intermediate_size,
        num_hidden_layers=recipe.layers,
        num_attention_heads=recipe.heads,
        num_key_value_heads=recipe.heads,
        max_position_embeddings=recipe.context,
        tie_word_embeddings=True,
        attention_bias=True,
        # About 1 / sqrt(hidden size): the default, made for wide models, starts a narrow one
        # asleep; a wider one that starts louder drowns the heads that copy.
        initializer_range=min(0.07, recipe.hidden_size**-0.5),
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    model = LlamaForCausalLM(config)
    give_copying_heads(model, torch.Generator().manual_seed(recipe.seed))
    return model


def pretrain(
    model: Any,
    tokenizer: Any,
    rows: Sequence[Sequence[Segment]],
    recipe: TinyRecipe,
    work_dir: Path,
    progress: Progress | None = None,
) -> None:
    """One epoch of next-token prediction over the rows' targets, through the one trainer."""
    from trainers.build_trainer import build_trainer
    from trainers.students.muon import MuonWithAdamW
    from trainers.train import StepWatch, last_complete_checkpoint

    settings = TrainingSettings(
        # An example is a whole batch already.
        batch_size=1,
        micro_batch_size=1,
        learning_rate=recipe.learning_rate,
        lr_schedule="cosine",
        warmup_steps=40,
        precision="bfloat16",
        save_steps=200,
    )
    encoded = [encode_text(tokenizer, row, {"target": 0}) for row in rows]
    trainer = build_trainer(
        model,
        tokenizer,
        batches_of_like_length(encoded, recipe.batch_size),
        group_weights={"target": 1.0},
        settings=settings,
        seed=recipe.seed,
        output_dir=work_dir,
    )
    trainer.optimizer = MuonWithAdamW(
        model, matrix_lr=recipe.matrix_learning_rate, other_lr=recipe.learning_rate
    )
    if progress:
        trainer.add_callback(StepWatch(progress))
    trainer.train(resume_from_checkpoint=last_complete_checkpoint(work_dir))


def batches_of_like_length(rows: Sequence[EncodedRow], size: int) -> list[list[EncodedRow]]:
    """Rows in batches of `size`, each of rows of similar length, so that little is padding.

    Rows are sorted within pools of a few batches only: texts of one length are mostly of one
    family, and batches of one family learn slowly.
    """
    pool = POOL_BATCHES * size
    by_length = [
        row
        for start in range(0, len(rows), pool)
        for row in sorted(rows[start : start + pool], key=lambda row: len(row.input_ids))
    ]
    return [by_length[i : i + size] for i in range(0, len(by_length), size)]


def _documents(recipe: TinyRecipe) -> list[tuple[Piece, ...]]:
    from tasks.procedural.suite import pretraining_texts

    return list(pretraining_texts(seed=recipe.seed, count=recipe.documents, beyond=recipe.beyond))


def _texts(documents: list[tuple[Piece, ...]]) -> list[str]:
    return ["".join(piece.text for piece in pieces) for pieces in documents]


def _target(cache: Path, recipe: TinyRecipe, texts: list[str]) -> Path:
    return cache / "students" / f"{recipe.name}-{_fingerprint(recipe, texts)}"


def _fingerprint(recipe: TinyRecipe, texts: list[str]) -> str:
    # The texts stand for what they were drawn by.
    own = {key: value for key, value in asdict(recipe).items() if key not in ("name", "beyond")}
    digest = hashlib.sha256(json.dumps(own, sort_keys=True).encode())
    for text in texts:
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()[:12]
