// The check page: sends a file, and shows what it was found to be. What comes back is only ever set as text.

const $ = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const MOST_BYTES = 40 * 1024 * 1024;
const VERDICTS = {
  unchanged: "Made here, and unchanged",
  marked: "Made here, and changed since",
  alike: "Looks or sounds like a film made here",
  transplanted: "Bears a mark that is not its own",
  nothing: "Nothing of ours was found",
};
const STATES = {
  trusted: "holds",
  valid: "holds, but we do not know who signed it",
  invalid: "is broken: the file was changed after it was signed",
  not_present: "none in the file; most sites take it off",
};
const CONSENTS = {
  given: "consent holds",
  withdrawn: "consent was withdrawn since; this video was left standing",
  removed: "had this video removed",
};

function make(tag, text, ...children) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  element.append(...children);
  return element;
}

// ---- asking

// Not fetch: it does not tell how much was sent.
function send(form, onSent) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/v1/content_provenance_checks");
    request.responseType = "json";
    request.upload.onprogress = (event) => onSent(event.loaded / event.total);
    request.onload = () => (request.status === 200 ? resolve(request.response) : reject(new Error(complaint(request))));
    request.onerror = () => reject(new Error("The connection broke off. Try again."));
    request.send(form);
  });
}

function complaint(request) {
  const wait = request.getResponseHeader("retry-after");
  const said = request.response?.error?.message ?? "Something went wrong. Try again.";
  return request.status === 429 && wait ? `${said} (${wait} s)` : said;
}

function progress(share) {
  $("step").textContent = share < 1 ? "Sending …" : "Looking for signature, marks and likeness; this takes some seconds …";
  if (share < 1) $("progress").value = share;
  else $("progress").removeAttribute("value");
}

async function check(file) {
  $("complaint").textContent = "";
  $("result").hidden = true;
  if (!file) return;
  if (file.size > MOST_BYTES) {
    $("complaint").textContent = "The file is too large: at most 40 MB are looked at. Send a part of it.";
    return;
  }
  const form = new FormData();
  form.append("file", file);
  form.append("thorough", $("thorough").checked);
  const button = document.querySelector("#asking button");
  button.disabled = true;
  $("working").hidden = false;
  progress(0);
  try {
    show(await send(form, progress));
  } catch (error) {
    $("complaint").textContent = error.message;
  } finally {
    button.disabled = false;
    $("working").hidden = true;
  }
}

// ---- the answer

function show(found) {
  const verdict = found.matches[0]?.verdict ?? "nothing";
  $("result").className = verdict;
  $("verdict").textContent = VERDICTS[verdict];
  $("summary").textContent = found.summary;
  $("matches").replaceChildren(...found.matches.map(match));
  const result = (type) => found.results.find((each) => each.type === type);
  const marks = [["Picture", result("kinora_picture_mark")], ["Sound", result("kinora_sound_mark")]].filter(([, mark]) => mark);
  const timed = found.duration_s > 0 && marks.some(([, mark]) => mark.outcome === "detected");
  $("timeline").hidden = !timed;
  if (timed) timeline(marks, found.duration_s);
  $("signals").replaceChildren(...signals(result("c2pa"), marks, result("kinora_fingerprint")));
  $("meaning").open = verdict === "nothing";
  $("result").hidden = false;
  $("verdict").focus();
}

function match({ explanation, film }) {
  const facts = [
    ["Made by", film.maker ?? "somebody who is not named here"],
    ["Made", `${new Date(film.made_at * 1000).toLocaleString([], { dateStyle: "long", timeStyle: "short" })}${film.deleted ? "; deleted here since" : ""}`],
    ["With", `${film.engine} ${film.engine_version}`],
    ["Label", film.ai_label],
    ["Remixed from", list(film.lineage.map(ancestor))],
    ["Likenesses in it", list(film.consents.map((each) => `${each.handle || "Somebody who is not here any more"}: ${CONSENTS[each.state]}`))],
    ["Video", film.video_id ?? ""],
  ];
  const told = facts.filter(([, fact]) => fact).flatMap(([name, fact]) => [make("dt", name), make("dd", "", fact)]);
  return make("article", "", make("p", explanation), make("dl", "", ...told));
}

function ancestor(film) {
  if (!film.video_id) return "a film whose maker is not here any more";
  return `${film.video_id}${film.maker ? ` by ${film.maker}` : ""}${film.deleted ? ", deleted" : ""}`;
}

function list(lines) {
  return lines.length ? make("ul", "", ...lines.map((line) => make("li", line))) : "";
}

// ---- the timeline

const clock = (seconds) => `${Math.floor(seconds / 60)}:${(Math.floor(10 * (seconds % 60)) / 10).toFixed(1).padStart(4, "0")}`;

function timeline(marks, duration) {
  $("rows").replaceChildren(...marks.map(([name, mark]) => row(name, mark.segments, duration)));
  $("end").textContent = clock(duration);
}

function row(name, segments, duration) {
  const words = segments.length ? segments.map((each) => `${clock(each.start_s)}–${clock(each.end_s)}`).join(", ") : "nowhere";
  const bar = document.createElementNS(SVG, "svg");
  bar.setAttribute("viewBox", "0 0 1000 10");
  bar.setAttribute("preserveAspectRatio", "none");
  bar.setAttribute("role", "img");
  bar.setAttribute("aria-label", `${name}: marked ${words}`);
  bar.append(block("none", 0, 1000), ...segments.map((each) => block("mark", (1000 * each.start_s) / duration, (1000 * (each.end_s - each.start_s)) / duration)));
  const element = make("div", "", make("span", name), bar, make("small", words));
  element.className = "row";
  return element;
}

function block(kind, x, width) {
  const rect = document.createElementNS(SVG, "rect");
  rect.setAttribute("class", kind);
  for (const [name, value] of Object.entries({ x, width, y: 0, height: 10 })) rect.setAttribute(name, value);
  return rect;
}

// ---- what was looked for

function signals(c2pa, marks, prints) {
  const told = [];
  if (c2pa) told.push(["Signature (C2PA)", STATES[c2pa.validation_state] + (c2pa.issuer ? `; signed by ${c2pa.issuer}` : "")]);
  for (const [name, mark] of marks) told.push([`Mark in the ${name.toLowerCase()}`, markWords(mark)]);
  if (prints) told.push(["Likeness", prints.outcome === "detected" ? prints.matches.map(likeness).join("; ") : "no film here looks or sounds like it"]);
  return told.flatMap(([name, fact]) => [make("dt", name), make("dd", fact)]);
}

function markWords(mark) {
  if (mark.outcome !== "detected") return "not found";
  return `found${mark.changes.length ? ` (${mark.changes.join(", ")})` : ""}; by chance once in ${chance(mark.false_positive_bound)} files at most`;
}

function chance(bound) {
  const power = Math.floor(-Math.log10(bound));
  return power >= 9 ? "a billion" : power >= 6 ? "a million" : "a thousand";
}

function likeness(film) {
  const shares = [[film.picture_share, "of its pictures"], [film.sound_share, "of its sound"]].filter(([share]) => share > 0);
  return `${shares.map(([share, what]) => `${Math.round(100 * share)} % ${what}`).join(" and ")} in ${film.video_id}`;
}

// ---- choosing and dropping

$("asking").addEventListener("submit", (event) => {
  event.preventDefault();
  check($("file").files[0]);
});
for (const kind of ["dragover", "dragleave", "drop"]) {
  $("drop").addEventListener(kind, (event) => {
    event.preventDefault();
    $("drop").classList.toggle("over", kind === "dragover");
  });
}
$("drop").addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  $("file").files = event.dataTransfer.files;
  check($("file").files[0]);
});
