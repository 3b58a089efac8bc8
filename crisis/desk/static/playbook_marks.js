// A mark beside each line of a playbook in which the check found something. The list beside the text says
// the same in words, so this is for the eye and the mouse alone; without a script the list is all there is.
"use strict";

(() => {
  const field = document.querySelector("form[data-beside] textarea[name=text]");
  const beside = document.getElementById("daneben");
  if (!field || !beside) { return; }
  const SIGNS = { error: "✕", warning: "!", hint: "i" };
  const ORDER = ["error", "warning", "hint"];
  const COPIED = ["fontFamily", "fontSize", "fontWeight", "fontStyle", "letterSpacing", "lineHeight", "tabSize",
    "paddingTop", "paddingBottom", "paddingLeft", "paddingRight", "overflowWrap", "wordBreak"];

  const frame = document.createElement("div");
  frame.className = "marked";
  field.before(frame);
  const strip = document.createElement("div");
  strip.className = "marked__strip";
  strip.setAttribute("aria-hidden", "true");
  const rail = strip.appendChild(document.createElement("div"));
  const mirror = document.createElement("div");
  mirror.className = "marked__mirror";
  mirror.setAttribute("aria-hidden", "true");
  frame.append(field, strip, mirror);

  function found() {
    const lines = new Map();
    for (const link of beside.querySelectorAll(".findings a[data-line]")) {
      const item = link.closest("li");
      const level = ORDER.find((one) => item.classList.contains(`findings__${one}`));
      const line = Number(link.dataset.line);
      const known = lines.get(line) ?? { level, said: [], link };
      if (ORDER.indexOf(level) < ORDER.indexOf(known.level)) { known.level = level; }
      known.said.push(item.lastElementChild.textContent.trim());
      lines.set(line, known);
    }
    return lines;
  }

  // Where a line begins when lines before it are broken: the text once more, as wide as it stands there.
  function tops(wanted) {
    const style = getComputedStyle(field);
    for (const name of COPIED) { mirror.style[name] = style[name]; }
    mirror.style.width = `${field.clientWidth}px`;
    const lines = field.value.split("\n").map((text) => {
      const line = document.createElement("div");
      line.textContent = text || "\u200b";
      return line;
    });
    mirror.replaceChildren(...lines);
    const all = new Map([...wanted].map((number) => [number, lines[Math.min(number, lines.length) - 1]?.offsetTop ?? 0]));
    mirror.replaceChildren();
    return all;
  }

  function follow() { rail.style.transform = `translateY(${-field.scrollTop}px)`; }

  function draw() {
    const lines = found();
    const at = tops(lines.keys());
    rail.replaceChildren(...[...lines].map(([number, one]) => {
      const mark = document.createElement("span");
      mark.className = `marked__mark marked__mark--${one.level}`;
      mark.textContent = SIGNS[one.level];
      mark.title = one.said.join("\n");
      mark.dataset.at = String(number);
      mark.style.top = `${at.get(number)}px`;
      mark.addEventListener("click", () => { one.link.focus(); one.link.scrollIntoView({ block: "nearest" }); });
      return mark;
    }));
    strip.style.top = `${field.offsetTop + field.clientTop}px`;
    strip.style.height = `${field.clientHeight}px`;
    follow();
  }

  let planned = 0;
  function soon() { cancelAnimationFrame(planned); planned = requestAnimationFrame(draw); }
  beside.addEventListener("click", (event) => { // after the line was chosen: into the middle, broken lines counted
    const number = Number(event.target.closest("a[data-line]")?.dataset.line);
    if (number) { field.scrollTop = Math.max(0, tops([number]).get(number) - field.clientHeight / 2); }
  });
  field.addEventListener("scroll", follow, { passive: true });
  new MutationObserver(soon).observe(beside, { childList: true });
  new ResizeObserver(soon).observe(field);
  document.fonts?.ready.then(soon);
  draw();
})();
