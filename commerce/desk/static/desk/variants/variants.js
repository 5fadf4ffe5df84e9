// What the grid of variants has beyond other grids: groups of columns, thumbnails, and sending only what was changed.
(() => {
  const form = document.querySelector("form.variants");
  if (!form) return;
  const table = form.querySelector(".variants-table");
  const views = form.querySelector(".variants-views");
  const groups = [...views.querySelectorAll("[data-view]")].map((button) => button.dataset.view);
  const wrong = form.dataset.wrong.split(" ").filter(Boolean);

  const show = (view) => {
    table.classList.toggle("is-some", view !== "all");
    for (const group of groups) table.classList.toggle(`shows-${group}`, view !== "all" && group === view);
    for (const button of views.querySelectorAll("[data-view]")) {
      button.setAttribute("aria-pressed", String(button.dataset.view === view));
      button.classList.toggle("has-error", wrong.includes(button.dataset.view));
    }
    sessionStorage.setItem("desk-variants-view", view);
  };

  views.hidden = false;
  views.addEventListener("click", (event) => {
    const button = event.target.closest("[data-view]");
    if (button) show(button.dataset.view);
  });
  const last = sessionStorage.getItem("desk-variants-view");
  show(wrong[0] ?? (groups.includes(last) ? last : groups[0]));

  // Rows that nobody touched are not sent, nor cells: a large product would be more than the server takes at once.
  form.addEventListener("formdata", ({ formData }) => {
    for (const row of form.querySelectorAll("[data-row]")) {
      const isChanged = row.querySelector(".is-changed") !== null;
      for (const cell of row.querySelectorAll("[name]:not([type=hidden]), [data-carry]")) {
        const isSent = "carry" in cell.dataset ? isChanged : cell.classList.contains("is-changed");
        if (!isSent) formData.delete(cell.name);
      }
    }
  });
})();

// How many combinations are ticked.
(() => {
  const form = document.querySelector(".variants-make");
  const place = form?.querySelector("[data-make-count]");
  if (!place) return;
  const count = () => {
    const ticked = [...form.querySelectorAll("fieldset")]
      .map((each) => each.querySelectorAll(":checked").length)
      .filter(Boolean);
    const number = ticked.reduce((product, each) => product * each, ticked.length ? 1 : 0);
    place.textContent = number ? `${number} ${number === 1 ? "combination" : "combinations"}` : "";
  };
  form.addEventListener("change", count);
  count();
})();
