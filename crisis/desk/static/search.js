// The key "/" leads to the search box, wherever somebody is, but never while they write.
"use strict";

if (!document.documentElement.dataset.slash) {
  document.documentElement.dataset.slash = "on";
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) { return; }
    if (document.documentElement.classList.contains("keys-off")) { return; }
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) { return; }
    const box = [...document.querySelectorAll("[data-find]")].find((field) => field.checkVisibility());
    if (!box) { return; }
    event.preventDefault();
    box.focus();
    box.select();
  });
}
