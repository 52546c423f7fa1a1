// The conversation on the screen: messages in order, buttons that are still good, what is not sent yet.

const CASE_CODE = /\b[A-Z]{2}-\d{2}-\d{5}\b/;
const ADDRESS = /https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)]/;
const EMERGENCY = /\b11[2-5]\b/;
const CALLING = /gọi|call/i;
const NEAR_END = 120;
const SHORT_LABEL = 14;
const TYPING_FOR = 12000;

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) { element.className = className; }
  if (text !== undefined) { element.textContent = text; }
  return element;
}

function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

function twoDigits(number) {
  return String(number).padStart(2, "0");
}

// How long something plays: 0:32.
function clock(seconds) {
  return Math.floor(seconds / 60) + ":" + twoDigits(seconds % 60);
}

export function makeView(config, words, on) {
  const byId = (id) => document.getElementById(id);
  const scroller = byId("scroller");
  const log = byId("log");
  const list = byId("messages");
  const tail = byId("pending");
  const older = byId("older");
  const newest = byId("newest");
  const welcome = byId("welcome");
  const typing = byId("typing");
  const shown = new Map(); // id → { message, element, choices }
  const waiting = new Map(); // client_id → element
  let typingTimer = 0;
  let pressedMenus = new Set();

  // --- words in a bubble --------------------------------------------------------------------------------------------

  function wordsOf(message) {
    const box = make("div", "words");
    if (message.removed) {
      box.textContent = words.removed;
    } else if (message.author === "bot") {
      message.text.split("\n").forEach((line, index) => {
        if (index) { box.append("\n"); }
        linked(box, line);
      });
    } else {
      box.textContent = message.text;
    }
    return box;
  }

  // Case codes become buttons, addresses links, emergency numbers calls. Nothing is ever parsed as HTML.
  function linked(box, line) {
    const patterns = [CASE_CODE, ADDRESS].concat(CALLING.test(line) ? [EMERGENCY] : []);
    let rest = line;
    while (rest) {
      const hits = patterns.map((pattern) => pattern.exec(rest)).filter(Boolean).sort((one, other) => one.index - other.index);
      if (!hits.length) { break; }
      const found = hits[0][0];
      box.append(rest.slice(0, hits[0].index), link(found));
      rest = rest.slice(hits[0].index + found.length);
    }
    box.append(rest);
  }

  function link(found) {
    if (CASE_CODE.test(found)) {
      const button = make("button", "code", found);
      button.type = "button";
      button.setAttribute("aria-label", fill(words.case, { code: found }));
      button.addEventListener("click", () => { on.command((config.chat ? "/xem " : "/hoso ") + found, found); });
      return button;
    }
    const anchor = make("a", "", found);
    if (ADDRESS.test(found)) {
      anchor.href = found;
      anchor.target = "_blank";
      anchor.rel = "noopener noreferrer";
    } else {
      anchor.href = "tel:" + found;
      anchor.setAttribute("aria-label", fill(words.call, { number: found }));
    }
    return anchor;
  }

  function where(file) {
    return file.token ? on.address("/tep/" + file.token) : file.url;
  }

  // To be listened to or watched where it stands; nothing is loaded before somebody wants it.
  function playerOf(file) {
    const player = make(file.kind === "voice" ? "audio" : "video");
    player.controls = true;
    player.preload = file.kind === "voice" ? "none" : "metadata";
    player.src = where(file);
    player.setAttribute("aria-label", nameOf(file));
    const box = make("div", "played");
    if (file.kind === "voice") { box.append(make("p", "", nameOf(file))); }
    box.append(player);
    return box;
  }

  function documentOf(file) {
    const anchor = make("a", "document", nameOf(file));
    anchor.href = where(file);
    anchor.download = "";
    return anchor;
  }

  function filesOf(files) {
    const box = make("div");
    const photos = files.filter((file) => file.kind === "photo");
    if (photos.length) { box.append(photosOf(photos)); }
    files.filter((file) => file.kind === "voice" || file.kind === "video").forEach((file) => { box.append(playerOf(file)); });
    files.filter((file) => file.kind === "document").forEach((file) => { box.append(documentOf(file)); });
    return box;
  }

  function nameOf(file) {
    const name = { voice: "🎤 " + words.voice, video: "🎬 " + words.video, document: "📄 " + words.document }[file.kind];
    return file.seconds ? name + " " + clock(file.seconds) : name;
  }

  function photosOf(photos) {
    const box = make("div", "photos");
    photos.forEach((photo, index) => {
      const anchor = make("a");
      anchor.href = where(photo);
      anchor.target = "_blank";
      anchor.rel = "noopener";
      const image = make("img");
      image.src = anchor.href;
      image.alt = fill(words.photo, { n: index + 1 });
      image.loading = "lazy";
      if (photo.width) { image.width = photo.width; image.height = photo.height; }
      anchor.append(image);
      box.append(anchor);
    });
    return box;
  }

  function placeOf(place) {
    const anchor = make("a", "", "📍 " + words.place);
    const at = place.lat.toFixed(6) + "/" + place.lon.toFixed(6);
    anchor.href = "https://www.openstreetmap.org/?mlat=" + place.lat.toFixed(6) + "&mlon=" + place.lon.toFixed(6) + "#map=18/" + at;
    anchor.target = "_blank";
    anchor.rel = "noopener noreferrer";
    const box = make("p");
    box.append(anchor);
    return box;
  }

  function bubble(message) {
    const box = make("div", "bubble");
    const mine = message.mine;
    if (config.chat && !mine && message.author !== "bot") {
      box.append(make("p", "name", message.name || words.stranger));
    } else {
      box.append(make("span", "hidden", message.author === "bot" ? words.bot : words.me));
    }
    if (message.only_you) { box.append(make("p", "name", words.only_you)); }
    if (message.quote) { box.append(make("p", "cited", message.quote)); }
    if (message.text || message.removed) { box.append(wordsOf(message)); }
    if (message.files.length) { box.append(filesOf(message.files)); }
    if (message.place) { box.append(placeOf(message.place)); }
    return box;
  }

  // --- buttons under a message ----------------------------------------------------------------------------------------

  function choicesOf(message) {
    const box = make("div", "choices");
    const labels = message.choices.map((choice) => choice[1]);
    if (labels.length > 3 && labels.every((label) => label.length <= SHORT_LABEL)) { box.classList.add("pairs"); }
    message.choices.forEach((choice) => {
      const button = make("button", "choice", choice[1]);
      button.type = "button";
      button.dataset.payload = choice[0];
      button.addEventListener("click", () => { press(message, button); });
      box.append(button);
    });
    return box;
  }

  function press(message, button) {
    const payload = button.dataset.payload;
    if (payload.startsWith("/")) {
      on.command(payload, button.textContent);
    } else {
      pressedMenus.add(message.id);
      button.classList.add("pressed");
      on.choose(payload, button.textContent);
      judge();
    }
  }

  // Which buttons are good: commands always, a menu's choices while it is the last one and has not been answered.
  function judge() {
    const ids = Array.from(shown.keys()).sort((one, other) => one - other);
    const withChoices = ids.filter((id) => shown.get(id).choices);
    const menus = withChoices.filter((id) => shown.get(id).message.choices.some((choice) => !choice[0].startsWith("/")));
    const live = menus.length ? menus[menus.length - 1] : 0;
    const lastBot = ids.filter((id) => shown.get(id).message.author === "bot").pop();
    withChoices.forEach((id) => {
      const answered = answeredBy(id, ids);
      const good = id === live && !answered && !pressedMenus.has(id);
      const box = shown.get(id).choices;
      const commands = shown.get(id).message.choices.every((choice) => choice[0].startsWith("/"));
      // In a group every card stays as it is: its commands are the unit's work.
      box.classList.toggle("past", !good && id !== lastBot && !(config.chat && commands));
      Array.from(box.children).forEach((button) => {
        if (button.dataset.payload.startsWith("/")) { return; }
        button.disabled = !good;
        if (answered && answered === button.textContent) { button.classList.add("pressed"); }
      });
    });
  }

  // The label of this menu that was pressed or typed next, if any.
  function answeredBy(id, ids) {
    const next = ids.filter((other) => other > id).map((other) => shown.get(other).message)
      .filter((message) => message.mine && !message.removed)[0];
    const labels = shown.get(id).message.choices.map((choice) => choice[1]);
    return next && labels.indexOf(next.text) >= 0 ? next.text : "";
  }

  // --- messages in their order -----------------------------------------------------------------------------------------

  function element(message) {
    const box = make("div", "message " + (message.mine ? "mine" : "theirs") + (message.removed ? " removed" : ""));
    box.dataset.id = message.id;
    box.append(bubble(message));
    const foot = make("p", "foot");
    const time = make("time", "", timeOfDay(new Date(message.at)));
    time.dateTime = message.at;
    foot.append(time, message.mine ? " · " + words.sent : "");
    const under = make("div", "under");
    under.append(foot);
    if (message.author === "bot" && message.about_case) {
      const reply = make("button", "quiet reply", "↩ " + words.reply);
      reply.type = "button";
      reply.addEventListener("click", () => { on.reply(message); });
      under.append(reply);
    }
    box.append(under);
    return box;
  }

  function timeOfDay(at) {
    return twoDigits(at.getHours()) + ":" + twoDigits(at.getMinutes());
  }

  function dayOf(at) {
    const day = new Date(at);
    const now = new Date();
    const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
    if (day.toDateString() === now.toDateString()) { return words.today; }
    if (day.toDateString() === yesterday.toDateString()) { return words.yesterday; }
    return day.getDate() + "/" + (day.getMonth() + 1) + "/" + day.getFullYear();
  }

  function show(message) {
    drop(message.client_id);
    if (shown.has(message.id)) { return; }
    const box = element(message);
    const entry = { message, element: box, choices: null };
    if (message.choices.length && !message.removed) {
      entry.choices = choicesOf(message);
      box.append(entry.choices);
    }
    shown.set(message.id, entry);
    let before = list.lastElementChild;
    while (before && (before.className === "day" || Number(before.dataset.id) > message.id)) { before = before.previousElementSibling; }
    list.insertBefore(box, before ? before.nextSibling : list.firstChild);
  }

  function days() {
    Array.from(list.getElementsByClassName("day")).forEach((day) => { day.remove(); });
    let last = "";
    Array.from(list.children).forEach((box) => {
      const day = dayOf(shown.get(Number(box.dataset.id)).message.at);
      if (day !== last) { list.insertBefore(make("h2", "day", day), box); }
      last = day;
    });
  }

  function settle() {
    days();
    judge();
    welcome.hidden = shown.size + waiting.size > 0;
  }

  function add(messages) {
    const stay = !atEnd();
    const foreign = messages.some((message) => !message.mine && !shown.has(message.id));
    messages.forEach(show);
    settle();
    const said = messages.filter((message) => message.author === "bot");
    if (said.length) { answering(false); }
    if (stay && foreign) { newest.hidden = false; } else if (!stay) { toStartOf(said[0]); }
  }

  // A message taller than the window is read from its first line; everything else from the end.
  function toStartOf(message) {
    const box = message && shown.get(message.id).element;
    toEnd();
    if (box && box.getBoundingClientRect().top < scroller.getBoundingClientRect().top) {
      scroller.scrollTop += box.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 8;
    }
  }

  function answeredAlready(id) {
    return Array.from(shown.values()).some((entry) => entry.message.id > id && entry.message.author === "bot");
  }

  function addEarlier(page) {
    const before = scroller.scrollHeight - scroller.scrollTop;
    log.setAttribute("aria-busy", "true");
    page.messages.forEach(show);
    settle();
    older.hidden = !page.more;
    scroller.scrollTop = scroller.scrollHeight - before;
    log.setAttribute("aria-busy", "false");
  }

  function begin(page) {
    page.messages.forEach(show);
    settle();
    older.hidden = !page.more;
    toEnd();
    // Only what comes from now on is read aloud.
    setTimeout(() => { log.setAttribute("aria-busy", "false"); }, 300);
  }

  function removed(ids) {
    ids.filter((id) => shown.has(id)).forEach((id) => {
      const entry = shown.get(id);
      if (entry.message.removed) { return; }
      Object.assign(entry.message, { removed: true, text: "", files: [], place: null, quote: "", choices: [] });
      shown.delete(id);
      entry.element.remove();
      show(entry.message);
    });
    settle();
  }

  // A card shows how its case stands now: it keeps its place, and nobody is called to it.
  function edited(messages) {
    const stay = !atEnd();
    messages.filter((message) => shown.has(message.id)).forEach((message) => {
      const entry = shown.get(message.id);
      const same = (key) => JSON.stringify(entry.message[key]) === JSON.stringify(message[key]);
      if (entry.message.removed || (same("text") && same("choices"))) { return; }
      shown.delete(message.id);
      entry.element.remove();
      show(message);
    });
    settle();
    if (!stay) { scroller.scrollTop = scroller.scrollHeight; }
  }

  // --- not sent yet ------------------------------------------------------------------------------------------------------

  function pending(item) {
    const box = make("div", "message mine");
    box.append(bubble({ author: "person", mine: true, text: item.choice ? item.label : item.text, files: item.files, place: item.place, quote: item.quote }));
    const foot = make("p", "foot", item.error ? words.refused + " " + item.error : words.sending);
    foot.classList.toggle("is-bad", Boolean(item.error));
    box.append(foot);
    if (item.lost) { box.append(make("p", "foot is-bad", words.file_lost)); }
    if (item.error) {
      const again = make("button", "quiet", words.again);
      const away = make("button", "quiet", words.drop);
      again.type = away.type = "button";
      again.addEventListener("click", () => { on.retry(item); });
      away.addEventListener("click", () => { on.drop(item); });
      const row = make("p");
      row.append(again, away);
      box.append(row);
    }
    const before = waiting.get(item.client_id);
    if (before) { tail.replaceChild(box, before); } else { tail.append(box); }
    waiting.set(item.client_id, box);
    welcome.hidden = true;
    toEnd();
  }

  function stalled(item, told) {
    const box = waiting.get(item.client_id);
    if (box) { box.getElementsByClassName("foot")[0].textContent = told || words.kept; }
  }

  function drop(clientId) {
    const box = waiting.get(clientId);
    if (box) { box.remove(); }
    waiting.delete(clientId);
  }

  function answering(now) {
    clearTimeout(typingTimer);
    typing.hidden = !now;
    if (now) {
      typingTimer = setTimeout(() => { typing.hidden = true; }, TYPING_FOR);
      toEnd();
    }
  }

  // --- the window on it ----------------------------------------------------------------------------------------------------

  function atEnd() {
    return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END;
  }

  function toEnd() {
    newest.hidden = true;
    scroller.scrollTop = scroller.scrollHeight;
  }

  function first() {
    return Math.min.apply(null, Array.from(shown.keys()));
  }

  newest.addEventListener("click", toEnd);
  scroller.addEventListener("scroll", () => { if (atEnd()) { newest.hidden = true; } });
  // The keyboard came up, or a photo took its room: who was at the end stays there.
  let wasAtEnd = true;
  scroller.addEventListener("scroll", () => { wasAtEnd = atEnd(); });
  list.addEventListener("load", () => { if (wasAtEnd) { toEnd(); } }, true);
  window.addEventListener("resize", () => { if (wasAtEnd) { toEnd(); } });

  return { add, addEarlier, begin, removed, edited, pending, stalled, drop, answering, first, settle, toEnd, answeredAlready, shown };
}

export { make, fill, clock };
