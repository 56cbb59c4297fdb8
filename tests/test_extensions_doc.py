"""The entries for other harnesses' pages have their form, and say what is so."""

from __future__ import annotations

import inspect
import re
import tomllib

import pytest
import yaml
from test_floors import ROOT

from harness.decoding.decoding_settings import DecodingSettings
from harness.engines.server_settings import ServerSettings

DOCUMENT = (ROOT / "docs" / "extensions.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", DOCUMENT, flags=re.MULTILINE | re.DOTALL)


def test_the_entry_point_is_the_packages_own():
    group = "lm_eval.models"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    [told] = [tomllib.loads(block)["project"] for block in blocks("toml")]
    assert told["entry-points"][group] == project["entry-points"][group]


def test_inspects_entry_has_the_fields_of_its_page():
    [[entry]] = [yaml.safe_load(block) for block in blocks("yaml")]
    assert set(entry) == {"name", "description", "author", "categories"}
    assert all(re.fullmatch(r"\[.+\]\(https://.+\)", entry[field]) for field in ("name", "author"))
    assert entry["description"].count("\n") == 1
    assert entry["categories"] == ["Analysis"]


def test_lm_evals_row_tells_the_model_and_what_it_answers():
    pytest.importorskip("lm_eval")
    from lm_eval.api.registry import model_registry

    import harness.evaluation.lm_eval_model  # noqa: F401  registers the model

    [row] = [line for block in blocks("markdown") for line in block.splitlines() if "|" in line]
    cells = [cell.strip() for cell in row.strip("|").split(" | ")]
    assert len(cells) == 5  # server, implemented, name, models, request types
    model = model_registry.get(cells[2].strip("`"))
    assert all(callable(getattr(model, kind.strip("` "))) for kind in cells[4].split(","))


def test_settings_that_are_named_are_the_models_own():
    pytest.importorskip("lm_eval")
    from harness.evaluation.lm_eval_model import CascodLM

    named = dict(re.findall(r"`(\w+)=([^`]+)`", DOCUMENT))
    assert set(named) >= {"max_rationale_tokens", "precision", "base_url", "engine"}
    parameters = inspect.signature(CascodLM).parameters
    for settings in (DecodingSettings, ServerSettings):
        settings.model_validate({k: v for k, v in named.items() if k in settings.model_fields})
        named = {k: v for k, v in named.items() if k not in settings.model_fields}
    assert set(named) <= set(parameters)
