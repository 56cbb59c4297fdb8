import pytest

from tasks.scoring.thoughts import TAGS, closing_tag, part_thoughts


@pytest.mark.parametrize(("opening", "closing"), TAGS)
def test_every_pair_of_tags_parts_thought_and_words_in_any_case(opening: str, closing: str) -> None:
    for first, last in ((opening, closing), (opening.upper(), closing.title())):
        parted = part_thoughts(f"{first} hm {last} so")
        assert (parted.thought, parted.last_said, parted.unfinished) == ("hm", " so", False)
        assert part_thoughts(f"{first} hm").unfinished
        assert part_thoughts(f"hm {last} so").thought == "hm"


def test_places_stay_where_they_were() -> None:
    completion = "a <think>b\nc</think> d <think>e</think> f"
    said = part_thoughts(completion).said
    assert len(said) == len(completion)
    assert [said[completion.index(word)] for word in "adf"] == list("adf")
    assert not set("bce") & set(said)


def test_several_thoughts_are_one_text() -> None:
    parted = part_thoughts("<think>a</think> b <think> c </think>")
    assert (parted.thought, parted.last_said.strip()) == ("a\nc", "b")
    assert parted.ended == len("<think>a</think> b <think> c </think>")


def test_a_completion_without_tags_is_all_said() -> None:
    parted = part_thoughts("Think: 2 < 3 > 1.")
    assert (parted.thought, parted.said, parted.ended) == ("", "Think: 2 < 3 > 1.", 0)


@pytest.mark.parametrize(("opening", "closing"), TAGS)
def test_an_open_thought_is_closed_by_its_own_tag(opening: str, closing: str) -> None:
    for text in (f"{opening} hm", f"a {opening.upper()} hm ```", f"{opening} {opening} `so"):
        assert closing_tag(text) == closing
        assert not part_thoughts(text + closing).unfinished
    for text in ("", "hm", f"{opening} hm {closing}", f"hm {closing} so", f"`{opening}` hm"):
        assert closing_tag(text) == ""
