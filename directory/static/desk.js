// Single keys for the desk. Everything they do can be done without them; they can be turned off, and rest while typing.
(() => {
  "use strict";
  const desk = document.querySelector("[data-desk]");
  if (!desk) return;
  const STORE = "desk-keys";
  const switcher = desk.querySelector("[data-keys-switch]");
  const isOn = () => localStorage.getItem(STORE) !== "off";
  const say = () => {
    if (!switcher) return;
    switcher.hidden = false;
    switcher.textContent = isOn() ? switcher.dataset.off : switcher.dataset.on;
    for (const key of desk.querySelectorAll("kbd, .keys")) key.hidden = !isOn();
  };
  say();
  switcher?.addEventListener("click", () => {
    localStorage.setItem(STORE, isOn() ? "off" : "on");
    say();
  });
  const reason = desk.querySelector("textarea[name=reason]");
  const isTyping = (element) =>
    element.isContentEditable ||
    element.matches("textarea, select") ||
    (element.matches("input") && !element.matches("[type=radio], [type=checkbox], [type=submit], [type=button]"));
  document.addEventListener("keydown", (event) => {
    if (!isOn() || event.isComposing) return;
    if (event.key === "Escape" && isTyping(event.target)) {
      event.target.blur();
      return;
    }
    if (event.ctrlKey && event.key === "Enter" && event.target.matches("textarea, select") && event.target.form) {
      event.target.form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    const key = event.key.toUpperCase();
    const link = desk.querySelector(`:is(a, button)[data-key="${CSS.escape(key)}"]`);
    if (link) {
      event.preventDefault();
      link.click();
      return;
    }
    const choice = desk.querySelector(`input[type=radio][data-key="${CSS.escape(key)}"]`);
    if (!choice) return;
    event.preventDefault();
    choice.click();
    // What the choice needs and nobody has filled in yet comes next.
    const needed = (choice.dataset.needs || "").split(" ").map((id) => document.getElementById(id));
    const empty = needed.find((field) => field && !field.value.trim());
    (empty || choice).focus();
  });
  // A ready text goes into the field at once, below what is typed there already, instead of loading the page anew.
  for (const link of desk.querySelectorAll("a[data-text]")) {
    link.addEventListener("click", (event) => {
      if (!reason || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      reason.value = [reason.value.trim(), link.dataset.text].filter(Boolean).join("\n\n");
      reason.focus();
    });
  }
})();
