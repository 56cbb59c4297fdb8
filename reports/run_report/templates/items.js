"use strict";
// Model output reaches the page as text nodes only.
(() => {
  const STEP = 40;
  const LONGEST_QUESTION = 220;
  // The address of this list with filters: #items?suite=longer&flipped=on
  const ADDRESS = "#items?";
  const students = JSON.parse(document.getElementById("item-data").textContent);
  const several = students.length > 1;
  const items = students.flatMap((s) => s.items.map((item) => ({ ...item, student: s.student })));
  const form = document.getElementById("filter");
  const list = document.getElementById("list");
  const more = document.getElementById("more");
  let matching = [];
  let shown = 0;

  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  const fill = (name, values) => {
    for (const value of new Set(values)) {
      const option = element("option", value);
      option.value = value;
      form.elements[name].append(option);
    }
  };

  const answerMatches = (answer, wanted) =>
    (!wanted.method || answer.method === wanted.method) &&
    (!wanted.outcome || answer.correct === (wanted.outcome === "right")) &&
    (!wanted.unparsed || answer.parsed === null) &&
    (!wanted.truncated || answer.truncated) &&
    (!wanted.forced || answer.forced);

  const matches = (item, wanted) =>
    (!wanted.suite || item.suite === wanted.suite) &&
    (!wanted.flipped || item.kinds.includes("flipped")) &&
    item.answers.some((answer) => answerMatches(answer, wanted)) &&
    (!wanted.text ||
      [item.prompt, item.id, ...item.answers.map((answer) => answer.rationale)].some((text) =>
        text.toLowerCase().includes(wanted.text)));

  const LEGEND = [
    ["✓", "right", "good"],
    ["✗", "wrong", "bad"],
    ["∅", "no answer could be read: counts as wrong", "bad"],
    ["✂", "ran into a token limit", ""],
    ...(items.some((item) => item.kinds.includes("forced")) ? [["⇥", "its answer was forced", ""]] : []),
  ];

  const mark = (answer) => {
    const [sign, words, tone] = LEGEND[answer.correct ? 0 : answer.parsed === null ? 2 : 1];
    const beside = [...(answer.truncated ? [LEGEND[3]] : []), ...(answer.forced ? [LEGEND[4]] : [])];
    const made = element("span", undefined, `mark ${tone}`);
    const signs = element("span", ` ${sign}${beside.map((each) => each[0]).join("")}`);
    signs.setAttribute("aria-hidden", "true");
    made.append(answer.method, signs);
    made.append(element("span", ` ${[words, ...beside.map((each) => each[1])].join(", ")};`, "unseen"));
    return made;
  };

  const shortened = (text) => {
    const line = text.trim().replace(/\s+/g, " ");
    return line.length > LONGEST_QUESTION ? line.slice(0, LONGEST_QUESTION) + " …" : line;
  };

  const said = (parsed) => (parsed === null ? "no answer" : parsed);
  const judged = (correct) => (correct ? "right" : "wrong");

  // The rationale around its first wrong step, numbered from 1.
  const stepByStep = (error) => {
    const steps = element("ol", undefined, "steps");
    steps.start = error.first + 1;
    error.steps.forEach((text, i) => {
      const wrong = error.first + i === error.step;
      const step = element("li", undefined, wrong ? "wrong" : undefined);
      step.append(element("span", text));
      if (wrong) {
        step.append(element("p", `First wrong step (${error.kind}): ${error.reason}.`, "why"));
        if (error.beside) step.append(element("p", `${error.beside.whose}, right: ${error.beside.text}`, "beside"));
      }
      steps.append(step);
    });
    return steps;
  };

  const drawn = (item) => {
    const details = element("details");
    const summary = element("summary");
    const place = `${several ? item.student + ": " : ""}${item.suite} / ${item.task}, ${item.id}`;
    const marks = element("span", undefined, "marks-of");
    marks.append(...item.answers.map(mark));
    summary.append(
      element("span", place, "place"),
      element("span", shortened(item.prompt), "question"),
      marks,
    );
    details.append(summary);
    // Texts are added when an item is opened: thousands of hidden ones would make the page slow.
    details.addEventListener("toggle", () => {
      if (details.childElementCount > 1) return;
      details.append(element("pre", item.prompt));
      const gold = element("p", "Gold answer: ");
      gold.append(element("b", item.gold));
      details.append(gold);
      for (const answer of item.answers) {
        const heading = element("h3", `${answer.method}: ${said(answer.parsed)} `);
        const cut = (answer.truncated ? ", cut off" : "") + (answer.forced ? ", forced" : "");
        heading.append(element("span", judged(answer.correct) + cut, `mark ${answer.correct ? "good" : "bad"}`));
        details.append(heading);
        if (answer.forced) {
          const written = `${said(answer.parsed_as_written)}, ${judged(answer.correct_as_written)}`;
          details.append(element("p", `As written: ${written}. The answer above was forced.`));
        }
        if (answer.first_error) details.append(stepByStep(answer.first_error));
        details.append(element("pre", answer.rationale || "(no rationale)"));
      }
    });
    return details;
  };

  const extend = () => {
    list.append(...matching.slice(shown, shown + STEP).map(drawn));
    shown = Math.min(shown + STEP, matching.length);
    more.hidden = shown >= matching.length;
    document.getElementById("count").textContent =
      `${matching.length.toLocaleString("en")} of ${items.length.toLocaleString("en")} items match` +
      (shown < matching.length ? `, ${shown} are listed.` : ".");
  };

  const refresh = () => {
    const fields = form.elements;
    const wanted = {
      suite: fields.suite.value,
      method: fields.method.value,
      outcome: fields.outcome.value,
      flipped: fields.flipped.checked,
      unparsed: fields.unparsed.checked,
      truncated: fields.truncated.checked,
      forced: fields.forced?.checked,
      text: fields.text.value.trim().toLowerCase(),
    };
    matching = items.filter((item) => matches(item, wanted));
    shown = 0;
    list.replaceChildren();
    extend();
  };

  // The fragment, not the query: a page opened as a file may change nothing else of its address.
  const toAddress = () => {
    const filled = [...new FormData(form)].filter(([, value]) => value !== "");
    const query = new URLSearchParams(filled).toString();
    history.replaceState(null, "", query ? ADDRESS + query : "#items");
  };

  const fromAddress = () => {
    if (!location.hash.startsWith(ADDRESS)) return false;
    const wanted = new URLSearchParams(location.hash.slice(ADDRESS.length));
    for (const field of form.elements) {
      const value = wanted.get(field.name) ?? "";
      if (field.type === "checkbox") field.checked = value === "on";
      else if (field.type === "search") field.value = value;
      else if (field.options) field.value = [...field.options].some((o) => o.value === value) ? value : "";
    }
    return true;
  };

  const restore = () => {
    if (!fromAddress()) return;
    refresh();
    document.getElementById("items").scrollIntoView();
  };

  fill("suite", items.map((item) => item.suite));
  fill("method", items.flatMap((item) => item.answers.map((answer) => answer.method)));
  const legend = document.getElementById("marks");
  legend.append("Beside each method: ");
  LEGEND.forEach(([sign, words, tone], i) => {
    legend.append(element("b", sign, tone), ` ${words}${i < LEGEND.length - 1 ? ", " : "."}`);
  });
  // Shown by this program: without it they would do nothing.
  legend.hidden = form.hidden = false;
  form.addEventListener("input", () => { refresh(); toAddress(); });
  // The fields are emptied after this event.
  form.addEventListener("reset", () => setTimeout(() => { refresh(); toAddress(); }));
  form.addEventListener("submit", (event) => event.preventDefault());
  more.addEventListener("click", extend);
  addEventListener("hashchange", restore);
  refresh();
  restore();
})();
