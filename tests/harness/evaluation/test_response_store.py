"""A store of responses survives kills and full disks, and never mixes two checkpoints."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.decoding.stages import Response
from harness.evaluation.response_store import Block, ResponseStore, block_key
from tasks.errors import UserError

FIRST = Block((Response((1, 2), (3,), False, True), Response((), (), True, False)), 1.5)
SECOND = Block((Response((9,), (8, 7), False, False),), 0.25)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "responses.jsonl"


def filled(path: Path) -> ResponseStore:
    store = ResponseStore(path)
    store.put("first", FIRST)
    store.put("second", SECOND)
    return store


def test_blocks_come_back_as_they_were_put(path: Path) -> None:
    assert ResponseStore(path).get("first") is None
    assert filled(path).get("first") == FIRST
    again = ResponseStore(path)
    assert again.get("first") == FIRST
    assert again.get("second") == SECOND
    assert again.get("third") is None


def test_a_torn_last_line_is_dropped_wherever_it_was_torn(path: Path) -> None:
    filled(path)
    whole = path.read_bytes()
    first_line = whole.index(b"\n") + 1
    for size in range(first_line, len(whole)):
        path.write_bytes(whole[:size])
        store = ResponseStore(path)
        assert store.get("first") == FIRST
        assert path.read_bytes() == whole[:first_line]
        store.put("second", SECOND)
        assert path.read_bytes() == whole


def test_a_file_broken_in_the_middle_is_refused(path: Path) -> None:
    filled(path)
    path.write_bytes(b"{garbage\n" + path.read_bytes())
    with pytest.raises(UserError, match=r"responses\.jsonl: broken in the middle"):
        ResponseStore(path)


def disk_that_fails(error: int) -> Callable[[int], None]:
    """What a full disk does: it takes the data and refuses when they shall be kept."""

    def fsync(descriptor: int) -> None:
        raise OSError(error, "refused")

    return fsync


def test_a_full_disk_says_what_to_do_and_leaves_the_store_readable(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ResponseStore(path)
    store.put("first", FIRST)
    before = path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", disk_that_fails(errno.ENOSPC))
        with pytest.raises(UserError, match=r"no space left .* start the same command again"):
            store.put("second", SECOND)
    assert path.read_bytes() == before
    assert store.get("second") is None
    store.put("second", SECOND)
    assert ResponseStore(path).get("second") == SECOND


def test_any_other_failure_names_the_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", disk_that_fails(errno.EIO))
    with pytest.raises(UserError, match=r"responses\.jsonl: cannot be written \(refused\)"):
        ResponseStore(path).put("first", FIRST)


KEY: dict[str, Any] = {
    "checkpoint": "abc",
    "protocol": {"suffix": "\nRationale:", "cascade": True},
    "settings": {"max_answer_tokens": 8},
    "prompts": [[1, 2], [3]],
}


@pytest.mark.parametrize(
    "change",
    [
        {"checkpoint": "abd"},
        {"protocol": {"suffix": "", "cascade": True}},
        {"settings": {"max_answer_tokens": 9}},
        {"prompts": [[1, 2], [4]]},
        {"prompts": [[1], [2, 3]]},
        {"prompts": [[3], [1, 2]]},
    ],
)
def test_the_key_changes_with_everything_a_response_depends_on(change: dict[str, Any]) -> None:
    assert block_key(**KEY) != block_key(**KEY | change)


def test_the_key_is_the_same_for_the_same_block() -> None:
    # Written out, since stores on disk are found by it.
    assert block_key(**KEY) == "b21697471634d4200b400d23439a43b932828aa6e13e426ff4d0e36461689d77"
    again = json.loads(json.dumps(KEY))
    again["protocol"] = dict(reversed(again["protocol"].items()))
    assert block_key(**again) == block_key(**KEY)
