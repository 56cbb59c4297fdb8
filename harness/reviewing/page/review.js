// One chain at a time. Nothing is told as saved before the server says that it is on disk, and
// whatever a chain holds is set as text.
const $ = id => document.getElementById(id);
const SERVER_GONE = "The server does not answer, so your last press may not be saved. Start "
  + "cascod review again and open the address that it prints: it shows all that is kept.";

let progress;
let shown = null;
let busy = false;

async function call(path, body) {
  const options = body === undefined ? {} : {
    method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body),
  };
  const reply = await fetch(path, options).catch(() => { throw new Error(SERVER_GONE); });
  const content = await reply.json();
  if (!reply.ok) throw new Error(`Not saved: ${content.error}.`);
  return content;
}

// One thing at a time: a key pressed meanwhile does nothing, so no chain is judged unseen.
async function alone(work) {
  if (busy) return;
  busy = true;
  try {
    await work();
    $("trouble").hidden = true;
  } catch (error) {
    $("trouble").textContent = error.message;
    $("trouble").hidden = false;
    $("trouble").scrollIntoView({block: "nearest"});
  } finally {
    busy = false;
  }
}

const spoken = ({verdict, first_wrong_step: step}) =>
  step === null ? verdict : `${verdict} from step ${step + 1} on`;
const chosen = () => document.querySelector("#steps :checked");
const radios = () => [...document.querySelectorAll("#steps input")];

function tell(what) {
  $("said").textContent = what;
}

function showProgress(now) {
  progress = now;
  const done = now.judged.filter(Boolean).length;
  $("bar").max = now.judged.length;
  $("bar").value = done;
  $("count").textContent = `${now.reviewer}: ${done} of ${now.judged.length} judged`;
  $("undo").disabled = now.undoable === null;
  $("next").disabled = done === now.judged.length;
}

function showChoice() {
  const step = chosen();
  $("wrong-says").textContent = step ? `Wrong from step ${Number(step.value) + 1} on` : "Wrong";
}

function stepLine(text, place) {
  const line = document.createElement("label");
  line.className = "step";
  const radio = document.createElement("input");
  Object.assign(radio, {type: "radio", name: "step", value: place});
  const number = document.createElement("span");
  number.className = "number";
  number.textContent = place + 1;
  const said = document.createElement("span");
  Object.assign(said, {className: "text", dir: "auto", textContent: text});
  line.append(radio, number, said);
  return line;
}

function showOrDone() {
  $("chain").hidden = shown === null;
  $("done").hidden = shown !== null;
  $("right").disabled = $("wrong").disabled = shown === null;
}

async function show(place) {
  tell("");
  shown = await call(`chains/${place}`);
  for (const name of ["description", "question", "answer"]) $(name).textContent = shown[name];
  $("place").textContent = `Chain ${place + 1} of ${progress.judged.length}`;
  $("task").textContent = shown.task;
  $("steps").replaceChildren(...shown.steps.map(stepLine));
  const judged = shown.judgement;
  $("verdict").textContent = judged ? `judged: ${spoken(judged)}` : "";
  $("verdict").className = judged ? judged.verdict : "";
  if (judged && judged.first_wrong_step !== null) radios()[judged.first_wrong_step].checked = true;
  $("note").value = judged ? judged.note : "";
  $("gold").hidden = true;
  $("ask-gold").hidden = !judged;
  $("previous").disabled = place === 0;
  $("following").disabled = place === progress.judged.length - 1;
  showOrDone();
  showChoice();
  history.replaceState(null, "", `#${place + 1}`);
  // A new chain is read from its beginning, by eye and by screen reader.
  $("place").focus({preventScroll: true});
  scrollTo(0, 0);
}

// The next unjudged chain behind this one, or from the beginning.
async function showUnjudged() {
  const from = shown ? shown.place + 1 : 0;
  const places = progress.judged.map((_, i) => (from + i) % progress.judged.length);
  const open = places.find(place => !progress.judged[place]);
  if (open !== undefined) return show(open);
  shown = null;
  showOrDone();
}

function judge(verdict) {
  return alone(async () => {
    if (!shown) return;
    const step = verdict === "wrong" && chosen() ? Number(chosen().value) : null;
    const said = {verdict, first_wrong_step: step, note: $("note").value};
    showProgress(await call(`chains/${shown.place}/judgement`, said));
    const what = `Saved: chain ${shown.place + 1} is ${spoken(said)}.`;
    await showUnjudged();
    tell(what);
  });
}

function undo() {
  return alone(async () => {
    const place = progress.undoable;
    if (place === null) return;
    showProgress(await call(`chains/${place}/undo`, {}));
    await show(place);
    tell(`Undone: the last judgement of chain ${place + 1}.`);
  });
}

function showGold() {
  return alone(async () => {
    if (!shown) return;
    if (!shown.judgement) return tell("The gold answer is shown once the chain is judged.");
    const {gold} = await call(`chains/${shown.place}/gold`, {});
    $("gold").querySelector(".text").textContent = gold;
    $("gold").hidden = false;
    $("ask-gold").hidden = true;
    tell(`The gold answer is ${gold}.`);
  });
}

function move(by) {
  return alone(async () => {
    const place = (shown ? shown.place : by > 0 ? -1 : progress.judged.length) + by;
    if (progress.judged[place] !== undefined) await show(place);
  });
}

function choose(place) {
  const radio = radios()[place];
  if (!radio) return;
  radio.checked = true;
  radio.focus();
  showChoice();
}

function chooseNext(by) {
  const step = chosen();
  const last = radios().length - 1;
  choose(step ? Math.min(Math.max(Number(step.value) + by, 0), last) : by > 0 ? 0 : last);
}

function chooseNone() {
  if (chosen()) chosen().checked = false;
  $("place").focus({preventScroll: true});
  showChoice();
}

const KEYS = {
  r: () => judge("right"),
  w: () => judge("wrong"),
  u: undo,
  n: () => alone(showUnjudged),
  g: showGold,
  m: () => $("note").focus(),
  escape: chooseNone,
  arrowdown: () => chooseNext(1),
  arrowup: () => chooseNext(-1),
  arrowright: () => move(1),
  arrowleft: () => move(-1),
};

// What a key held down may repeat; a judgement is one press.
const REPEATED = ["arrowdown", "arrowup"];

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  if (event.target === $("note")) {
    if (["escape", "enter"].includes(key)) $("place").focus({preventScroll: true});
    return;
  }
  const act = /^[1-9]$/.test(key) ? () => choose(Number(key) - 1) : KEYS[key];
  if (!act) return;
  event.preventDefault();
  if (!event.repeat || REPEATED.includes(key)) act();
});
$("steps").addEventListener("change", showChoice);
$("right").addEventListener("click", KEYS.r);
$("wrong").addEventListener("click", KEYS.w);
$("undo").addEventListener("click", undo);
$("next").addEventListener("click", KEYS.n);
$("ask-gold").addEventListener("click", showGold);
$("previous").addEventListener("click", KEYS.arrowleft);
$("following").addEventListener("click", KEYS.arrowright);

alone(async () => {
  showProgress(await call("progress"));
  const asked = Number(location.hash.slice(1)) - 1;
  await (progress.judged[asked] === undefined ? showUnjudged() : show(asked));
});
