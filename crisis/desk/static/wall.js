// The hour on the wall: the town's, wherever the computer behind the screen thinks it is. And, on a screen
// that nobody signs in to, the picture anew every few seconds; where that fails, it says since when.
"use strict";

(() => {
  const clock = document.querySelector("[data-clock]");
  const hour = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: clock.dataset.clock };
  const lang = document.documentElement.lang;
  const tick = () => {
    clock.textContent = new Date().toLocaleTimeString(lang, hour);
  };
  tick();
  window.setInterval(tick, 1000);

  const part = document.querySelector("[data-renew]");
  if (!part) { return; }
  const PACE = 5000;  // ms
  const lost = document.querySelector("[data-lost]");
  let tag = "";
  async function renew() {
    try {
      const answer = await fetch(part.dataset.renew, {
        headers: { "X-By-Itself": "1", ...(tag ? { "If-None-Match": tag } : {}) }, signal: AbortSignal.timeout(8000),
      });
      if (answer.status === 404) { window.location.reload(); return; }  // the link holds no longer: the page says so
      if (answer.status === 200) {
        tag = answer.headers.get("ETag") || "";
        window.Idiomorph.morph(part, await answer.text(), { morphStyle: "innerHTML" });
      } else if (answer.status !== 304) { throw new Error(String(answer.status)); }
      lost.hidden = true;
    } catch {
      if (lost.hidden) { lost.querySelector("time").textContent = new Date().toLocaleTimeString(lang, hour); }
      lost.hidden = false;
    }
    window.setTimeout(renew, PACE);
  }
  window.setTimeout(renew, PACE);
})();
