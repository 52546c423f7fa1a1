// The line to the ward: what is written is kept here until it is stored there, and what is said there comes back here.

const BACKOFF = [1000, 2000, 4000, 8000, 15000, 30000];
const REQUEST_TIMEOUT = 30000;
const SILENCE = 45000; // the server beats every 15 seconds
const LOOK = 10000;
const REST_AFTER = 60000;

function randomId() {
  if (window.crypto && crypto.randomUUID) { return crypto.randomUUID(); }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// What the page keeps of a file that the ward has.
export function stored(file) {
  return { token: file.token, kind: file.kind, seconds: file.seconds, width: file.width, height: file.height };
}

function pause(milliseconds) {
  return new Promise((resolve) => { setTimeout(resolve, milliseconds); });
}

// A private window or a full disk refuses: then the page still works, it only forgets when it is closed.
function makeStore(prefix) {
  const attempt = (work, otherwise) => { try { return work(); } catch (refused) { return otherwise; } };
  return {
    read: (name) => attempt(() => JSON.parse(localStorage.getItem(prefix + name)), null),
    write: (name, value) => attempt(() => { localStorage.setItem(prefix + name, JSON.stringify(value)); }),
    drop: (name) => attempt(() => { localStorage.removeItem(prefix + name); }),
    names: () => attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length)), []),
  };
}

export function makeLine(config, words, on) {
  const owner = config.demo ? "demo-" + config.demo.slice(-12) : "me";
  const store = makeStore("danban:" + config.ward + ":" + (config.chat || owner) + ":");
  const queue = restored();
  let pumping = false;
  let wakeUp = null;
  let source = null;
  let last = 0;
  let at = 0; // the server's own time when it last named what had changed
  let heardAt = Date.now();
  let failures = 0;
  let reconnecting = 0;
  let resting = 0;

  function address(path, parameters) {
    const query = Object.assign({ p: config.ward }, parameters);
    if (config.chat) { query.chat = config.chat; }
    if (config.demo) { query.demo = config.demo; }
    const parts = Object.keys(query).map((name) => name + "=" + encodeURIComponent(query[name]));
    return path + "?" + parts.join("&");
  }

  // --- out: one after the other, each until it is stored -----------------------------------------------------------

  function restored() {
    return store.names().filter((name) => name.startsWith("out:")).map((name) => store.read(name))
      .filter(Boolean).map((item) => Object.assign(item, { files: (item.files || []).filter((file) => file.token) }))
      .sort((one, other) => one.at - other.at);
  }

  function keep(item) {
    const files = item.files.filter((file) => file.token).map(stored);
    const lost = item.files.length - files.length;
    store.write("out:" + item.client_id, Object.assign({}, item, { files, lost }));
  }

  function send(message) {
    const item = Object.assign({ client_id: randomId(), at: Date.now(), text: "", choice: null, label: "", files: [], place: null, reply_to: null, quote: "" }, message);
    queue.push(item);
    keep(item);
    on.pending(item);
    pump();
  }

  function remove(item) {
    store.drop("out:" + item.client_id);
    const index = queue.indexOf(item);
    if (index >= 0) { queue.splice(index, 1); }
    on.gone(item);
  }

  function retry(item) {
    delete item.error;
    keep(item);
    on.pending(item);
    pump();
  }

  async function pump() {
    if (wakeUp) { wakeUp(); }
    if (pumping) { return; }
    pumping = true;
    let attempt = 0;
    for (let item = next(); item; item = next()) {
      const outcome = await once(item);
      if (outcome.stored) {
        attempt = 0;
        store.drop("out:" + item.client_id);
        queue.splice(queue.indexOf(item), 1);
        on.stored(item, outcome.stored);
      } else if (outcome.refused) {
        item.error = outcome.refused;
        keep(item);
        on.pending(item);
      } else {
        on.waiting(item, outcome.told || "");
        const wait = outcome.wait || BACKOFF[Math.min(attempt, BACKOFF.length - 1)];
        attempt += 1;
        await Promise.race([pause(wait), new Promise((resolve) => { wakeUp = resolve; })]);
        wakeUp = null;
      }
    }
    pumping = false;
  }

  function next() {
    return queue.find((item) => !item.error);
  }

  async function once(item) {
    const files = [];
    for (const file of item.files) {
      const result = file.token ? file : await file.upload();
      if (result.error) { return { refused: result.error }; }
      if (!result.token) { return { told: result.told, wait: result.wait }; }
      files.push(result.token);
    }
    if (item.files.length) { keep(item); }
    return post({
      client_id: item.client_id, text: item.text, choice: item.choice, label: item.label,
      attachments: files, place: item.place, reply_to: item.reply_to,
    }, true);
  }

  async function post(body, mayIntroduce) {
    const answer = await request("/api/messages", { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", "X-Dan-Ban": "1" } });
    if (!answer) { return {}; }
    if (answer.status === 200 && answer.body) { return { stored: answer.body.message }; }
    if (answer.status === 401) {
      // The cookie is gone: ask for a new one, then send again.
      if (mayIntroduce && await request("/api/messages", {})) { return post(body, false); }
      return { told: words.cookies };
    }
    if (answer.status === 429 || answer.status >= 500) {
      return { told: answer.body && answer.body.error, wait: 1000 * Number(answer.retryAfter || 0) };
    }
    return { refused: (answer.body && answer.body.error) || words.broken };
  }

  // An answer of any status, or null when the line broke.
  async function request(path, options, parameters) {
    const stop = window.AbortController ? new AbortController() : null;
    const timer = setTimeout(() => { if (stop) { stop.abort(); } }, REQUEST_TIMEOUT);
    try {
      const response = await fetch(address(path, parameters), Object.assign({ credentials: "same-origin", signal: stop ? stop.signal : undefined }, options));
      const body = await response.json().catch(() => null);
      return { status: response.status, body, retryAfter: response.headers.get("Retry-After") };
    } catch (broken) {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  // --- in: history once, then the stream; a broken line goes on where it stopped -------------------------------------

  async function history(before) {
    const answer = await request("/api/messages", {}, before ? { before } : {});
    return answer && answer.status === 200 ? answer.body : null;
  }

  async function open() {
    let page = await history();
    for (let attempt = 0; !page; attempt += 1) {
      on.state(navigator.onLine === false ? "offline" : "broken");
      await pause(BACKOFF[Math.min(attempt, BACKOFF.length - 1)]);
      page = await history();
    }
    on.history(page);
    at = page.at || 0;
    last = page.messages.reduce((highest, message) => Math.max(highest, message.id), 0);
    queue.forEach((item) => { on.pending(item); });
    listen();
    pump();
    setInterval(look, LOOK);
    window.addEventListener("online", back);
    window.addEventListener("offline", () => { on.state("offline"); });
    document.addEventListener("visibilitychange", seen);
  }

  function listen() {
    clearTimeout(reconnecting);
    if (source) { source.close(); }
    heardAt = Date.now();
    source = new EventSource(address("/api/events", { after: last, since: at }));
    source.onopen = () => { failures = 0; heard(); pump(); };
    source.onerror = broken;
    source.addEventListener("beat", (event) => { heard(); at = JSON.parse(event.data).at || at; });
    source.addEventListener("edited", (event) => { heard(); on.edited(JSON.parse(event.data)); });
    source.addEventListener("removed", (event) => { heard(); on.removed(JSON.parse(event.data)); });
    source.addEventListener("message", (event) => {
      heard();
      const message = JSON.parse(event.data);
      last = Math.max(last, message.id);
      on.message(message);
    });
  }

  function heard() {
    heardAt = Date.now();
    on.state("open");
  }

  function broken() {
    on.state(navigator.onLine === false ? "offline" : "broken");
    // A refused request closes the stream for good, a broken line is taken up again by the browser itself.
    if (!source || source.readyState !== 2) { return; }
    clearTimeout(reconnecting);
    reconnecting = setTimeout(listen, BACKOFF[Math.min(failures, BACKOFF.length - 1)]);
    failures += 1;
    request("/api/messages", {}, { after: last }).then((answer) => {
      if (answer && answer.status >= 400 && answer.body && answer.body.error) { on.state("refused", answer.body.error); }
    });
  }

  function back() {
    listen();
    pump();
  }

  // A browser opens six lines to one house: a window nobody looks at gives its own up, and catches up when it is seen.
  function seen() {
    clearTimeout(resting);
    if (!document.hidden) {
      if (!source) { listen(); } else { look(); }
      return;
    }
    resting = setTimeout(() => { if (source) { source.close(); source = null; } }, REST_AFTER);
  }

  function look() {
    if (source && Date.now() - heardAt > SILENCE) { back(); }
  }

  return { open, send, retry, remove, history, address, store };
}
