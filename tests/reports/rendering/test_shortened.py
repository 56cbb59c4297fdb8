"""Long texts, cut where no address is cut in two."""

from __future__ import annotations

import pytest

from reports.rendering.shortened import beginning, end
from tasks.personal_data.find import find

TEXT = "Write to ann@example.org or to bob@example.org today"


def test_what_is_short_enough_stays() -> None:
    assert beginning(TEXT, len(TEXT)) == end(TEXT, len(TEXT)) == TEXT
    assert beginning(TEXT, 24) == "Write to ann@example.org"
    assert end(TEXT, 5) == "today"


@pytest.mark.parametrize("most", range(1, len(TEXT)))
def test_no_cut_leaves_half_an_address(most: int) -> None:
    for cut in (beginning(TEXT, most), end(TEXT, most)):
        assert len(cut) <= most
        assert cut.count("@") == len(find(cut))
        assert not {"ann", "bob", "example", "example.org", "org"} & set(cut.split())


def test_a_text_without_spaces_is_cut_where_the_limit_falls() -> None:
    assert beginning("あ" * 500, 400) == end("あ" * 500, 400) == "あ" * 400
