// Keys that act on a page: they can be switched off, stay off on this machine, and never act while somebody
// writes (WCAG 2.1.4). What each key does is the page's own affair.
"use strict";

(() => {
  const KEPT = "klarstellung.tasten";
  const stored = () => { try { return window.localStorage.getItem(KEPT); } catch { return null; } };
  const writing = (target) => target.closest("textarea, select, [contenteditable]")
    || target.matches("input:not([type=checkbox]):not([type=radio])");

  // ``within``: where the buttons with keys are; ``press``: is given every key that may act.
  window.keysOf = (within, press) => {
    const help = document.getElementById("tasten");
    const box = document.getElementById("tasten-an");
    let on = stored() !== "aus";
    const apply = () => {
      document.documentElement.classList.toggle("keys-off", !on);
      for (const one of [...within.querySelectorAll("[data-key], [data-go]"), ...document.querySelectorAll("[data-find]")]) {
        if (on) { one.setAttribute("aria-keyshortcuts", one.dataset.key || one.dataset.go || "/"); } else { one.removeAttribute("aria-keyshortcuts"); }
      }
    };
    box.checked = on;
    box.addEventListener("change", () => {
      on = box.checked;
      try { window.localStorage.setItem(KEPT, on ? "an" : "aus"); } catch { /* for this page only */ }
      apply();
    });
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) { return; }
      if (document.querySelector("dialog[open]") || writing(event.target)) { return; }
      if (!on) { return; }  // "?" is a key like the others; the menu "Hilfe" shows them as well
      if (event.key === "?") { event.preventDefault(); help.showModal(); return; }
      press(event, event.key.toLowerCase());
    });
    apply();
    return apply;  // to be called again when buttons were added
  };
})();
