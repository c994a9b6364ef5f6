// A proof of work for an enquiry: looks for a number such that the SHA-256 of the form's mark and the number begins with
// so many zero bits. It begins when somebody begins to write. Without it the enquiry is held for a while, and still goes.
(() => {
  "use strict";
  const form = document.querySelector("form[data-bits]");
  if (!form || !window.crypto || !crypto.subtle) return;
  const bits = Number(form.dataset.bits);
  const told = form.querySelector("[data-told]");
  const text = new TextEncoder();
  const AT_ONCE = 256;
  const PATIENCE = 30000;
  let search = null;

  const fits = (digest) => new DataView(digest).getUint32(0) >>> (32 - bits) === 0;
  const look = async () => {
    const mark = form.elements.mark.value;
    for (let first = 0; ; first += AT_ONCE) {
      const tries = Array.from({ length: AT_ONCE }, (_, more) => first + more);
      const digests = await Promise.all(tries.map((one) => crypto.subtle.digest("SHA-256", text.encode(`${mark}:${one}`))));
      const found = digests.findIndex(fits);
      if (found >= 0) {
        form.elements.work.value = String(tries[found]);
        return;
      }
      // Whoever types meanwhile does not wait.
      await new Promise((go) => { setTimeout(go); });
    }
  };
  const begin = () => (search ??= look().catch(() => {}));

  form.addEventListener("input", begin, { once: true });
  form.addEventListener("submit", async (event) => {
    const pressed = event.submitter;
    if (form.elements.work.value || (pressed && pressed.name)) return;
    event.preventDefault();
    if (told.textContent) return;
    told.textContent = form.dataset.working;
    await Promise.race([begin(), new Promise((late) => { setTimeout(late, PATIENCE); })]);
    told.textContent = "";
    form.elements.work.value ||= "0";
    form.requestSubmit(pressed);
  });
})();
