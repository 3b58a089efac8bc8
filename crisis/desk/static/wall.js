// The hour on the wall: the town's, wherever the computer behind the screen thinks it is.
"use strict";

(() => {
  const clock = document.querySelector("[data-clock]");
  const hour = { hour: "2-digit", minute: "2-digit", timeZone: clock.dataset.clock };
  const tick = () => {
    clock.textContent = new Date().toLocaleTimeString(document.documentElement.lang, hour);
  };
  tick();
  window.setInterval(tick, 1000);
})();
