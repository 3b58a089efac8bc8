// A hint from the browser and a sound for new alarms: only where somebody switched them on, on this machine.
"use strict";

(() => {
  const box = document.querySelector("[data-notify]");
  if (!box) { return; }
  const KEY = "klarstellung.notify";
  const SEEN = "klarstellung.alarm";
  const hint = box.querySelector("[name=notify-hint]");
  const sound = box.querySelector("[name=notify-sound]");
  const says = box.querySelector("[data-notify-says]");
  const wish = JSON.parse(localStorage.getItem(KEY) || '{"hint": false, "sound": false}');
  let audio = null;

  function save() { localStorage.setItem(KEY, JSON.stringify({ hint: hint.checked, sound: sound.checked })); }
  function say(what) { says.textContent = box.dataset[what] || ""; }

  // Two short notes, made here: no file, no licence.
  async function ring() {
    audio = audio || new AudioContext();
    await Promise.race([audio.resume(), new Promise((done) => { window.setTimeout(done, 300); })]);
    if (audio.state !== "running") { say("blockedSound"); return; }
    for (const [start, pitch] of [[0, 660], [0.22, 880], [0.44, 660]]) {
      const tone = audio.createOscillator();
      const loud = audio.createGain();
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0.0001, audio.currentTime + start);
      loud.gain.exponentialRampToValueAtTime(0.3, audio.currentTime + start + 0.03);
      loud.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + start + 0.2);
      tone.connect(loud).connect(audio.destination);
      tone.start(audio.currentTime + start);
      tone.stop(audio.currentTime + start + 0.21);
    }
  }

  function tell(title, text, address) {
    const note = new Notification(title, { body: text, tag: address, icon: box.dataset.icon, lang: document.documentElement.lang });
    note.addEventListener("click", () => { window.focus(); if (address) { location.assign(address); } note.close(); });
  }

  async function allowed() {
    if (!("Notification" in window)) { say("blockedHint"); return false; }
    const answer = Notification.permission === "default" ? await Notification.requestPermission() : Notification.permission;
    if (answer !== "granted") { say("blockedHint"); return false; }
    return true;
  }

  box.hidden = false;
  hint.checked = wish.hint && "Notification" in window && Notification.permission === "granted";
  sound.checked = wish.sound;
  hint.addEventListener("change", async () => {
    say("");
    if (hint.checked && !(await allowed())) { hint.checked = false; }
    save();
  });
  sound.addEventListener("change", () => { say(""); save(); if (sound.checked) { ring(); } });
  box.querySelector("[data-notify-try]").addEventListener("click", async () => {
    say("");
    if (!hint.checked && !sound.checked) { say("nothing"); return; }
    if (sound.checked) { await ring(); }
    if (hint.checked && await allowed()) { tell(box.dataset.tryTitle, box.dataset.tryText, ""); }
  });

  window.addEventListener("klarstellung:alarm", async ({ detail }) => {
    const seen = localStorage.getItem(SEEN);
    if (seen !== null && detail <= Number(seen)) { return; }
    localStorage.setItem(SEEN, String(detail));  // one tab of several tells
    if (seen === null || !(hint.checked || sound.checked)) { return; }
    if (sound.checked) { ring(); }
    if (hint.checked && Notification.permission === "granted") {
      const answer = await fetch(`${box.dataset.alarm}${detail}`, { headers: { "X-By-Itself": "1" } });
      if (answer.ok) {
        const { title, text } = await answer.json();
        tell(title, text, `${box.dataset.incident}${detail}`);
      }
    }
  });
})();
