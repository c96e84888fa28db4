// The account's page. It uses the API that everybody may; the access token stays in memory, the refresh token in a cookie that no script can read.
const $ = (id) => document.getElementById(id);
let token = "";

function say(words, { bad = false, where = "said" } = {}) {
  $(where).textContent = words;
  $(where).classList.toggle("bad", bad);
}

async function call(method, path, body, { again = true } = {}) {
  const headers = { ...(token && { authorization: `Bearer ${token}` }), ...(body && { "content-type": "application/json" }) };
  const reply = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  const found = await reply.json();
  if (reply.ok) return found;
  const { code, message } = found.error;
  const ready = again && ((code === "invalid_token" && (await refreshed())) || (code === "step_up_needed" && (await steppedUp())));
  if (ready) return call(method, path, body, { again: false });
  if (code === "invalid_token") leave();
  throw new Error(message);
}

// One page of ours at a time: a refresh token that is used twice ends its session. Browsers have no locks on plain HTTP.
const renewed = async () => {
  const reply = await fetch("/api/sessions/refresh", { method: "POST" });
  token = reply.ok ? (await reply.json()).access_token : "";
  return reply.ok;
};
const refreshed = () => (navigator.locks ? navigator.locks.request("kinora refresh", renewed) : renewed());

async function passkey(path) {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) throw new Error("This browser is too old for passkeys.");
  const { options } = await call("POST", path);
  const adds = path.endsWith("/me/passkeys/options");
  const made = adds
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  return made.toJSON();
}

// Asks once more who sits there. True when that was proved, false when they gave up.
async function steppedUp() {
  const has = await call("GET", "/api/me/factors");
  const dialog = $("step-up"), fields = dialog.querySelector("form").elements;
  $("by-passkey").hidden = !has.passkeys;
  $("by-code").hidden = !has.totp;
  $("by-password").hidden = has.passkeys > 0 || has.totp;
  $("step-up-go").hidden = has.passkeys > 0 && !has.totp;
  for (const field of [fields.code, fields.password]) field.value = "";
  say("", { where: "step-up-said" });
  dialog.showModal();
  for (;;) {
    const answer = await pressed(dialog);
    if (answer === "cancel") return dialog.close(), false;
    try {
      const proof = answer === "passkey" ? { passkey: await passkey("/api/sessions/current/passkey-options") }
        : has.totp ? { code: fields.code.value } : { password: fields.password.value };
      await call("POST", "/api/sessions/current/step-up", proof);
      return dialog.close(), true;
    } catch (error) {
      say(error.message, { bad: true, where: "step-up-said" });
    }
  }
}

const pressed = (dialog) =>
  new Promise((resolve) => {
    const once = new AbortController();
    const answer = (event, value) => (event.preventDefault(), once.abort(), resolve(value));
    dialog.addEventListener("cancel", (event) => answer(event, "cancel"), { signal: once.signal });
    dialog.querySelector("form").addEventListener("submit", (event) => answer(event, "go"), { signal: once.signal });
    for (const button of dialog.querySelectorAll("button[type=button]"))
      button.addEventListener("click", (event) => answer(event, button.value), { signal: once.signal });
  });

function item(list, words, small, button, act) {
  const row = document.createElement("li"), text = document.createElement("span"), more = document.createElement("small");
  text.textContent = words;
  more.textContent = small;
  text.append(more);
  row.append(text);
  if (button) {
    const press = Object.assign(document.createElement("button"), { type: "button", textContent: button });
    press.addEventListener("click", () => attempt(act, press));
    row.append(press);
  }
  list.append(row);
}

const day = (seconds) => new Date(seconds * 1000).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });

async function home() {
  const [me, factors, passkeys, sessions, invites] = await Promise.all(
    ["/api/me", "/api/me/factors", "/api/me/passkeys", "/api/sessions", "/api/invites"].map((path) => call("GET", path)));
  $("name").textContent = me.account.display_name;
  $("handle").textContent = `@${me.account.handle}`;
  $("email").textContent = me.email ?? "";
  for (const list of ["passkeys", "sessions", "invites"]) $(list).replaceChildren();
  for (const key of passkeys.data)
    item($("passkeys"), `Passkey: ${key.name}`, `since ${day(key.created_at)}`, "Remove", () => call("DELETE", `/api/me/passkeys/${key.id}`).then(home));
  for (const open of sessions.data)
    item($("sessions"), open.device || "An unknown device", `${open.network}, since ${day(open.created_at)}${open.current ? ", this one" : ""}`,
      open.current ? "" : "End", () => call("DELETE", `/api/sessions/${open.id}`).then(home));
  for (const invite of invites.data) item($("invites"), invite.code, invite.used_at ? `used by ${invite.used_by ? `@${invite.used_by}` : "somebody who left"}` : "free");
  $("app").textContent = factors.totp ? `You have an authenticator app, and ${factors.recovery_codes} recovery codes.` : "";
  $("app-button").textContent = factors.totp ? "Remove the authenticator app" : "Add an authenticator app";
  $("app-button").dataset.click = factors.totp ? "removeApp" : "startApp";
  $("entry").hidden = true;
  $("home").hidden = false;
}

async function leave() {
  token = "";
  $("home").hidden = true;
  $("recovery").hidden = $("app-form").hidden = true;
  for (const opened of document.querySelectorAll("details[open]")) opened.open = false;
  for (const form of document.forms) form.reset();
  const { mode } = await (await fetch("/api/door")).json();
  $("joining").hidden = mode === "closed";
  $("inviting").hidden = mode !== "invite";
  $("entry").hidden = false;
}

const acts = {
  tell: ({ message }) => say(message),
  enter: async (reply) => ((token = reply.access_token), await home(), say("")),
  enterByPasskey: async () => acts.enter(await call("POST", "/api/sessions/passkey", { credential: await passkey("/api/sessions/passkey/options") })),
  signOut: async () => (await call("DELETE", "/api/sessions/current"), await leave(), say("You are signed out.")),
  signOutEverywhere: async () => (await call("DELETE", "/api/sessions"), await leave(), say("You are signed out everywhere.")),
  addPasskey: async ({ name }) => {
    const credential = await passkey("/api/me/passkeys/options");
    await call("POST", "/api/me/passkeys", { name, credential });
    await home();
    say("The passkey is added.");
  },
  startApp: async () => {
    const { secret, uri } = await call("POST", "/api/me/totp");
    $("app-secret").textContent = secret.replace(/(.{4})/g, "$1 ").trim();
    $("app-link").href = uri;
    $("app-form").hidden = false;
    $("app-form").elements.code.focus();
  },
  appConfirmed: async ({ recovery_codes }) => {
    $("app-form").hidden = true;
    $("recovery-codes").textContent = recovery_codes.join("\n");
    $("recovery").hidden = false;
    await home();
    say("The authenticator app counts from now on.");
  },
  removeApp: async () => (await call("DELETE", "/api/me/totp"), ($("recovery").hidden = true), await home(), say("The app is removed.")),
  refreshHome: async () => (await home(), say("The name is changed.")),
  passwordChanged: async ({ ended }) => (await home(), say(`The password is changed; ${ended} other sessions were ended.`)),
  takeAlong: async () => {
    const file = new Blob([JSON.stringify(await call("GET", "/api/me/export"), null, 2)], { type: "application/json" });
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: "kinora-account.json" });
    link.click();
    URL.revokeObjectURL(link.href);
  },
  erase: async ({ handle }) => {
    if (`@${handle.replace(/^@/, "")}` !== $("handle").textContent) throw new Error("That is not the handle of this account.");
    await call("DELETE", "/api/me");
    await leave();
    say("Your account is erased.");
  },
};

async function attempt(act, ...buttons) {
  for (const button of buttons) button.disabled = true;
  try {
    await act();
  } catch (error) {
    say(error.name === "NotAllowedError" ? "No passkey was used." : error.message, { bad: true });
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

for (const form of document.querySelectorAll("form[data-call], form[data-run]"))
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wanted = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
    attempt(async () => {
      if (form.dataset.run) await acts[form.dataset.run](wanted);
      else await acts[form.dataset.then](await call(...form.dataset.call.split(" "), wanted));
      form.reset();
    }, ...form.querySelectorAll("button"));
  });
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-click]");
  if (button) attempt(() => acts[button.dataset.click](), button);
});

if (await refreshed()) await attempt(home);
else await leave();
