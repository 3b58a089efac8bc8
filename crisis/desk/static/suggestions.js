// The queue of suggestions by keys: one decision at a time, the next one there at once. The word travels behind;
// where it does not arrive, the post comes back and says so. Every button works without this file.
"use strict";

(() => {
  const list = document.querySelector("[data-asks]");
  if (!list) { return; }
  const text = list.dataset;
  const state = document.querySelector("[data-state]");
  const undoForm = document.querySelector("[data-undo]");
  const help = document.getElementById("tasten");
  const done = document.querySelector("[data-done]");
  const history = [];         // decided here, the newest last: {ask, form, word}
  const seen = new Set();     // of every post that was on this page
  let total = Number(text.total);
  let decided = 0;
  let line = Promise.resolve();  // one after the other, so that undo follows its verdict
  let loading = false;

  const asks = () => [...list.querySelectorAll("[data-ask]")];
  const current = () => list.querySelector(".ask--current");
  const remember = () => asks().forEach((ask) => seen.add(ask.dataset.ask));

  const opener = document.querySelector("[data-keys]");
  opener.addEventListener("click", () => help.showModal());

  // --- what is shown ----------------------------------------------------------------------------
  function tell() {
    const all = asks();
    const at = all.indexOf(current());
    state.hidden = total === 0 && decided === 0;
    state.querySelector("[data-position]").textContent = all.length
      ? text.textPosition.replace("{n}", String(at + 1)).replace("{m}", String(Math.max(total, all.length))) : "";
    state.querySelector("[data-decided]").textContent = decided ? text.textDecided.replace("{n}", String(decided)) : "";
    const bar = state.querySelector("progress");
    bar.max = Math.max(1, total + decided);
    bar.value = decided;
    done.hidden = all.length > 0;
    const last = history.at(-1);
    undoForm.hidden = !last;
    if (last) { undoForm.querySelector("[data-undo-text]").textContent = text.textUndo.replace("{v}", last.word); }
  }

  function turn(ask, focus = true) {
    current()?.classList.remove("ask--current");
    ask?.classList.add("ask--current");
    tell();
    if (!focus) { return; }
    if (ask) {
      ask.focus({ preventScroll: true });
      ask.scrollIntoView({ block: "nearest" });
    } else { done.querySelector("a")?.focus(); }
  }

  function step(by) {
    const all = asks();
    const next = all[all.indexOf(current()) + by];
    if (next) { turn(next); }
  }

  // --- deciding ---------------------------------------------------------------------------------
  function send(address, body) {
    const asked = line.then(() => fetch(address, {
      method: "POST", body, headers: { "X-Part": "1" }, credentials: "same-origin", redirect: "manual",
    })).then(async (answer) => {
      if (answer.status !== 200) { throw new Error(String(answer.status)); }
      return answer.json();
    });
    line = asked.catch(() => null);
    return asked;
  }

  async function judge(form, button) {
    const ask = form.closest("[data-ask]");
    const body = new FormData(form);
    body.set(button.name, button.value);
    const all = asks();
    const at = all.indexOf(ask);
    const next = all[at + 1] || all[at - 1] || null;
    const entry = { ask, before: all[at + 1] || null, word: button.querySelector(".kern-label").textContent.trim() };
    ask.remove();
    history.push(entry);
    if (history.length > 20) { history.shift(); }
    decided += 1;
    total -= 1;
    turn(next);
    more();
    try {
      const said = await send(form.action, body);
      window.announce(said.text);
    } catch (error) {
      decided -= 1;
      history.splice(history.indexOf(entry), 1);
      if (error.message === "409") { window.announce(text.textOther); tell(); return; }
      total += 1;
      back(entry);
      problem(entry.ask, text.textFailed);
    }
  }

  function back(entry) {
    if (entry.before?.isConnected) { entry.before.before(entry.ask); } else { list.append(entry.ask); }
    turn(entry.ask);
  }

  function problem(ask, sentence) {
    ask.querySelector(".ask__problem")?.remove();
    const line = document.createElement("p");
    line.className = "ask__problem bad";
    line.setAttribute("role", "alert");
    line.textContent = sentence;
    ask.prepend(line);
  }

  async function undo() {
    const entry = history.pop();
    if (!entry) { return; }
    decided -= 1;
    total += 1;
    entry.ask.querySelector(".ask__problem")?.remove();
    back(entry);
    const body = new FormData(undoForm);
    try {
      await send(text.back.replace("/0/", `/${entry.ask.dataset.ask}/`), body);
      window.announce(text.textUndone);
    } catch {
      entry.ask.remove();
      decided += 1;
      total -= 1;
      turn(asks()[0] || null);
      window.announce(text.textFailed);
    }
  }

  // More are fetched before the last is reached; what is on its way is not brought again.
  async function more() {
    if (loading || asks().length > 5 || asks().length >= total) { return; }
    loading = true;
    try {
      const answer = await fetch(`${text.more}?ohne=${[...seen].slice(-200).join(",")}`, {
        headers: { "X-Part": "1", "X-By-Itself": "1" }, credentials: "same-origin", redirect: "manual",
      });
      if (answer.status === 200) {
        const fresh = new DOMParser().parseFromString(`<ol>${await answer.text()}</ol>`, "text/html");
        for (const ask of fresh.querySelectorAll("[data-ask]")) {
          if (!seen.has(ask.dataset.ask)) { list.append(document.adoptNode(ask)); }
        }
        remember();
        apply();
        if (!current() && asks().length) { turn(asks()[0]); }
        tell();
      }
    } catch { /* the next decision asks again */ }
    loading = false;
  }

  list.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-judge]")) { return; }
    event.preventDefault();
    judge(event.target, event.submitter);
  });
  undoForm.addEventListener("submit", (event) => { event.preventDefault(); undo(); });

  // --- keys -------------------------------------------------------------------------------------
  const apply = window.keysOf(list, (event, key) => {
    const button = current()?.querySelector(`[data-judge] [data-key="${CSS.escape(key)}"]`);
    if (button) { event.preventDefault(); button.form.requestSubmit(button); }
    else if (key === "u") { event.preventDefault(); undo(); }
    else if (key === "j" || (key === "arrowdown" && current()?.contains(event.target))) { event.preventDefault(); step(1); }
    else if (key === "k" || (key === "arrowup" && current()?.contains(event.target))) { event.preventDefault(); step(-1); }
  });

  list.classList.add("asks--one");
  document.querySelector("[data-plain]")?.remove();
  document.querySelector(".asks__last")?.remove();
  remember();
  turn(asks()[0] || null, asks().length > 0);
})();
