// The hour on the wall.
"use strict";

(() => {
  const clock = document.querySelector("[data-clock]");
  const tick = () => {
    clock.textContent = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  };
  tick();
  window.setInterval(tick, 1000);
})();
