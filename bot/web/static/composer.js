// Writing a message: words that survive a closed page, photos and other files, a place, and which message it replies to.
import { make, fill, clock } from "./view.js";
import { stored } from "./line.js";
import { makeRecorder } from "./recorder.js";

const SHRINK_ABOVE = 1500000; // bytes
const LONG_EDGE = 2560; // pixels; the server keeps no more
const QUALITY = 0.85;
const PLACE_TIMEOUT = 15000;

// Old browsers would draw the photo lying on its side and lose what says so: they send it as it is.
const KNOWS_UP = window.CSS && CSS.supports && CSS.supports("image-orientation", "from-image");

function shrink(file) {
  if (file.size < SHRINK_ABOVE || !KNOWS_UP || kindOf(file.type) !== "photo" || file.type === "image/gif") { return Promise.resolve(file); }
  return new Promise((resolve) => {
    const image = new Image();
    const url = URL.createObjectURL(file);
    const asItIs = () => { URL.revokeObjectURL(url); resolve(file); };
    image.onerror = asItIs;
    image.onload = () => {
      const scale = Math.min(1, LONG_EDGE / Math.max(image.naturalWidth, image.naturalHeight));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(image.naturalWidth * scale);
      canvas.height = Math.round(image.naturalHeight * scale);
      const pen = canvas.getContext("2d");
      if (!pen || !canvas.width) { asItIs(); return; }
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => { URL.revokeObjectURL(url); resolve(blob && blob.size < file.size ? blob : file); }, "image/jpeg", QUALITY);
    };
    image.src = url;
  });
}

function kindOf(type) {
  return { image: "photo", audio: "voice", video: "video" }[type.split("/")[0]] || "document";
}

// One chosen file. `upload()` ends with { token } (stored), { error } (refused for good) or {} (try again).
function makeFile(blob, seconds, address, changed) {
  const kind = kindOf(blob.type);
  const file = { kind, seconds, url: URL.createObjectURL(blob), token: null, error: null, progress: 0 };
  let running = null;
  function once() {
    return shrink(blob).then((small) => new Promise((resolve) => {
      const body = new FormData();
      body.append("file", small, kind);
      const request = new XMLHttpRequest();
      request.open("POST", address("/api/uploads", seconds ? { seconds } : {}));
      request.setRequestHeader("X-Dan-Ban", "1");
      request.responseType = "json";
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) { file.progress = Math.round(100 * event.loaded / event.total); changed(file); }
      };
      request.onerror = request.ontimeout = request.onabort = () => { resolve({}); };
      request.onload = () => { resolve(judged(request)); };
      request.send(body);
    }));
  }
  function judged(request) {
    const answer = request.response || {};
    if (request.status === 200) { return { token: answer.token, kind: answer.kind, seconds: answer.seconds, width: answer.width, height: answer.height }; }
    if (request.status === 429 || request.status === 401 || request.status >= 500 || !request.status) {
      return { told: answer.error, wait: 1000 * Number(request.getResponseHeader("Retry-After") || 0) };
    }
    return { error: answer.error || " " };
  }
  file.upload = () => {
    if (file.token || file.error) { return Promise.resolve(file); }
    if (!running) {
      running = once().then((result) => {
        running = null;
        // What the ward says it is counts.
        if (result.token) { Object.assign(file, result); }
        file.error = result.error || null;
        changed(file);
        return result;
      });
    }
    return running;
  };
  return file;
}

export function makeComposer(config, words, line, send) {
  const byId = (id) => document.getElementById(id);
  const text = byId("text");
  const hint = byId("hint");
  const extras = byId("extras");
  const askPlace = byId("ask-place");
  const writesOnDesk = window.matchMedia("(hover: hover) and (pointer: fine)").matches;
  const state = { files: [], place: null, reply: null };

  // --- words ----------------------------------------------------------------------------------------------------------

  function restore() {
    const draft = line.store.read("draft");
    if (!draft) { return; }
    text.value = draft.text || "";
    state.files = (draft.files || []).map((file) => Object.assign({ url: line.address("/tep/" + file.token), upload: () => Promise.resolve(file) }, file));
    state.place = draft.place || null;
    replyTo(draft.reply || null, true);
    drawExtras();
    grow();
  }

  function keep() {
    const files = state.files.filter((file) => file.token).map(stored);
    if (!text.value && !files.length && !state.place && !state.reply) { line.store.drop("draft"); return; }
    line.store.write("draft", { text: text.value, files, place: state.place, reply: state.reply });
  }

  function grow() {
    text.style.height = "auto";
    text.style.height = text.scrollHeight + 4 + "px";
  }

  function say(sentence) {
    hint.textContent = sentence;
  }

  function tooLong() {
    const over = text.value.trim().length - config.text_max;
    return over > 0 ? fill(words.too_long, { n: over }) : "";
  }

  function submit(event) {
    if (event) { event.preventDefault(); }
    // Who speaks and presses Send means what they said, too.
    if (recorder.endThen(submit)) { return; }
    const words_ = text.value.trim();
    const refused = state.files.filter((file) => file.error)[0];
    if (tooLong()) { say(tooLong()); return; }
    if (refused) { say(refused.error); return; }
    if (!words_ && !state.files.length && !state.place) { say(words.empty); text.focus(); return; }
    send({
      text: words_, files: state.files, place: state.place,
      reply_to: state.reply ? state.reply.id : null, quote: state.reply ? state.reply.text : "",
    });
    Object.assign(state, { files: [], place: null });
    text.value = "";
    replyTo(null, true);
    say("");
    drawExtras();
    grow();
    keep();
    if (writesOnDesk) { text.focus(); }
  }

  text.addEventListener("input", () => { grow(); keep(); say(tooLong()); });
  text.addEventListener("keydown", (event) => {
    // While a Vietnamese keyboard composes a letter, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || !writesOnDesk) { return; }
    submit(event);
  });
  byId("composer").addEventListener("submit", submit);

  // --- which message it replies to --------------------------------------------------------------------------------------

  function replyTo(message, quietly) {
    state.reply = message ? { id: message.id, text: message.text.slice(0, 120) } : null;
    byId("quote").hidden = !message;
    byId("quote-text").textContent = message ? state.reply.text : "";
    if (!quietly) { keep(); text.focus(); }
  }
  byId("quote-drop").addEventListener("click", () => { replyTo(null); });

  // --- photos, recordings, videos, documents -----------------------------------------------------------------------------

  function addFiles(blobs, seconds) {
    say("");
    Array.from(blobs).forEach((blob) => {
      if (state.files.length >= config.files_max) { say(fill(words.files_max, { n: config.files_max })); return; }
      const file = makeFile(blob, seconds || 0, line.address, (one) => { if (one.error) { say(one.error); } keep(); drawExtras(); });
      state.files.push(file);
      file.upload();
    });
    drawExtras();
  }

  function nameOf(file, n) {
    const name = { photo: fill(words.photo, { n }), voice: words.voice, video: words.video, document: words.document }[file.kind];
    return file.seconds ? name + " " + clock(file.seconds) : name;
  }

  function fileItem(file, index) {
    const n = index + 1;
    const item = make("li", file.kind === "photo" ? "" : "pin");
    if (file.kind === "photo") {
      const image = make("img");
      image.src = file.url;
      image.alt = nameOf(file, n);
      item.append(image);
    } else {
      item.append({ voice: "🎤 ", video: "🎬 ", document: "📄 " }[file.kind] + nameOf(file, n));
    }
    const remove = make("button", "round", "×");
    remove.type = "button";
    remove.setAttribute("aria-label", fill(words.file_remove, { name: nameOf(file, n) }));
    remove.addEventListener("click", () => {
      state.files.splice(state.files.indexOf(file), 1);
      say("");
      keep();
      drawExtras();
      (extras.querySelector("button") || byId("photo")).focus();
    });
    if (!file.token && !file.error) {
      const bar = make("progress");
      bar.max = 100;
      bar.value = file.progress;
      bar.setAttribute("aria-label", fill(words.file_sending, { name: nameOf(file, n), percent: file.progress }));
      item.append(bar);
    }
    item.append(remove);
    return item;
  }

  function placeItem() {
    const item = make("li", "pin", "📍 " + words.place);
    const remove = make("button", "round", "×");
    remove.type = "button";
    remove.setAttribute("aria-label", words.place_remove);
    remove.addEventListener("click", () => { state.place = null; keep(); drawExtras(); byId("place").focus(); });
    item.append(remove);
    return item;
  }

  function drawExtras() {
    // A button that is about to be pressed must not be pulled from under the finger: draw only what changed.
    const items = state.files.map(fileItem).concat(state.place ? [placeItem()] : []);
    const focused = document.activeElement && extras.contains(document.activeElement) ? Array.from(extras.querySelectorAll("button")).indexOf(document.activeElement) : -1;
    while (extras.firstChild) { extras.removeChild(extras.firstChild); }
    items.forEach((item) => { extras.append(item); });
    extras.hidden = !items.length;
    if (focused >= 0 && extras.querySelectorAll("button")[focused]) { extras.querySelectorAll("button")[focused].focus(); }
  }

  byId("photo").addEventListener("click", () => { byId("files").click(); });
  byId("document").addEventListener("click", () => { byId("documents").click(); });
  ["files", "documents"].forEach((name) => {
    byId(name).addEventListener("change", (event) => { addFiles(event.target.files); event.target.value = ""; });
  });
  const recorder = makeRecorder(byId("record"), words, { say, recorded: (blob, seconds) => { addFiles([blob], seconds); byId("send").focus(); } });
  text.addEventListener("paste", (event) => {
    const files = event.clipboardData ? Array.from(event.clipboardData.files).filter((file) => file.type.startsWith("image/")) : [];
    if (files.length) { event.preventDefault(); addFiles(files); }
  });

  // --- place ---------------------------------------------------------------------------------------------------------------

  function closeAsk() {
    askPlace.hidden = true;
  }

  byId("place").addEventListener("click", () => {
    say("");
    askPlace.hidden = !askPlace.hidden;
    if (!askPlace.hidden) { byId("place-yes").focus(); }
  });
  byId("place-no").addEventListener("click", () => { closeAsk(); text.focus(); });
  byId("place-yes").addEventListener("click", () => {
    closeAsk();
    if (!navigator.geolocation || window.isSecureContext === false) { say(words.place_failed); text.focus(); return; }
    say(words.place_wait);
    navigator.geolocation.getCurrentPosition((found) => {
      say("");
      state.place = { lat: found.coords.latitude, lon: found.coords.longitude };
      keep();
      drawExtras();
      byId("send").focus();
    }, (refused) => {
      say(refused.code === 1 ? words.place_denied : words.place_failed);
      text.focus();
    }, { enableHighAccuracy: true, timeout: PLACE_TIMEOUT, maximumAge: 60000 });
  });

  window.addEventListener("beforeunload", (event) => {
    // Words are kept; a file still on its way is not, and only then is leaving worth a question.
    if (state.files.some((file) => !file.token && !file.error)) { event.preventDefault(); event.returnValue = ""; }
  });

  // A message that was refused and dropped goes back into an empty box: its words can be mended.
  function takeBack(item) {
    if (text.value.trim() || item.choice) { return; }
    text.value = item.text;
    state.files = item.files.filter((file) => !file.error);
    state.place = item.place;
    grow();
    keep();
    drawExtras();
    text.focus();
  }

  restore();
  return { replyTo, takeBack, submit, type: (value) => { text.value = value; grow(); keep(); } };
}
