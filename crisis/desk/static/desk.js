// Small comforts; every page works without them. No inline code, nothing from elsewhere.
// Live parts are in live.js, kept text in drafts.js, hints and sounds in notify.js.
"use strict";

const live = document.querySelector("[data-live]");

window.announce = function announce(text) {
  if (live && text) {
    live.textContent = "";
    window.setTimeout(() => { live.textContent = text; }, 50);
  }
};

// After a refused form, the summary of what was wrong is read out first. What a click did stands in the page
// from its beginning, and such text is not read out by itself: it is said once more.
const problems = document.querySelector("[data-focus]");
if (problems) { problems.focus(); } else { window.announce(document.querySelector(".messages")?.innerText.trim()); }

// Copy buttons appear only where copying works.
function comforts(root) {
  for (const button of root.querySelectorAll("[data-copy]:not([data-ready])")) {
    if (!navigator.clipboard) { continue; }
    button.dataset.ready = "yes";
    button.hidden = false;
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      await navigator.clipboard.writeText(field.value ?? field.textContent);
      window.announce(button.dataset.done);
      const label = button.querySelector(".kern-label");
      const old = label.textContent;
      label.textContent = button.dataset.done;
      window.setTimeout(() => { label.textContent = old; }, 2500);
    });
  }
}
comforts(document);
document.addEventListener("part:changed", (event) => comforts(event.target));

// A menu that unfolds is folded again by Escape, and when the focus or a click goes elsewhere.
for (const menu of document.querySelectorAll("details[data-menu]")) {
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) { menu.open = false; } });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) { menu.open = false; }
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) { menu.open = false; menu.querySelector("summary").focus(); }
  });
}

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

// Whoever has begun a remark beside "approve" and then gives it back need not type it again.
document.addEventListener("toggle", (event) => {
  const fold = event.target;
  if (!(fold instanceof HTMLDetailsElement) || !fold.open || !fold.dataset.carry) { return; }
  const from = document.querySelector(`textarea[name="${fold.dataset.carry}"]`);
  const into = fold.querySelector("textarea");
  if (from && into && from.value && !into.value) { into.value = from.value; from.value = ""; }
}, true);
