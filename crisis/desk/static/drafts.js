// What somebody types is kept in this tab until it has arrived: through a lost connection, a closed lid, a
// session that ended. Never passwords, never files; gone at sign-out and when the tab is closed.
"use strict";

(() => {
  const PREFIX = "klarstellung.draft.";
  const person = document.body.dataset.person;
  const KEPT = "textarea, input[type=text], input[type=url], input[type=email], input[type=date], input[type=number], select, input[type=checkbox], input[type=radio]";

  for (const form of document.querySelectorAll("form[data-sign-out]")) {
    form.addEventListener("submit", () => {
      for (const key of Object.keys(sessionStorage)) {
        if (key.startsWith(PREFIX)) { sessionStorage.removeItem(key); }
      }
    });
  }
  if (!person) { return; }

  const key = (form) => `${PREFIX}${person}.${location.pathname}#${form.getAttribute("action") || ""}`;
  const fields = (form) => [...form.querySelectorAll(KEPT)].filter((field) => field.name && !field.closest("[data-forget]"));
  const value = (field) => (field.type === "checkbox" || field.type === "radio") ? field.checked : field.value;
  const state = (form) => fields(form).map((field) => [field.name, field.type === "radio" ? field.value : "", value(field)]);

  function read(form) {
    try { return JSON.parse(sessionStorage.getItem(key(form)) || "null"); } catch { return null; }
  }

  function write(form, draft) {
    try { sessionStorage.setItem(key(form), JSON.stringify(draft)); } catch { /* the storage is full */ }
  }

  function put(form, typed) {
    for (const field of fields(form)) {
      const found = typed.find(([name, option]) => name === field.name && option === (field.type === "radio" ? field.value : ""));
      if (!found) { continue; }
      if (typeof found[2] === "boolean") { field.checked = found[2]; } else { field.value = found[2]; }
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  for (const form of document.querySelectorAll("form[method=post]:not([data-forget])")) {
    if (!fields(form).some((field) => field.matches("textarea, input:not([type=checkbox]):not([type=radio])"))
        || form.querySelector("input[type=password]")) { continue; }
    const fresh = JSON.stringify(state(form));
    const draft = read(form);
    // It arrived: the server sent another page, or this one with what it thinks of it.
    const arrived = draft?.sent && (document.querySelector(".messages, [aria-invalid]") || draft.fresh !== fresh);
    if (draft && arrived) {
      sessionStorage.removeItem(key(form));
    } else if (draft && JSON.stringify(draft.typed) !== fresh) {
      put(form, draft.typed);
      const note = document.querySelector("template[data-draft]")?.content.cloneNode(true).firstElementChild;
      if (note) {
        note.querySelector("time").textContent = new Date(draft.at)
          .toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
        note.querySelector("button").addEventListener("click", () => {
          sessionStorage.removeItem(key(form));
          form.reset();
          note.remove();
          form.dispatchEvent(new Event("input", { bubbles: true }));
        });
        form.prepend(note);
        for (const fold of [form.closest("details")]) { if (fold) { fold.open = true; } }
      }
    }
    form.addEventListener("input", () => {
      const typed = state(form);
      if (JSON.stringify(typed) === fresh) { sessionStorage.removeItem(key(form)); return; }
      write(form, { at: Date.now(), fresh, typed });
    });
    form.addEventListener("submit", (event) => {
      if (document.body.dataset.offline) {
        event.preventDefault();
        window.announce(document.querySelector("[data-bar=offline]")?.textContent.trim());
        document.querySelector("[data-bar=offline]")?.scrollIntoView({ block: "nearest" });
        return;
      }
      const kept = read(form);
      if (kept) { write(form, { ...kept, sent: true }); }
    });
  }
})();
