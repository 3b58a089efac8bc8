// Keys that lead somewhere, on every page: digits to its parts, 1 to what comes next, J and K through lists.
// They only move the focus; nothing is done before somebody presses Enter. Switched off with all other keys.
"use strict";

(() => {
  const help = document.getElementById("tasten");
  if (!help) { return; }
  const main = document.getElementById("inhalt");
  const seen = (one) => one?.checkVisibility({ visibilityProperty: true });
  const FOCUSABLE = "a[href], button:not([disabled]), summary, input:not([type=hidden]), select, textarea, [tabindex]";

  const arrive = (place) => {
    for (let fold = place.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) { fold.open = true; }
    if (place.matches("details")) { place.open = true; place = place.querySelector("summary"); }
    if (!place.matches(FOCUSABLE)) { place.tabIndex = -1; }  // a heading: read out, and Tab goes on from there
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block: place.closest(".next") ? "nearest" : "start" });
  };

  // --- digits -------------------------------------------------------------------------------
  // What a page wants most: what it calls its next step, its first main button, or the first row of its list.
  const next = () => [...main.querySelectorAll(".call .kern-btn, .next .kern-btn")].find(seen)
    || [...main.querySelectorAll(".kern-btn--primary")].find(seen)
    || rows()[0]?.querySelector("a[href]");
  // The page's own links to its parts, else its headings.
  const parts = () => {
    const own = [...main.querySelectorAll("[data-go]")].filter(seen).map((link) => ({
      key: link.dataset.go, name: link.firstChild.textContent.trim(), place: document.getElementById(link.hash.slice(1)),
    }));
    if (own.length) { return own; }
    return [...main.querySelectorAll("h2")].filter(seen).slice(0, 8)
      .map((place, at) => ({ key: String(at + 2), name: place.textContent.trim().replace(/\s+/g, " "), place }));
  };

  // --- rows ---------------------------------------------------------------------------------
  const rows = () => [...main.querySelectorAll(".list-table tbody tr, .incident, .brief, .hit")].filter(seen);
  const step = (by) => {
    const all = rows().filter((row) => row.querySelector("a[href]"));
    if (!all.length) { return false; }
    const at = all.findIndex((row) => row.contains(document.activeElement));
    const row = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
    const link = row.querySelector("a[href]");
    link.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    return true;
  };

  window.keysOf(main, (event, key) => {
    if (event.defaultPrevented || event.repeat && key !== "j" && key !== "k") { return; }
    if (/^[1-9]$/.test(key)) {
      const place = key === "1" ? next() : parts().find((part) => part.key === key)?.place;
      if (place) { event.preventDefault(); arrive(place); }
    } else if ((key === "j" || key === "k") && !document.querySelector("[data-own-keys]")) {
      if (step(key === "j" ? 1 : -1)) { event.preventDefault(); }
    }
  });

  // --- sending what is being written ---------------------------------------------------------
  // With Ctrl or Command it is no single key: it works while writing, and always.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing || event.repeat) { return; }
    const form = event.target.matches?.("textarea, select, input") && event.target.form;
    if (!form || form.method !== "post") { return; }
    const buttons = [...form.elements].filter((one) => one.type === "submit" && !one.disabled && seen(one));
    const button = buttons.find((one) => one.matches(".kern-btn--primary")) || (buttons.length === 1 ? buttons[0] : null);
    if (button) { event.preventDefault(); form.requestSubmit(button); }
  });

  // --- the overview says what the digits do on this page ------------------------------------
  const list = help.querySelector("[data-jumps]");
  const overview = () => {
    list.replaceChildren();
    const add = (key, text) => {
      const row = document.createElement("tr");
      const [left, right] = [document.createElement("td"), document.createElement("td")];
      const name = document.createElement("kbd");
      name.textContent = key;
      left.append(name);
      right.textContent = text;
      row.append(left, right);
      list.append(row);
    };
    if (next()) { add("1", list.dataset.next); }
    for (const part of parts()) { add(part.key, part.name); }
    if (rows().length && !document.querySelector("[data-own-keys]")) { add("J", list.dataset.down); add("K", list.dataset.up); }
  };
  new MutationObserver(() => { if (help.open) { overview(); } }).observe(help, { attributes: true, attributeFilter: ["open"] });
  for (const button of document.querySelectorAll("[data-keys-help]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      for (const menu of document.querySelectorAll("details[data-menu][open]")) { menu.open = false; }
      help.showModal();
    });
  }
})();
