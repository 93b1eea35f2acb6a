"use strict";
(() => {
  for (const box of document.querySelectorAll(".command")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy this command");
    const text = box.querySelector("pre");
    button.addEventListener("click", async () => {
      let done = false;
      try {
        await navigator.clipboard.writeText(text.textContent.trimEnd());
        done = true;
      } catch {
        getSelection().selectAllChildren(text);
        done = document.execCommand("copy");
      }
      button.textContent = done ? "Copied" : "Press Ctrl+C";
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
    box.append(button);
  }
  const search = document.querySelector(".search");
  if (search) {
    const field = search.querySelector("input");
    const said = search.querySelector("output");
    const rows = [...document.querySelectorAll(".users > tbody > tr")];
    const folds = [...document.querySelectorAll("#users > details")];
    const were = folds.map((one) => one.open);
    const texts = rows.map((row) => row.textContent.toLowerCase());
    search.hidden = false;
    field.addEventListener("input", () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row, n) => {
        const fits = words.every((word) => texts[n].includes(word));
        row.hidden = !fits;
        shown += fits ? 1 : 0;
      });
      folds.forEach((one, n) => { one.open = words.length > 0 || were[n]; });
      said.textContent = words.length ? `${shown} of ${rows.length} shown` : "";
    });
  }
  const openTarget = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (target) {
      for (let up = target; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", openTarget);
  openTarget();
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("#findings > details:not([open])")];
    closed.forEach((one) => { one.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((one) => { one.open = false; }));
})();
