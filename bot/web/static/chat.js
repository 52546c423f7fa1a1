// The chat page, put together: the line, the conversation, the composer, the menu.
import { makeLine } from "./line.js";
import { makeView, fill } from "./view.js";
import { makeComposer } from "./composer.js";

const byId = (id) => document.getElementById(id);
const config = JSON.parse(byId("config").textContent);
const words = JSON.parse(byId("words").textContent);
const BACK_FOR = 3000;
const PATIENCE = 2500; // a line that is back within this time is not worth a word

let line = null;
let opened = false;
let state = "open";
let sayTimer = 0;

const view = makeView(config, words, {
  address: (path) => line.address(path),
  command: (payload, label) => { say({ choice: payload, label }); },
  choose: (payload, label) => { say({ choice: payload, label }); },
  reply: (message) => { composer.replyTo(message); },
  retry: (item) => { line.retry(item); },
  drop: (item) => { line.remove(item); composer.takeBack(item); },
});

line = makeLine(config, words, {
  history: view.begin,
  message: (message) => { view.add([message]); },
  removed: view.removed,
  edited: view.edited,
  pending: view.pending,
  waiting: view.stalled,
  gone: (item) => { view.drop(item.client_id); view.settle(); },
  stored: (item, message) => { view.drop(item.client_id); view.add([message]); view.answering(!view.answeredAlready(message.id)); },
  state: tell,
});

const composer = makeComposer(config, words, line, say);

function say(message) {
  closeMenu();
  line.send(message);
}

// --- how the line is doing, in words --------------------------------------------------------------------------------

function tell(now, sentence) {
  // A refusal stands until the line is open again; trying once more does not wipe it out.
  if (now === state || (state === "refused" && now !== "open")) { return; }
  const before = state;
  state = now;
  clearTimeout(sayTimer);
  if (now === "open") {
    const wasTold = byId("line").textContent !== "";
    byId("line").textContent = wasTold ? words.back : "";
    sayTimer = setTimeout(() => { byId("line").textContent = ""; }, BACK_FOR);
  } else {
    sayTimer = setTimeout(() => { byId("line").textContent = sentence || words[now]; }, before === "open" && now === "broken" ? PATIENCE : 0);
  }
}

// --- menu, letters, language ------------------------------------------------------------------------------------------

const menu = byId("menu");
const menuButton = byId("menu-button");

function closeMenu() {
  menu.hidden = true;
  menuButton.setAttribute("aria-expanded", "false");
}

menuButton.addEventListener("click", () => {
  menu.hidden = !menu.hidden;
  menuButton.setAttribute("aria-expanded", String(!menu.hidden));
  if (!menu.hidden) { menu.querySelector("button").focus(); }
});
byId("document").addEventListener("click", closeMenu);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !menu.hidden) { closeMenu(); menuButton.focus(); }
});
Array.from(document.querySelectorAll("[data-command]")).forEach((button) => {
  button.addEventListener("click", () => { say({ choice: button.dataset.command, label: button.textContent.trim() }); });
});
Array.from(document.querySelectorAll("[data-language]")).forEach((button) => {
  button.addEventListener("click", () => {
    // Kept before the page changes, so it is sent from the page in the other language.
    say({ choice: "/ngonngu " + button.dataset.language, label: button.textContent.trim() });
    const parts = location.search.slice(1).split("&").filter((part) => part && !part.startsWith("lang="));
    location.search = parts.concat("lang=" + button.dataset.language).join("&");
  });
});

const LARGER = "danban:larger";
function larger(now) {
  document.documentElement.classList.toggle("larger", now);
  byId("larger").setAttribute("aria-pressed", String(now));
  try { localStorage.setItem(LARGER, now ? "1" : ""); } catch (refused) { /* then it is larger until the page is closed */ }
  view.toEnd();
}
byId("larger").addEventListener("click", () => { larger(!document.documentElement.classList.contains("larger")); });
try { if (localStorage.getItem(LARGER)) { larger(true); } } catch (refused) { /* nothing was kept */ }

byId("older").addEventListener("click", () => {
  line.history(view.first()).then((page) => { if (page) { view.addEarlier(page); } });
});

// --- invitations and deep links -----------------------------------------------------------------------------------------

function clearQuery() {
  const kept = location.search.slice(1).split("&").filter((part) => part && !/^(thamgia|start)=/.test(part));
  history.replaceState(null, "", location.pathname + (kept.length ? "?" + kept.join("&") : ""));
}

function invited() {
  byId("join").hidden = false;
  byId("join-code").textContent = config.join;
  byId("join-yes").addEventListener("click", () => {
    byId("join").hidden = true;
    clearQuery();
    say({ choice: "/thamgia " + config.join, label: fill(words.join, { code: config.join }) });
  });
  byId("join-no").addEventListener("click", () => { byId("join").hidden = true; clearQuery(); });
}

line.open().then(() => {
  opened = true;
  if (config.join) { invited(); view.toEnd(); }
  if (config.start) { clearQuery(); say({ choice: "/start " + config.start, label: words.start }); }
});

// The demonstration plays on these very pages: it types and presses as a person would.
if (config.demo) {
  window.danban = { type: composer.type, submit: () => { composer.submit(); }, shown: view.shown, press: press_, reply: composer.replyTo, ready: () => opened };
}

function press_(payload) {
  const buttons = Array.from(document.querySelectorAll("#messages .choice")).filter((one) => one.dataset.payload === payload && !one.disabled);
  const button = buttons[buttons.length - 1];
  if (button) { button.click(); }
  return Boolean(button);
}
