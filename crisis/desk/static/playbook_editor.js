// What the check says and how every channel looks follows what is typed in a playbook. Never while somebody
// is reading it with the keyboard: then it waits until they are back in the text.
"use strict";

(() => {
  const form = document.querySelector("form[data-beside]");
  const beside = document.getElementById("daneben");
  const field = form?.querySelector("textarea[name=text]");
  if (!form || !beside || !field) { return; }
  const PAUSE = 600;
  let timer = 0;
  let latest = 0;
  let waiting = "";

  function show(html) {
    const open = new Set([...beside.querySelectorAll("details[open]")].map((one) => one.dataset.channel));
    const before = beside.querySelector("[data-said]")?.textContent;
    const top = beside.scrollTop;
    beside.innerHTML = html;
    for (const one of beside.querySelectorAll("details")) { if (open.has(one.dataset.channel)) { one.open = true; } }
    beside.scrollTop = top;
    const after = beside.querySelector("[data-said]")?.textContent;
    if (after && after !== before) { window.announce?.(after); }
  }

  async function look() {
    const mine = ++latest;
    const typed = new FormData(form);
    typed.delete("bild"); // a photo need not travel with every word
    let answer;
    try {
      answer = await fetch(form.dataset.beside, { method: "POST", body: typed, credentials: "same-origin", redirect: "manual" });
    } catch { return; } // no connection: what stands there stays
    if (answer.status !== 200 || mine !== latest) { return; }
    const html = await answer.text();
    if (beside.contains(document.activeElement)) { waiting = html; } else { show(html); }
  }

  form.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(look, PAUSE);
  });

  // What is typed is kept on the server, too: for another machine, or a tab that was closed.
  const kept = form.querySelector("[data-kept]");
  const offer = document.querySelector("[data-server-draft]");
  if (offer && field.value !== field.defaultValue) { offer.hidden = true; } // this tab has it already
  const KEEP = 2500;
  let keeping = 0;
  let sent = false;
  async function keep() {
    window.clearTimeout(keeping);
    keeping = 0;
    if (sent) { return; }
    const typed = new FormData();
    for (const name of ["csrf_token", "sha256", "name", "text", "begann"]) {
      const one = form.elements.namedItem(name);
      if (one) { typed.set(name, one.value); }
    }
    try {
      const answer = await fetch(form.dataset.keep, { method: "POST", body: typed, credentials: "same-origin", redirect: "manual", keepalive: field.value.length < 15000 });
      if (answer.ok) { kept.textContent = (await answer.json()).said; }
    } catch { /* no connection: this tab keeps it */ }
  }
  form.addEventListener("input", () => { if (!keeping) { keeping = window.setTimeout(keep, KEEP); } });
  form.addEventListener("submit", () => { sent = true; window.clearTimeout(keeping); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && keeping) { keep(); } });
  // The buttons above the text; without a script the text says how it is written.
  const tools = form.querySelector("markdown-toolbar");
  function put(before, middle, after) {
    const start = field.selectionStart;
    field.focus();
    const chosen = field.value.slice(start, field.selectionEnd) || middle;
    // So that "undo" knows it; browsers without it get the text all the same.
    if (!document.execCommand("insertText", false, before + chosen + after)) {
      field.setRangeText(before + chosen + after);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    field.setSelectionRange(start + before.length, start + before.length + chosen.length);
  }
  if (tools) {
    tools.hidden = false;
    tools.addEventListener("click", (event) => {
      const pressed = event.target.closest("[data-put], [data-opens]");
      if (!pressed) { return; }
      if (pressed.dataset.put) { put(...pressed.dataset.put.split("|")); return; }
      const fold = document.getElementById(pressed.dataset.opens);
      fold.open = true;
      fold.querySelector("input").focus();
      fold.scrollIntoView({ block: "center" });
    });
    field.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.isComposing) { return; }
      const button = tools.querySelector({ b: "md-bold", k: "md-link" }[event.key] || "[data-none]");
      if (button) { event.preventDefault(); button.click(); }
    });
  }
  beside.addEventListener("focusout", (event) => {
    if (waiting && !beside.contains(event.relatedTarget)) { show(waiting); waiting = ""; }
  });
  beside.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-line]");
    if (!link) { return; }
    event.preventDefault();
    const lines = field.value.split("\n");
    const number = Math.min(Number(link.dataset.line), lines.length) - 1;
    const start = lines.slice(0, number).join("\n").length + (number > 0 ? 1 : 0);
    field.focus();
    field.setSelectionRange(start, start + lines[number].length);
    const height = parseFloat(getComputedStyle(field).lineHeight) || 20;
    field.scrollTop = Math.max(0, number * height - field.clientHeight / 2);
  });
})();
