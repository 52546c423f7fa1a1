// Plays the whole job on the three phones: it types and presses on their own pages, and waits for what the bot says.
import { fill } from "./view.js";

const byId = (id) => document.getElementById(id);
const config = JSON.parse(byId("config").textContent);
const words = JSON.parse(byId("words").textContent);
const script = config.script;

const LOOK = 200;
const PATIENCE = 25000;
// `?pace=2` plays twice as slowly, for a hall of people; `?pace=0.1` for the hurried.
const PACE = Number((/[?&]pace=([0-9.]+)/.exec(location.search) || [])[1]) || 1;
const READING = 1600 * PACE; // what a watcher needs to see what has changed
const SETTLED = Math.max(300, 900 * PACE); // the bot may say two things in a row
const TYPING = 1800 * PACE;
const QUESTIONS_MAX = 10;
const CASE_CODE = /\b[A-Z]{2}-\d{2}-\d{5}\b/;

const stacked = window.matchMedia("(max-width: 60rem)");
let paused = false;
let playing = false;

function pause(milliseconds) {
  return new Promise((resolve) => { setTimeout(resolve, milliseconds); });
}

async function gate() {
  while (paused) { await pause(LOOK); }
}

function phone(who) {
  return byId("frame-" + who).contentWindow.danban;
}

function messages(who) {
  const shown = phone(who) ? Array.from(phone(who).shown.values(), (entry) => entry.message) : [];
  return shown.sort((one, other) => one.id - other.id);
}

function lastId(who) {
  return messages(who).reduce((highest, message) => Math.max(highest, message.id), 0);
}

function said(who, after) {
  return messages(who).filter((message) => message.author === "bot" && message.id > after);
}

async function until(look) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    await gate();
    const found = look();
    if (found) { return found; }
    if (Date.now() > end) { throw new Error("out of patience"); }
    await pause(LOOK);
  }
}

// What the bot says after `after`, once it has finished talking.
async function answer(who, after) {
  await until(() => said(who, after).length);
  let count = 0;
  while (count !== said(who, after).length) {
    count = said(who, after).length;
    await pause(SETTLED);
  }
  return said(who, after);
}

async function type(who, text) {
  const step = Math.max(1, Math.ceil(text.length / (TYPING / 40)));
  for (let end = step; end < text.length + step; end += step) {
    await gate();
    phone(who).type(text.slice(0, end));
    await pause(40);
  }
  await pause(400 * PACE);
  await gate();
  phone(who).submit();
}

async function press(who, payload) {
  await pause(READING);
  await gate();
  return phone(who).press(payload);
}

function tell(step, sentence, who) {
  byId("story").textContent = (step ? fill(words.step, { n: step }) + " " : "") + sentence;
  Array.from(document.querySelectorAll(".phone")).forEach((one) => { one.classList.toggle("acts", one.id === "phone-" + who); });
  if (who && stacked.matches) { byId("phone-" + who).scrollIntoView(); }
}

// The menu's choices in the last message that has any (commands are no answers).
function choices(said_) {
  const asked = said_.filter((message) => message.choices.some((choice) => !choice[0].startsWith("/"))).pop();
  return asked ? asked.choices.filter((choice) => !choice[0].startsWith("/")) : [];
}

function preferred(options) {
  const wanted = script.prefer.map((word) => options.find((option) => option[1].toLowerCase().indexOf(word) >= 0)).find(Boolean);
  return wanted || options[0];
}

function codeIn(list) {
  const found = list.map((message) => CASE_CODE.exec(message.text)).find(Boolean);
  return found ? found[0] : "";
}

async function file() {
  tell(1, words.writes, "resident");
  const begin = lastId("resident");
  let mark = begin;
  await type("resident", script.complaint);
  for (let round = 0; round < QUESTIONS_MAX; round += 1) {
    const heard = await answer("resident", mark);
    mark = lastId("resident");
    const code = codeIn(said("resident", begin));
    if (code) { return code; }
    tell(2, words.asked, "resident");
    const options = choices(heard);
    if (options.length) {
      await press("resident", preferred(options)[0]);
    } else {
      await pause(READING);
      await type("resident", round ? script.place : script.complaint);
    }
  }
  throw new Error("not filed");
}

async function accept(code) {
  tell(4, words.card, "unit");
  const card = await until(() => messages("unit").filter((message) => message.author === "bot" && message.text.indexOf(code) >= 0)[0]);
  const take = card.choices.find((choice) => choice[0].startsWith("/nhan"));
  const mark = lastId("unit");
  if (take && await press("unit", take[0])) { await answer("unit", mark); }
  return card;
}

async function reply(card) {
  tell(5, words.answers, "unit");
  await pause(READING);
  const before = lastId("resident");
  const mark = lastId("unit");
  phone("unit").reply(card);
  await type("unit", script.answer);
  const options = choices(await answer("unit", mark));
  if (options.length) { await press("unit", preferred(options)[0]); }
  return before;
}

async function rate(before) {
  tell(6, words.told, "resident");
  await until(() => said("resident", before).some((message) => message.text.indexOf(script.answer.slice(0, 20)) >= 0));
  const heard = await answer("resident", before);
  const rate_ = heard.reduce((all, message) => all.concat(message.choices), []).filter((choice) => choice[0].startsWith("/danhgia"))[0];
  let mark = lastId("resident");
  if (!rate_ || !await press("resident", rate_[0])) { throw new Error("nothing to rate with"); }
  // The best of the steps, then nothing more to say.
  for (let options = choices(await answer("resident", mark)); options.length; options = choices(await answer("resident", mark))) {
    mark = lastId("resident");
    const best = options.filter((choice) => choice[0].endsWith(":5"))[0] || preferred(options);
    await press("resident", best[0]);
  }
}

async function digest() {
  tell(7, words.digest, "ward");
  const mark = lastId("ward");
  const response = await fetch("/demo/digest?p=" + encodeURIComponent(config.ward), { method: "POST", headers: { "X-Dan-Ban": "1" }, credentials: "same-origin" });
  if (!response.ok) { throw new Error("no digest"); }
  await answer("ward", mark);
}

async function play() {
  if (playing) { return; }
  playing = true;
  byId("play").hidden = true;
  byId("pause").hidden = false;
  try {
    await until(() => ["resident", "unit", "ward"].every((who) => phone(who) && phone(who).ready()));
    const code = await file();
    tell(3, fill(words.filed, { code }), "resident");
    await pause(2 * READING);
    const before = await reply(await accept(code));
    await rate(before);
    await pause(READING);
    await digest();
    await pause(READING);
    tell(0, words.done, "");
  } catch (trouble) {
    tell(0, words.stuck, "");
  }
  byId("pause").hidden = true;
  playing = false;
}

byId("play").addEventListener("click", play);
byId("pause").addEventListener("click", () => {
  paused = !paused;
  byId("pause").textContent = paused ? words.go_on : words.pause;
  byId("pause").setAttribute("aria-pressed", String(paused));
});

// A reload keeps this resident; starting over moves a new one in.
const autoplay = /[?&]play=1/.test(location.search);
history.replaceState(null, "", location.pathname + "?p=" + encodeURIComponent(config.ward) + "&resident=" + encodeURIComponent(config.tokens.resident));
if (autoplay) { play(); }
