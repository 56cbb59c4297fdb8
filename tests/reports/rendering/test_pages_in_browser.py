"""All pages as a browser shows them, at three widths, light and dark: nothing lost, small or
covered.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import yaml
from browser import AXE, by_css, chromium, errors, needs_axe, needs_browser, screen
from sample_logs import row, write_log
from synthetic_run import SYSTEMS, SyntheticSystem, write_report, write_run

from harness.cli import main
from reports.sweep_report.build import build_sweep_report, write_sweep_report
from tasks.procedural.suite import training_records
from tasks.records.record import write_records

pytestmark = [pytest.mark.slow, needs_browser]

WIDTHS = (1280, 768, 390)
SCHEMES = ("light", "dark")
PAGES = ("report", "comparison", "sweep", "suite")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as driver:
        yield driver


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    root = tmp_path_factory.mktemp("pages")
    long_name = SyntheticSystem("a_method_with_quite_a_long_name", [0, 1], {"ind": 0.5, "ood": 0.5})
    run = write_run(root / "run", [*SYSTEMS, long_name], rng=np.random.default_rng(0))
    rng = np.random.default_rng(0)
    logs = [root / "std_cot", root / "a_system_with_quite_a_long_name"]
    for folder, share in zip(logs, (0.5, 0.7), strict=True):
        for task in ("counting", "navigate"):
            rights = [float(rng.random() < share) for _ in range(40)]
            rows = [row(i, right, resps=[[f"said {right}"]]) for i, right in enumerate(rights)]
            write_log(folder, task, rows, model_args=folder.name)
    compared = root / "compare.html"
    assert main(["compare", *map(str, logs), "--html", str(compared)]) == 0
    values = (0.0, 0.5, 1.0)
    for value in values:
        write_run(
            root / "sweep" / f"rho={value}", SYSTEMS, rng=np.random.default_rng(int(10 * value))
        )
    primary = {"treatment": "cascod", "baseline": "std_cot", "contrast": "ood"}
    content = {
        "key": "rho",
        "runs": [f"rho={value}" for value in values],
        "experiment": {"name": "synthetic", "primary": primary},
    }
    (root / "sweep" / "sweep.yaml").write_text(yaml.safe_dump(content))
    swept = write_sweep_report(build_sweep_report(root / "sweep"), root / "sweep" / "report")
    checked = root / "suite.html"
    write_records(root / "train.jsonl", training_records(seed=0, per_family=20))
    write_records(root / "ours.jsonl", training_records(seed=1, per_family=5))
    files = [str(root / "ours.jsonl"), "--against", str(root / "train.jsonl")]
    assert main(["suite", "check", *files, "--html", str(checked)]) == 0
    return {
        "suite": checked.as_uri(),
        "report": (write_report(run) / "report.html").as_uri(),
        "comparison": compared.as_uri(),
        "sweep": (swept / "sweep.html").as_uri(),
    }


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, pages: dict[str, str]) -> str:
    return pages[request.param]


@pytest.mark.parametrize("width", WIDTHS)
def test_only_tables_scroll_sideways(browser: Any, page: str, width: int) -> None:
    with screen(browser, width):
        browser.get(page)
        browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
        for text in by_css(browser, ".verdict p, .reading, figcaption, caption span"):
            assert text.rect["x"] >= 0
            assert text.rect["x"] + text.rect["width"] <= width
        assert errors(browser) == []


TEXT_OF_CHARTS = """
const inside = (inner, outer) =>
  inner.left >= outer.left - 1 && inner.right <= outer.right + 1 &&
  inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
const overlap = (one, other) => {
  const [a, b] = [one, other].map(each => each.getBoundingClientRect());
  const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  // Boxes hold room above and below the letters.
  return across > 1 && down > Math.min(a.height, b.height) / 3;
};
return [...document.querySelectorAll("figure svg")]
  .filter(svg => getComputedStyle(svg).display !== "none")
  .flatMap(svg => [...svg.querySelectorAll("text")].map(text => {
    const matrix = text.getScreenCTM();
    return {
      text: text.textContent,
      size: parseFloat(getComputedStyle(text).fontSize) * Math.hypot(matrix.a, matrix.b),
      inside: inside(text.getBoundingClientRect(), svg.getBoundingClientRect()),
      right: svg.getBoundingClientRect().right,
      covers: [...svg.querySelectorAll("text")]
        .filter(other => other !== text && overlap(text, other)).map(other => other.textContent),
    };
  }));
"""


@pytest.mark.parametrize("width", [*WIDTHS, 360])
@pytest.mark.parametrize("name", ["report", "sweep"])
def test_charts_fit_and_can_be_read(
    browser: Any, pages: dict[str, str], name: str, width: int
) -> None:
    with screen(browser, width):
        browser.get(pages[name])
        texts = browser.execute_script(TEXT_OF_CHARTS)
    assert len(texts) > 40
    assert max(each["right"] for each in texts) <= width
    assert [each for each in texts if not each["inside"]] == []
    assert [each for each in texts if each["covers"]] == []
    assert min(each["size"] for each in texts) >= 9


@pytest.mark.parametrize("width", WIDTHS)
def test_text_is_large_enough(browser: Any, page: str, width: int) -> None:
    with screen(browser, width):
        browser.get(page)
        sizes = browser.execute_script(
            "return [...document.querySelectorAll('main p, main td, main th, main li, summary, a')]"
            ".map(e => parseFloat(getComputedStyle(e).fontSize))"
        )
    assert min(sizes) >= 11


@pytest.mark.parametrize("width", WIDTHS)
def test_what_can_be_pressed_is_large_enough_to_be_hit(browser: Any, page: str, width: int) -> None:
    with screen(browser, width):
        browser.get(page)
        targets = [
            (target.tag_name, target.text, target.rect)
            for target in by_css(browser, "a, button, select, input, summary")
            if target.is_displayed()
        ]
    assert targets
    small = [t for t in targets if t[2]["height"] < 24 or t[2]["width"] < 24]
    assert small == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_navigation_covers_no_heading(browser: Any, pages: dict[str, str], width: int) -> None:
    with screen(browser, width):
        browser.get(pages["report"])
        links = [link.get_attribute("hash") for link in by_css(browser, "nav a")]
        assert len(links) > 5
        for anchor in links:
            browser.execute_script(f"location.hash = '{anchor}'")
            heading = by_css(browser, f"{anchor} h2")[0]
            on_top = browser.execute_script(
                "const {left, top, height} = arguments[0].getBoundingClientRect();"
                "const hit = document.elementFromPoint(left + 2, top + height / 2);"
                "return arguments[0] === hit || arguments[0].contains(hit)",
                heading,
            )
            assert on_top, anchor


@pytest.mark.parametrize("name", ["report", "sweep"])
def test_each_chart_is_an_image_whose_label_is_its_caption(
    browser: Any, pages: dict[str, str], name: str
) -> None:
    browser.get(pages[name])
    figures = by_css(browser, "figure")
    assert len(figures) == (5 if name == "report" else 2)
    for figure in figures:
        (image,) = figure.find_elements("css selector", "[role=img]")
        (caption,) = figure.find_elements("css selector", "figcaption")
        assert image.accessible_name == caption.text
        assert any(letter.isdigit() for letter in caption.text)


def test_on_paper_charts_are_wide_and_what_needs_a_screen_is_gone(
    browser: Any, pages: dict[str, str]
) -> None:
    with screen(browser, 690, medium="print"):
        browser.get(pages["report"])
        shown = [svg.get_attribute("class") for svg in by_css(browser, "svg") if svg.is_displayed()]
        assert set(shown) == {"wide"}
        assert not any(each.is_displayed() for each in by_css(browser, "nav, form, button"))


CONTRAST = """
const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
const over = ([r, g, b, a = 1], under) => [r, g, b].map((c, i) => a * c + (1 - a) * under[i]);
const light = colour => {
  const [r, g, b] = colour.map(c => c / 255)
    .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const paper = numbers(getComputedStyle(document.body).backgroundColor);
const svg = [...document.querySelectorAll("#tasks svg")]
  .find(each => getComputedStyle(each).display !== "none");
const ink = numbers(getComputedStyle(svg.querySelector("text")).fill);
return [...svg.querySelectorAll("path")].map(path => getComputedStyle(path))
  .filter(style => style.fill.startsWith("rgb") && style.fillOpacity * style.opacity < 1)
  .map(style => {
    const alpha = style.fillOpacity * style.opacity;
    const field = over([...numbers(style.fill).slice(0, 3), alpha], paper);
    const [more, less] = [light(field), light(ink)].sort((a, b) => b - a);
    return (more + 0.05) / (less + 0.05);
  });
"""


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_heat_map_is_legible_on_light_and_on_dark(
    browser: Any, pages: dict[str, str], scheme: str
) -> None:
    with screen(browser, 1280, scheme):
        browser.get(pages["report"])
        contrasts = browser.execute_script(CONTRAST)
    assert len(contrasts) >= 5 * 6
    assert min(contrasts) >= 4.5
    # Colours differ: the strongest field is not the paper.
    assert max(contrasts) / min(contrasts) > 1.5


@needs_axe
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_no_barrier(browser: Any, page: str, width: int, scheme: str) -> None:
    with screen(browser, width, scheme):
        browser.get(page)
        browser.execute_script(
            "[...document.querySelectorAll('details')].slice(0, 8).forEach(d => d.open = true)"
        )
        browser.execute_script(AXE.read_text())
        violations = browser.execute_async_script(
            "const done = arguments[0]; axe.run().then(result => done(result.violations))"
        )
    assert [(found["id"], found["nodes"][0]["html"]) for found in violations] == []
