// For those who have scripts: a button that prints, and a timer for the steps of self-help. Neither is needed.
(() => {
  "use strict";
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  for (const box of document.querySelectorAll("[data-timer]")) {
    const parts = [...box.querySelectorAll("[data-seconds]")].map((part) => ({
      seconds: Number(part.dataset.seconds),
      words: part.textContent.trim(),
    }));
    if (!parts.length || parts.some((part) => !(part.seconds > 0))) continue;
    const make = (tag, name, words) => {
      const made = document.createElement(tag);
      made.className = name;
      made.textContent = words;
      return made;
    };
    const now = make("p", "now", box.dataset.ready);
    now.setAttribute("role", "status");
    const count = make("p", "count", "");
    count.setAttribute("aria-hidden", "true");
    count.hidden = true;
    const button = make("button", "btn", box.dataset.start);
    button.type = "button";
    box.prepend(now, count, button);
    let ticking = 0;
    const end = (words) => {
      window.clearInterval(ticking);
      ticking = 0;
      now.textContent = words;
      count.hidden = true;
      button.textContent = box.dataset.start;
    };
    const begin = () => {
      const from = performance.now();
      let said = -1;
      const look = () => {
        // By the clock and not by counting: a window in the background is woken late.
        let gone = (performance.now() - from) / 1000;
        const at = parts.findIndex((part) => gone < part.seconds || ((gone -= part.seconds), false));
        if (at < 0) return end(box.dataset.done);
        if (at !== said) now.textContent = parts[(said = at)].words;
        count.textContent = String(Math.ceil(parts[at].seconds - gone));
      };
      count.hidden = false;
      button.textContent = box.dataset.stop;
      ticking = window.setInterval(look, 200);
      look();
    };
    button.addEventListener("click", () => (ticking ? end(box.dataset.ready) : begin()));
    box.hidden = false;
  }
})();
