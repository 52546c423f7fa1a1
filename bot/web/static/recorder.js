// Recording a voice: one press begins, one press ends, and so does sending. Hidden where the browser cannot, or may not.
import { fill, clock } from "./view.js";

const SECONDS_MAX = 300;
// What most phones can play; the last is what every browser that records can make.
const TYPES = ["audio/mp4", "audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/webm"];

export function makeRecorder(button, words, on) {
  const devices = navigator.mediaDevices;
  if (!window.MediaRecorder || !devices || !devices.getUserMedia || window.isSecureContext === false) { return { endThen: () => false }; }
  const label = button.querySelector("span");
  let recorder = null;
  let ticking = 0;
  // While the phone asks for its permission, a second press must not open the microphone twice.
  let asking = false;
  let afterwards = null;

  button.hidden = false;

  function draw(seconds) {
    button.classList.toggle("is-recording", recorder !== null);
    button.setAttribute("aria-pressed", String(recorder !== null));
    label.textContent = recorder ? fill(words.record_stop, { time: clock(seconds) }) : words.record;
  }

  async function begin() {
    if (asking) { return; }
    on.say("");
    asking = true;
    let stream = null;
    try {
      stream = await devices.getUserMedia({ audio: true });
    } catch (refused) {
      on.say(refused.name === "NotAllowedError" ? words.record_denied : words.record_failed);
      return;
    } finally {
      asking = false;
    }
    const type = TYPES.filter((one) => MediaRecorder.isTypeSupported(one))[0];
    const pieces = [];
    const begunAt = Date.now();
    const seconds = () => Math.max(1, Math.round((Date.now() - begunAt) / 1000));
    recorder = new MediaRecorder(stream, type ? { mimeType: type, audioBitsPerSecond: 32000 } : {});
    recorder.ondataavailable = (event) => { if (event.data.size) { pieces.push(event.data); } };
    recorder.onstop = () => {
      const length = seconds();
      const made = recorder.mimeType || type || "audio/webm";
      clearInterval(ticking);
      stream.getTracks().forEach((track) => { track.stop(); });
      recorder = null;
      draw(0);
      if (pieces.length) { on.recorded(new Blob(pieces, { type: made.split(";")[0] }), length); } else { on.say(words.record_failed); }
      const then = afterwards;
      afterwards = null;
      if (then && pieces.length) { then(); }
    };
    recorder.start(1000);
    draw(0);
    ticking = setInterval(() => {
      if (seconds() >= SECONDS_MAX) { end(); } else { draw(seconds()); }
    }, 500);
  }

  function end() {
    if (recorder && recorder.state !== "inactive") { recorder.stop(); }
  }

  button.addEventListener("click", () => { if (recorder) { end(); } else { begin(); } });
  // Whether something was being recorded: it ends, and once it is here `then` goes on.
  return { endThen: (then) => { if (!recorder) { return false; } afterwards = then; end(); return true; } };
}
