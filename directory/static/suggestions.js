// Suggestions as one types, in the two boxes of the search form: the combobox with a listbox of the ARIA authoring
// practices (list autocomplete, chosen by hand). Nothing is chosen unless somebody chooses it; without an answer, or
// without this script, the form works as it stands.
(() => {
  "use strict";
  const PAUSE = 150; // milliseconds without a key before anything is asked
  const fields = document.querySelectorAll("input[data-suggest]");

  const element = (name, className, text = "") => {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  };

  const combobox = (field) => {
    const list = element("ul", "suggestions");
    list.id = `${field.id}-suggestions`;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.dataset.suggestLabel);
    const told = element("span", "hidden");
    told.setAttribute("role", "status");
    field.after(list, told);
    // A box of the type "search" may not be a combobox, and clears itself on Escape.
    field.type = "text";
    field.enterKeyHint = "search";
    field.autocomplete = "off";
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-expanded", "false");
    field.setAttribute("aria-controls", list.id);

    let options = []; // pairs of a suggestion and its element
    let active = -1;
    let waiting = 0;
    let asking = null;
    let composing = false;

    const isOpen = () => !list.hidden;

    const stop = () => {
      clearTimeout(waiting);
      asking?.abort();
      asking = null;
    };

    const activate = (position) => {
      options[active]?.row.setAttribute("aria-selected", "false");
      active = position;
      const row = options[active]?.row;
      if (!row) {
        field.removeAttribute("aria-activedescendant");
        return;
      }
      row.setAttribute("aria-selected", "true");
      field.setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView({ block: "nearest" });
    };

    const close = () => {
      stop();
      activate(-1);
      list.hidden = true;
      field.setAttribute("aria-expanded", "false");
      told.textContent = "";
    };

    const choose = ({ suggestion }) => {
      close();
      if (suggestion.address) {
        window.location.assign(suggestion.address);
        return;
      }
      field.value = suggestion.text;
      field.focus();
    };

    const draw = (suggestion, number) => {
      const row = element("li", "suggestion");
      row.id = `${list.id}-${number}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      row.append(element("span", "suggested", suggestion.label));
      if (suggestion.note) row.append(" ", element("span", "note", suggestion.note));
      if (suggestion.leads) {
        row.classList.add("leads");
        row.append(" ", element("span", "hidden", suggestion.leads));
      }
      const option = { suggestion, row };
      row.addEventListener("click", () => choose(option));
      return option;
    };

    const show = (answer) => {
      activate(-1);
      options = answer.suggestions.map(draw);
      list.replaceChildren(...options.map(({ row }) => row));
      if (!options.length) {
        close();
        return;
      }
      list.hidden = false;
      field.setAttribute("aria-expanded", "true");
      told.textContent = answer.count;
    };

    const typed = () => field.value.trim();

    // One letter of an alphabet says too little; one of another script may be a word.
    const saysEnough = (text) => text.length > 1 || /[^\x00-\x7f]/.test(text);

    const ask = async () => {
      const text = typed();
      stop();
      if (!saysEnough(text) || text.length > Number(field.dataset.suggestMost)) {
        close();
        return false;
      }
      const mine = new AbortController();
      asking = mine;
      try {
        const address = `${field.dataset.suggest}&text=${encodeURIComponent(text)}`;
        const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: mine.signal });
        const found = answer.ok ? await answer.json() : { suggestions: [] };
        // Meanwhile something else may have been typed, or somebody has gone on.
        if (asking !== mine || document.activeElement !== field || typed() !== text) return false;
        asking = null;
        show(found);
        return isOpen();
      } catch {
        if (asking === mine) close();
        return false;
      }
    };

    const move = (by) => {
      const places = options.length + 1; // one of them is the box itself
      activate(((active + 1 + by + places) % places) - 1);
    };

    const onArrow = async (event, by) => {
      event.preventDefault();
      if (event.altKey && by < 0) close();
      else if (isOpen()) event.altKey || move(by);
      else if ((await ask()) && !event.altKey) move(by);
    };

    const onKey = (event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey) return;
      if (event.key === "ArrowDown") onArrow(event, 1);
      else if (event.key === "ArrowUp") onArrow(event, -1);
      else if (event.key === "Escape" && isOpen()) {
        event.preventDefault();
        close();
      } else if (event.key === "Enter") {
        const option = options[active];
        if (!option || !isOpen()) {
          close();
          return;
        }
        event.preventDefault();
        choose(option);
      } else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) activate(-1);
    };

    const onInput = () => {
      activate(-1);
      stop();
      if (composing) return;
      if (saysEnough(typed())) waiting = setTimeout(ask, PAUSE);
      else close();
    };

    field.addEventListener("keydown", onKey);
    field.addEventListener("input", onInput);
    field.addEventListener("compositionstart", () => {
      composing = true;
    });
    field.addEventListener("compositionend", () => {
      composing = false;
      onInput();
    });
    field.addEventListener("blur", close);
    // The box keeps the focus while a suggestion is pressed, so that the list is still there when it is let go.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    window.addEventListener("pagehide", close);
  };

  fields.forEach(combobox);
})();
