// The stream of posts by keys and without reloading; every button works without this file.
"use strict";

(() => {
  const stream = document.getElementById("strom");
  const help = document.getElementById("tasten");
  if (!stream) { return; }
  const say = (text) => window.announce?.(text);

  // --- which post the keys act on -----------------------------------------------------------
  const posts = () => [...stream.querySelectorAll(".post")].filter((post) => post.checkVisibility());
  const current = () => stream.querySelector(".post--current");
  const mark = (post) => {
    current()?.classList.remove("post--current");
    post?.classList.add("post--current");
  };
  const go = (post) => {
    if (!post) { return; }
    mark(post);
    post.focus({ preventScroll: true });
    post.scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    const all = posts();
    const at = all.indexOf(current());
    go(at < 0 ? all[0] : all[Math.min(all.length - 1, Math.max(0, at + by))]);
  };
  stream.addEventListener("focusin", (event) => {
    const post = event.target.closest(".post");
    if (post && post !== current()) { mark(post); }
  });
  document.addEventListener("focusin", (event) => {
    if (!stream.contains(event.target) && !help.contains(event.target)) { mark(null); }
  });

  // --- sending ------------------------------------------------------------------------------
  let line = Promise.resolve();  // one after the other, so that undo takes back the last
  const send = (form, button) => {
    const body = new FormData(form);
    if (button?.name) { body.set(button.name, button.value); }
    const asked = line.then(() => fetch(form.action, {
      method: "POST", body, headers: { "X-Part": "1" }, credentials: "same-origin", redirect: "manual",
    })).then(async (answer) => {
      if (answer.status !== 200) { throw new Error(String(answer.status)); }
      return new DOMParser().parseFromString(await answer.text(), "text/html");
    });
    line = asked.catch(() => null);
    return asked;
  };
  const failed = () => say(help.dataset.failed);

  const press = (form, verdict) => {
    for (const button of form.querySelectorAll("[data-verdict]")) {
      const pressed = button.dataset.verdict === verdict;
      button.setAttribute("aria-pressed", String(pressed));
      button.value = pressed ? "" : button.dataset.verdict;
    }
  };
  const pressed = (form) => form.querySelector('[aria-pressed="true"]')?.dataset.verdict || "";

  // Puts in what the server says of this post; keeps the focus where it was.
  const swap = (doc, post) => {
    const fresh = doc.getElementById(post.id);
    if (!fresh) { return; }
    const mine = post.classList.contains("post--current");
    const inside = post.contains(document.activeElement);
    const verdict = document.activeElement?.dataset?.verdict;
    const tick = post.querySelector(".tick")?.checked;
    const open = [...post.querySelectorAll("details")].map((one) => one.open);
    const filled = post.querySelector("[data-into]");
    post.replaceWith(fresh);
    [...fresh.querySelectorAll("details")].forEach((one, at) => { one.open = Boolean(open[at]); });
    if (filled?.dataset.filled) { fresh.querySelector("[data-into]")?.replaceWith(filled); }
    if (tick) { fresh.querySelector(".tick").checked = true; }
    fresh.classList.toggle("post--current", mine);
    if (inside) { (verdict ? fresh.querySelector(`[data-verdict="${verdict}"]`) : fresh).focus({ preventScroll: true }); }
  };
  const around = (doc) => {
    for (const name of ["[data-said]", "[data-counts]"]) {
      const there = stream.querySelector(name);
      const fresh = doc.querySelector(name);
      if (there && fresh && !there.contains(document.activeElement)) { there.replaceWith(fresh); }
    }
    apply();
  };

  const judge = async (form, button) => {
    const post = form.closest(".post");
    const before = pressed(form);
    const asked = send(form, button);
    press(form, button.value);
    say(`${button.firstElementChild.textContent}`);
    try {
      const doc = await asked;
      const there = document.getElementById(post.id);
      if (there) { swap(doc, there); }
      around(doc);
    } catch { press(form, before); failed(); }
  };

  const undo = async (form) => {
    try {
      const doc = await send(form, null);
      const changed = [];
      for (const post of stream.querySelectorAll(".post")) {
        const fresh = doc.getElementById(post.id);
        const old = post.querySelector("[data-judge]");
        const now = fresh?.querySelector("[data-judge]");
        if (!fresh || !old || !now || pressed(old) === pressed(now)) { continue; }
        changed.push(post.id);
        swap(doc, post);
      }
      stream.querySelector("[data-said]")?.replaceWith(doc.querySelector("[data-said]"));
      around(doc);
      say(help.dataset.undone);
      go(document.getElementById(changed[0]) || current());
    } catch { failed(); }
  };

  stream.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-judge]") && !form.querySelector("[name=von]")) {
      event.preventDefault();
      judge(form, event.submitter);
    } else if (form.matches("[data-undo]")) {
      event.preventDefault();
      undo(form);
    }
  });

  // --- opening a group ----------------------------------------------------------------------
  stream.addEventListener("toggle", async (event) => {
    const part = event.target;
    const into = part.matches?.("[data-fill]") && part.querySelector("[data-into]");
    if (!into || !part.open || into.dataset.filled) { return; }
    try {
      const answer = await fetch(part.dataset.fill, { credentials: "same-origin", redirect: "manual" });
      if (answer.status === 200) {
        into.innerHTML = await answer.text();
        into.dataset.filled = "1";
        for (const post of into.querySelectorAll(".post")) { post.id = `g-${post.id}`; }
        apply();
      }
    } catch { /* the link inside still leads there */ }
  }, true);

  // --- several at once ----------------------------------------------------------------------
  let last = null;
  const ticks = () => [...stream.querySelectorAll(".tick")];
  const ticked = () => {
    const bulk = stream.querySelector(".bulk");
    if (!bulk) { return; }
    const count = ticks().filter((tick) => tick.checked)
      .reduce((sum, tick) => sum + Number(tick.dataset.count), 0);
    const text = bulk.querySelector("[data-ticked]");
    text.textContent = count ? `${text.dataset.some} ${count}` : text.dataset.none;
    if (count) { bulk.open = true; }
    bulk.classList.toggle("bulk--some", count > 0);
  };
  stream.addEventListener("click", (event) => {
    const tick = event.target.closest(".tick");
    if (tick) {
      const all = ticks();
      if (event.shiftKey && last && all.includes(last)) {
        const [from, to] = [all.indexOf(last), all.indexOf(tick)].sort((a, b) => a - b);
        for (const one of all.slice(from, to + 1)) { one.checked = tick.checked; }
      }
      last = tick;
      ticked();
    } else if (event.target.closest("[data-tick-all]")) {
      for (const one of ticks()) { one.checked = true; }
      ticked();
    } else if (event.target.closest("[data-keys]")) { help.showModal(); }
  });

  // --- keys ---------------------------------------------------------------------------------
  const acts = {
    j: () => step(1), arrowdown: () => step(1), k: () => step(-1), arrowup: () => step(-1),
    o: () => { const same = current()?.querySelector(".same"); if (same) { same.open = !same.open; } },
    x: () => { current()?.querySelector(".tick")?.click(); },
    u: () => stream.querySelector("[data-undo]")?.requestSubmit(),
  };
  const ALSO = { f: "p", d: "n" };  // the keys of the suggestions
  const shortcuts = window.keysOf(stream, (event, key) => {
    const post = current();
    if (key.startsWith("arrow") && !post) { return; }  // the page scrolls as ever
    const button = post?.querySelector(`[data-judge] [data-key="${ALSO[key] || key}"]`);
    if (button) {
      event.preventDefault();
      if (button.getAttribute("aria-pressed") !== "true") { button.form.requestSubmit(button); }
      step(1);
    } else if (acts[key]) {
      event.preventDefault();
      acts[key]();
    }
  });
  const apply = () => {
    for (const button of stream.querySelectorAll("[data-keys], [data-tick-all]")) { button.hidden = false; }
    shortcuts();
  };
  apply();
  new MutationObserver(apply).observe(stream, { childList: true });

  // --- what comes by itself: live.js brings the posts, the chart follows them ---------------
  const redraw = async () => {
    const there = document.getElementById("wave");
    if (!there || there.contains(document.activeElement) || there.querySelector("details[open]")) { return; }
    try {
      const answer = await fetch(there.dataset.from, {
        headers: { "X-By-Itself": "1" }, credentials: "same-origin", redirect: "manual",
      });
      if (answer.status !== 200) { return; }
      const doc = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = doc.getElementById("wave");
      if (fresh.dataset.sign !== there.dataset.sign) { there.replaceWith(fresh); }
    } catch { /* the next change tries again */ }
  };
  stream.addEventListener("part:changed", () => { apply(); redraw(); });
})();
