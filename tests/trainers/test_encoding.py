"""Where tokens, labels, EOS and BOS stand."""

import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

from tasks.errors import UserError
from trainers.encoding import IGNORED, encode_records
from trainers.methods import load_method
from trainers.protocol import CUE
from trainers.tokens import encode_continuation, encode_prompt


def encoded(tokenizer, method, records, **kwargs):
    return encode_records(tokenizer, load_method(method), records, **{"max_length": 512} | kwargs)


def targets(tokenizer, row):
    return tokenizer.decode([label for label in row.labels if label != IGNORED])


def test_std_cot_learns_rationale_cue_answer_and_eos(tokenizer, records):
    [row] = encoded(tokenizer, "std_cot", records[:1]).rows[0]
    assert targets(tokenizer, row) == (
        " Step 0: add 0. That makes 0.\nTherefore, the answer is 0<|endoftext|>"
    )
    assert row.input_ids[-1] == tokenizer.eos_token_id


def test_cascade_puts_eos_as_label_where_the_cue_begins(tokenizer, records):
    [row] = encoded(tokenizer, "cascod", records[:1]).rows[0]
    assert targets(tokenizer, row) == " Step 0: add 0. That makes 0.<|endoftext|> 0<|endoftext|>"
    first_cue = row.labels.index(tokenizer.eos_token_id)
    cue = encode_continuation(tokenizer, "\nTherefore, the answer is")
    assert row.input_ids[first_cue : first_cue + len(cue)] == cue
    assert tokenizer.eos_token_id not in row.input_ids[:-1]
    assert row.labels[first_cue + 1 : first_cue + len(cue)] == [IGNORED] * (len(cue) - 1)


def test_methods_share_the_tokens_of_rationale_and_answer(tokenizer, records):
    std = encoded(tokenizer, "std_cot", records).rows
    weighted = encoded(tokenizer, "weighted_std_cot", records).rows
    assert [r[0].input_ids for r in std] == [r[0].input_ids for r in weighted]
    for (a,), (b,) in zip(std, encoded(tokenizer, "cascod", records).rows, strict=True):
        eos = b.labels.index(tokenizer.eos_token_id)
        first = next(i for i, label in enumerate(b.labels) if label != IGNORED)
        assert "".join(map(str, b.labels[first:eos])) in "".join(map(str, a.labels))


def test_groups_stand_exactly_where_labels_do(tokenizer, records):
    for method in ("std_cot", "cascod", "mt_cot", "step_by_step"):
        for rows in encoded(tokenizer, method, records).rows:
            for row in rows:
                assert [g >= 0 for g in row.groups] == [x != IGNORED for x in row.labels]


def test_a_record_longer_than_the_context_is_refused_by_name(tokenizer, records):
    with pytest.raises(
        UserError, match=r"record sum/\d+: \d+ tokens with cascod, the context holds"
    ):
        encoded(tokenizer, "cascod", records, max_length=90)


def test_or_skipped_and_counted_but_never_cut(tokenizer, records):
    result = encoded(tokenizer, "cascod", records, max_length=90, too_long="skip")
    assert result.skipped
    assert len(result.rows) + len(result.skipped) == len(records)
    assert all(row.input_ids[-1] == tokenizer.eos_token_id for [row] in result.rows)


def test_no_record_at_all_is_an_error(tokenizer, records):
    with pytest.raises(UserError, match="no record fits"):
        encoded(tokenizer, "cascod", records, max_length=5, too_long="skip")


def llama2_like(scheme):
    """A SentencePiece-like tokenizer that puts a blank before whatever it encodes, and a BOS."""
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme=scheme, split=False)
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback()])
    alphabet = [f"<0x{i:02X}>" for i in range(256)]
    trainer = trainers.BpeTrainer(
        vocab_size=600, special_tokens=["<unk>", "<s>", "</s>", *alphabet], show_progress=False
    )
    tokenizer.train_from_iterator(
        ["the answer is (B). Because B. Therefore Rationale:"] * 4, trainer
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", special_tokens=[("<s>", 1)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", unk_token="<unk>"
    )


@pytest.mark.parametrize("scheme", ["always", "first"])
def test_a_tokenizer_that_prefixes_blanks_adds_none_at_segment_boundaries(scheme):
    tokenizer = llama2_like(scheme)
    for text in (" the answer", "\nTherefore", "the"):
        ids = encode_continuation(tokenizer, text)
        assert tokenizer.decode(ids, clean_up_tokenization_spaces=False) == text
        assert tokenizer.bos_token_id not in ids


def test_bos_stands_where_the_tokenizers_default_puts_it(tokenizer):
    assert encode_prompt(llama2_like("first"), "the answer")[0] == 1
    assert tokenizer.eos_token_id not in encode_prompt(tokenizer, "the answer")


def test_prompt_tokens_are_the_same_in_training_and_inference(tokenizer, records):
    [row] = encoded(tokenizer, "cascod", records[:1]).rows[0]
    method = load_method("cascod")
    asked = encode_prompt(tokenizer, method.rows(records[0])[0][0].text)
    assert row.input_ids[: len(asked)] == asked


def test_where_eos_takes_the_first_cue_tokens_place_the_cue_is_learned_from_its_second(
    tokenizer, records
):
    without, learned = (
        encoded(tokenizer, name, records[:1]).rows[0][0]
        for name in ("cascade+eos", "cascade+eos+cue_loss")
    )
    assert learned.input_ids == without.input_ids
    cue = encode_continuation(tokenizer, CUE)
    new = [i for i, label in enumerate(learned.labels) if label != without.labels[i]]
    assert [learned.labels[i] for i in new] == cue[1:]
    assert learned.labels[new[0] - 1] == tokenizer.eos_token_id
