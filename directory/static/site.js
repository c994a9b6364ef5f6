// "Use where I am": asks the browser, only when somebody presses it, and sends the place rounded to a kilometre or so.
(() => {
  "use strict";
  const field = document.querySelector("input[data-near-me]");
  if (!field || !navigator.geolocation) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "near-me";
  button.textContent = field.dataset.nearMe;
  const told = document.createElement("span");
  told.className = "hidden";
  told.setAttribute("role", "status");
  field.after(button, told);
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      (found) => {
        field.value = `${found.coords.latitude.toFixed(2)},${found.coords.longitude.toFixed(2)}`;
        field.form.requestSubmit();
      },
      () => {
        button.disabled = false;
        told.className = "hint";
        told.textContent = field.dataset.nearMeFailed;
        field.focus();
      },
      { maximumAge: 600000, timeout: 10000 },
    );
  });
})();

// "Copy it": a button beside an address that can be copied by hand, too.
(() => {
  "use strict";
  if (!navigator.clipboard) return;
  for (const field of document.querySelectorAll("input[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-quiet";
    button.textContent = field.dataset.copy;
    const told = document.createElement("span");
    told.className = "hint";
    told.setAttribute("role", "status");
    const row = document.createElement("span");
    row.className = "row copying";
    row.append(button, told);
    field.after(row);
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(field.value);
        told.textContent = field.dataset.copied;
      } catch {
        field.select();
      }
    });
  }
})();
