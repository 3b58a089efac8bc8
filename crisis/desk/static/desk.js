// Small comforts; every page works without them. No inline code, nothing from elsewhere.
"use strict";

const live = document.querySelector("[data-live]");

function announce(text) {
  if (live && text) {
    live.textContent = "";
    window.setTimeout(() => { live.textContent = text; }, 50);
  }
}

// After a refused form, the summary of what was wrong is read out first.
document.querySelector("[data-focus]")?.focus();

// Parts that change by themselves: asked every few seconds with their ETag, and swapped only while
// nobody works inside them.
for (const part of document.querySelectorAll("[data-refresh]")) {
  let tag = "";
  const busy = () => part.contains(document.activeElement) && document.activeElement !== document.body
    || part.querySelector("details[open][data-hold]");
  const ask = async () => {
    if (document.hidden || busy()) { return; }
    try {
      const answer = await fetch(part.dataset.refresh, {
        headers: tag ? { "If-None-Match": tag } : {}, credentials: "same-origin", redirect: "manual",
      });
      if (answer.status !== 200) { return; }
      const text = await answer.text();
      const first = !tag;
      tag = answer.headers.get("ETag") || "";
      if (busy()) { return; }
      const before = part.querySelector("[data-say]")?.dataset.say;
      part.innerHTML = text;
      comforts(part);
      const after = part.querySelector("[data-say]")?.dataset.say;
      if (!first && after !== before) { announce(after); }
    } catch { /* the server is away for a moment; the next round tries again */ }
  };
  window.setInterval(ask, 1000 * Number(part.dataset.every || 10));
}

// Copy buttons appear only where copying works.
function comforts(root) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) { continue; }
    button.hidden = false;
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      await navigator.clipboard.writeText(field.value);
      announce(button.dataset.done);
      const label = button.querySelector(".kern-label");
      const old = label.textContent;
      label.textContent = button.dataset.done;
      window.setTimeout(() => { label.textContent = old; }, 2500);
    });
  }
}
comforts(document);

// The preview of an answer follows what is typed.
for (const form of document.querySelectorAll("form[data-preview]")) {
  const target = document.getElementById(form.dataset.into);
  let timer = 0;
  let latest = 0;
  form.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(async () => {
      const mine = ++latest;
      const answer = await fetch(form.dataset.preview, {
        method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "manual",
      });
      if (answer.status === 200 && mine === latest) { target.innerHTML = await answer.text(); }
    }, 300);
  });
}
