// Live pages: asks every other second whether something changed, and fetches the changed parts. Nothing
// moves under anybody's cursor; a lost connection is said, and said again when it is back.
"use strict";

(() => {
  const page = document.body.dataset;
  if (!page.stand) { return; }
  const PACE = 1300;          // ms between two questions; together with the answer below two seconds
  const STILL_HERE = 10000;   // ms between two signs of life
  const bars = Object.fromEntries(
    [...document.querySelectorAll("[data-bar]")].map((bar) => [bar.dataset.bar, bar]));
  const parts = [...document.querySelectorAll("[data-refresh]")].map((node) => ({ node, tag: "", waiting: null }));
  let version = Number(page.version);
  let tag = "";
  let failures = 0;
  let timer = 0;
  let pointer = { node: null, at: 0 };

  const ask = (address, etag) => fetch(address, {
    headers: { "X-By-Itself": "1", ...(etag ? { "If-None-Match": etag } : {}) },
    credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(8000),
  });

  function show(name, shown) {
    const bar = bars[name];
    if (bar && bar.hidden === shown) {
      bar.hidden = !shown;
      const time = bar.querySelector("time");
      if (shown && time) {
        time.textContent = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
      }
    }
  }

  // --- the connection ---------------------------------------------------------------------------
  function lost() {
    failures += 1;
    if (failures >= 2) { document.body.dataset.offline = "yes"; show("offline", true); show("back", false); }
  }

  function found() {
    if (document.body.dataset.offline) {
      delete document.body.dataset.offline;
      show("offline", false);
      show("back", true);
      window.setTimeout(() => show("back", false), 6000);
    }
    failures = 0;
  }

  // --- parts of the page ------------------------------------------------------------------------
  function busy(part) {
    const active = document.activeElement;
    const selection = window.getSelection();
    return (part.contains(active) && active !== part)
      || (pointer.node && part.contains(pointer.node) && Date.now() - pointer.at < 2500)
      || (selection && !selection.isCollapsed && part.contains(selection.anchorNode))
      || part.querySelector("details[open][data-hold]") !== null;
  }

  function swap(part) {
    const before = part.node.querySelector("[data-say]")?.dataset.say;
    window.Idiomorph.morph(part.node, part.waiting, { morphStyle: "innerHTML", ignoreActiveValue: true });
    part.waiting = null;
    part.offer?.remove();
    part.offer = null;
    part.node.dispatchEvent(new CustomEvent("part:changed", { bubbles: true }));
    const after = part.node.querySelector("[data-say]")?.dataset.say;
    if (after && after !== before) { window.announce(after); }
  }

  // Somebody works here: a button says that there is something new, and waits.
  function offer(part) {
    if (part.offer) { return; }
    const text = bars.news?.content;
    if (!text) { return; }
    part.offer = text.cloneNode(true).firstElementChild;
    part.offer.addEventListener("click", () => { swap(part); });
    part.node.before(part.offer);
  }

  // A part may say what counts as news in it (data-news): what somebody does there themselves is none.
  function isNews(part) {
    const now = part.node.querySelector("[data-news]")?.dataset.news;
    return now === undefined || !part.waiting.includes(`data-news="${now}"`);
  }

  function settle() {
    for (const part of parts) {
      if (part.waiting === null) { continue; }
      if (!busy(part.node)) { swap(part); } else if (isNews(part)) { offer(part); }
    }
  }

  async function refresh() {
    for (const part of parts) {
      const answer = await ask(part.node.dataset.refresh, part.tag);
      if (answer.status === 200) {
        const first = !part.tag;
        part.tag = answer.headers.get("ETag") || "";
        const text = await answer.text();
        if (first && text.trim() === part.node.innerHTML.trim()) { continue; }
        part.waiting = text;
      }
    }
    settle();
  }

  // --- the question -----------------------------------------------------------------------------
  async function round() {
    const began = performance.now();
    try {
      const address = `${page.stand}?themen=${encodeURIComponent(page.topics || "")}&ort=${encodeURIComponent(page.here || "")}`;
      const answer = await ask(address, tag);
      if (answer.type === "opaqueredirect" || answer.status === 403) {
        show("signed-out", true);
        timer = window.setTimeout(round, 30000);
        return;
      }
      if (answer.status === 200) {
        const said = await answer.json();
        tag = answer.headers.get("ETag") || "";
        present(said.here);
        window.dispatchEvent(new CustomEvent("klarstellung:alarm", { detail: said.alarm }));
        if (said.v !== version) { await refresh(); version = said.v; }
      } else if (answer.status !== 304) {
        throw new Error(String(answer.status));
      }
      show("signed-out", false);
      found();
      settle();
    } catch {
      lost();
    }
    // A server that is slow is asked less often; a hidden page hardly needs to know.
    const slow = 4 * (performance.now() - began);
    const pace = document.hidden ? 15000 : failures ? Math.min(30000, 1000 * 2 ** failures) : PACE;
    timer = window.setTimeout(round, Math.max(pace, slow) + Math.random() * 300);
  }

  // --- who else is here -------------------------------------------------------------------------
  function present(sentence) {
    const line = document.querySelector("[data-presence]");
    if (line && line.textContent !== sentence) { line.textContent = sentence; line.hidden = !sentence; }
  }

  function sign(leaving) {
    const form = new FormData();
    form.set("csrf_token", page.token);
    form.set("ort", page.here);
    form.set("tut", page.doing || "");
    if (leaving) { form.set("weg", "1"); navigator.sendBeacon(page.present, form); return; }
    fetch(page.present, { method: "POST", body: form, headers: { "X-By-Itself": "1" }, redirect: "manual" }).catch(() => {});
  }

  document.addEventListener("pointermove", (event) => { pointer = { node: event.target, at: Date.now() }; }, { passive: true });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) { window.clearTimeout(timer); round(); }
  });
  window.addEventListener("online", () => { window.clearTimeout(timer); round(); });
  if (page.here) {
    sign(false);
    window.setInterval(() => { if (!document.hidden) { sign(false); } }, STILL_HERE);
    window.addEventListener("pagehide", () => sign(true));
  }
  // Ages and clocks move even where nothing else does; pages without topics go by the clock alone.
  const slowest = Math.min(...parts.map((part) => Number(part.node.dataset.every || 60)));
  if (parts.length) {
    window.setInterval(() => { if (!document.hidden && !failures) { refresh().catch(() => {}); } },
      1000 * (page.topics ? Math.max(60, slowest) : slowest));
  }
  timer = window.setTimeout(round, PACE / 2);
})();
