// The cameo page: signs in, films, shows what to do, enrols. It keeps the access token in memory alone.

const $ = (id) => document.getElementById(id);
const POLL_MS = 1000;
const CHUNK_MS = 250;
const REFRESH_AFTER_MS = 8 * 60 * 1000; // a token lives ten minutes
const FORMATS = ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4"];
const VERDICTS = {
  retry: "That did not work out yet",
  review: "A person will look at your clip",
  declined: "We could not accept this clip",
  expired: "The time ran out",
};

let token = "";
let tokenSince = 0;
let wanted = {};
let stream = null;
let cameo = null;

class Refused extends Error {
  constructor(status, error) {
    super(error.message);
    Object.assign(this, { status, code: error.code });
  }
}

// ---- the API

async function ask(method, path, body) {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  if (body !== undefined) headers["content-type"] = "application/json";
  const reply = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const answer = await reply.json();
  if (!reply.ok) throw new Refused(reply.status, answer.error);
  return answer;
}

async function keepToken(answer) {
  token = (await answer).access_token;
  tokenSince = Date.now();
}

// One page of ours at a time: a refresh token that is used twice ends its session.
// Browsers have no locks on plain HTTP, where a camera is not to be had either.
const renew = () => keepToken(ask("POST", "/api/sessions/refresh"));
const refresh = () => (navigator.locks ? navigator.locks.request("kinora refresh", renew) : renew());

async function freshToken() {
  if (Date.now() - tokenSince > REFRESH_AFTER_MS) await refresh();
}

// Asks, and lets the person step up first where that is needed.
async function askCarefully(method, path, body) {
  await freshToken();
  try {
    return await ask(method, path, body);
  } catch (refused) {
    if (refused.code !== "step_up_needed") throw refused;
    await stepUp();
    return await ask(method, path, body);
  }
}

// ---- one section at a time

function show(id) {
  for (const section of document.querySelectorAll("section")) section.hidden = section.id !== id;
  if (id !== "capture") closeCamera();
  $(id).querySelector("h2")?.focus();
}

function complain(error) {
  $("complaint").textContent = error ? error.message : "";
}

// Runs what a button or form does; what goes wrong is told at the top.
function act(work) {
  return async (event) => {
    event?.preventDefault();
    const button = event?.submitter ?? event?.target;
    if (button) button.disabled = true;
    complain(null);
    try {
      await work(event);
    } catch (error) {
      failed(error);
    } finally {
      if (button) button.disabled = false;
    }
  };
}

function failed(error) {
  if (error?.status === 401 && token) {
    token = "";
    show("sign-in");
  }
  complain(error);
}

const fields = (form) => Object.fromEntries(new FormData(form));

const next = (element, kind) =>
  new Promise((resolve) => {
    const heard = (event) => {
      event.preventDefault();
      resolve(event.target);
    };
    element.addEventListener(kind, heard, { once: true });
  });

// ---- signing in, and stepping up

async function enter() {
  try {
    await refresh();
  } catch (refused) {
    if (refused.status !== 401) throw refused;
    return show("sign-in");
  }
  await welcome();
}

async function welcome() {
  const cameos = (await ask("GET", "/api/cameos")).data;
  cameo = cameos.find((each) => each.kind === "person" && each.withdrawn_at === null) ?? null;
  if (cameo) await showSettings();
  else show("explain");
}

async function stepUp() {
  const before = document.querySelector("section:not([hidden])").id;
  const camera = stream;
  stream = null; // stays open meanwhile
  const factors = await ask("GET", "/api/me/factors");
  $("by-passkey").hidden = !(factors.passkeys && window.PublicKeyCredential?.parseRequestOptionsFromJSON);
  $("by-code").hidden = !factors.totp;
  $("by-password").hidden = factors.totp || factors.passkeys > 0;
  show("step-up");
  let proven = false;
  while (!proven) {
    const chosen = await Promise.race([next($("by-code"), "submit"), next($("by-password"), "submit"), next($("by-passkey"), "click")]);
    complain(null);
    try {
      await ask("POST", "/api/sessions/current/step-up", await proofOf(chosen));
      proven = true;
    } catch (error) {
      complain(error);
    }
  }
  for (const form of [$("by-code"), $("by-password")]) form.reset();
  stream = camera;
  show(before);
}

async function proofOf(element) {
  const form = element.closest("form");
  if (form) return fields(form);
  const { options } = await ask("POST", "/api/sessions/current/passkey-options");
  const credential = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  return { passkey: credential.toJSON() };
}

// ---- the camera

async function openCamera() {
  if (!navigator.mediaDevices) throw new Error("Browsers lend their camera to pages over HTTPS alone. Open this page by its https:// address.");
  stream = await navigator.mediaDevices
    .getUserMedia({
      video: { facingMode: "user", width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 20 } }, // as many as are looked at
      audio: { echoCancellation: true, noiseSuppression: false, autoGainControl: true },
    })
    .catch((error) => {
      throw new Error(`The camera and the microphone cannot be used (${error.name}). Allow them for this page, then try again.`);
    });
  $("preview").srcObject = stream;
  say("Your whole face should be in the picture, in good light, and nobody else.");
  $("progress-line").hidden = $("typing").hidden = true;
  $("begin").hidden = false;
  show("capture");
}

function closeCamera() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
}

function say(text) {
  $("prompt").textContent = text;
  if (wanted.needs?.spoken) speechSynthesis.speak(new SpeechSynthesisUtterance(text));
}

// ---- the capture

async function capture() {
  const session = await askCarefully("POST", "/api/liveness", { language: wanted.language, needs: wanted.needs });
  $("begin").hidden = true;
  await freshToken();
  const captured = await film(session.id);
  show("checking");
  await tell(await decided(captured));
}

function film(sessionId) {
  return new Promise((resolve, reject) => {
    const address = location.origin.replace(/^http/, "ws") + `/api/liveness/${sessionId}/capture`;
    const socket = new WebSocket(address, ["kinora.capture", `bearer.${token}`]);
    const mimeType = FORMATS.find((format) => MediaRecorder.isTypeSupported(format));
    const recorder = new MediaRecorder(stream, { mimeType, videoBitsPerSecond: 2_500_000 });
    let session = null;
    let error = new Error("The connection was lost. Try again.");
    const leave = () => {
      error = null;
      socket.close();
    };

    recorder.addEventListener("dataavailable", (event) => {
      if (event.data.size && socket.readyState === WebSocket.OPEN) socket.send(event.data);
    });
    recorder.addEventListener("stop", () => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ done: true }));
    });
    socket.addEventListener("open", () => recorder.start(CHUNK_MS));
    socket.addEventListener("message", (event) => {
      const told = JSON.parse(event.data);
      if (told.prompt) prompt(told.prompt, socket);
      if (told.stop) finish(recorder);
      if (told.session) session = told.session;
      if (told.error) error = new Refused(0, told.error);
    });
    socket.addEventListener("close", () => {
      if (recorder.state !== "inactive") recorder.stop();
      $("cancel").removeEventListener("click", leave);
      $("typing").hidden = true;
      if (session) resolve(session);
      else reject(error);
    });
    $("cancel").addEventListener("click", leave);
  });
}

function prompt({ number, of, text, word }, socket) {
  say(text);
  $("progress-line").hidden = false;
  $("progress").max = of;
  $("progress").value = number;
  $("step").textContent = `${number + 1} of ${of}`;
  const typing = $("typing");
  typing.hidden = !(word && wanted.needs.cannot_speak);
  typing.onsubmit = (event) => {
    event.preventDefault();
    const typed = typing.word.value.trim();
    if (!typed) return;
    socket.send(JSON.stringify({ typed }));
    typing.reset();
    typing.hidden = true;
  };
  if (!typing.hidden) typing.word.focus();
}

function finish(recorder) {
  if (!$("typing").hidden) $("typing").requestSubmit(); // a word that is half typed is sent as it is
  say("Thank you, that was all.");
  $("progress").value = $("progress").max;
  recorder.stop();
}

async function decided(session) {
  while (session.state === "analysing" || session.state === "capturing") {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    await freshToken();
    session = await ask("GET", `/api/liveness/${session.id}`);
  }
  return session;
}

async function tell(session) {
  if (session.state === "approved") {
    cameo = await askCarefully("POST", "/api/cameos", { session_id: session.id, voice: wanted.voice });
    return await showSettings();
  }
  $("verdict").textContent = VERDICTS[session.state] ?? "That did not work out";
  $("reasons").replaceChildren(...session.reasons.map(({ advice }) => item(advice)));
  const left = session.tries_left;
  $("tries").textContent = session.state === "review" ? "Come back to this page tomorrow." : left ? `You have ${left} more tries before a pause.` : "";
  $("again").hidden = session.state === "review";
  show("result");
}

function item(text) {
  const element = document.createElement("li");
  element.textContent = text;
  return element;
}

// ---- what is done with it

async function showSettings() {
  $("handle").textContent = $("example").textContent = cameo.handle;
  const until = new Date(cameo.only_me_until * 1000);
  $("until").textContent = until > new Date() ? `Until ${until.toLocaleString()} nobody but you can use it, whatever is set.` : "";
  $("notes").replaceChildren(...cameo.notes.map(item));
  $("consent").audience.value = cameo.audience;
  $("consent").strict.checked = cameo.strict;
  show("settings");
  await listPeople();
}

async function listPeople() {
  const people = (await ask("GET", `/api/cameos/${cameo.id}/people`)).data;
  $("decisions").replaceChildren(...people.map((each) => item(`${each.handle ?? "Somebody who has left"} ${each.approved ? "may use it" : "may not use it"}`)));
}

async function save() {
  const form = $("consent");
  cameo = await askCarefully("PATCH", `/api/cameos/${cameo.id}`, { audience: form.audience.value, strict: form.strict.checked });
  await showSettings();
  $("saved").textContent = "Saved.";
}

async function decide(event) {
  const approved = event.submitter.value === "true";
  const handle = `@${$("people").handle.value.trim().toLowerCase().replace(/^@/, "")}`;
  await askCarefully("PUT", `/api/cameos/${cameo.id}/people/${handle}`, { approved });
  $("decided").textContent = `${handle} ${approved ? "is approved" : "is refused"}.`;
  $("people").reset();
  await listPeople();
}

async function withdraw() {
  if (!confirm("Your likeness is deleted for good, and videos in the making end. Finished videos stay. Go on?")) return;
  await askCarefully("DELETE", `/api/cameos/${cameo.id}`);
  await welcome();
}

// ---- the buttons

$("sign-in").querySelector("form").addEventListener("submit", act(async (event) => {
  await keepToken(ask("POST", "/api/sessions", fields(event.target)));
  event.target.reset();
  await welcome();
}));
$("explain").querySelector("form").addEventListener("submit", act(async (event) => {
  const form = event.target;
  const needs = Object.fromEntries(["cannot_turn", "cannot_speak", "slow", "spoken"].map((name) => [name, form[name].checked]));
  wanted = { language: form.language.value, voice: form.voice.checked, needs };
  await openCamera();
}));
$("begin").addEventListener("click", act(async () => {
  try {
    await capture();
  } catch (error) {
    show("explain");
    throw error;
  }
}));
$("cancel").addEventListener("click", () => show(cameo ? "settings" : "explain"));
$("again").addEventListener("click", act(openCamera));
$("renew").addEventListener("click", () => show("explain"));
$("consent").addEventListener("submit", act(save));
$("people").addEventListener("submit", act(decide));
$("withdraw").addEventListener("click", act(withdraw));
act(enter)();
