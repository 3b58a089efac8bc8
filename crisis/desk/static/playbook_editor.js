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
