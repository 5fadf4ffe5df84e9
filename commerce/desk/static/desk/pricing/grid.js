// The price grid with a keyboard and a clipboard. Without this script it is a form like any other.
(() => {
  const grid = document.querySelector("[data-price-grid]");
  if (!grid) return;

  const column = (cell) => [...grid.querySelectorAll(`input[data-cell="${cell.dataset.cell}"]:not([disabled])`)];
  const isCell = (target) => target instanceof HTMLInputElement && target.dataset.cell;

  const move = (cell, steps) => {
    const cells = column(cell);
    const next = cells[cells.indexOf(cell) + steps];
    if (!next) return false;
    next.focus();
    next.select();
    return true;
  };

  const shown = (input) => grid.querySelector(`[name="initial-${CSS.escape(input.name)}"]`)?.value ?? "";

  const count = () => {
    const rows = new Set();
    for (const input of grid.querySelectorAll("tbody input:not([type=hidden])")) {
      const changed = !input.disabled && input.value.trim() !== shown(input);
      input.classList.toggle("is-changed", changed);
      if (changed) rows.add(input.closest("tr"));
    }
    const place = grid.querySelector("[data-price-count]");
    if (place) place.textContent = rows.size ? `${rows.size} changed` : "";
    return rows.size;
  };

  grid.addEventListener("keydown", (event) => {
    if (!isCell(event.target) || event.altKey || event.ctrlKey || event.metaKey) return;
    const steps = { ArrowUp: -1, ArrowDown: 1, Enter: event.shiftKey ? -1 : 1 }[event.key];
    if (!steps) return;
    // Enter would send the form, which nobody wants in the middle of a column.
    event.preventDefault();
    move(event.target, steps);
  });

  grid.addEventListener("focusin", (event) => {
    if (isCell(event.target)) event.target.select();
  });

  // One column of a spreadsheet goes down the column; more than one are rows with SKUs, for the page that reads them.
  grid.addEventListener("paste", (event) => {
    if (!isCell(event.target)) return;
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (text.includes("\t")) {
      event.preventDefault();
      sessionStorage.setItem("desk-pasted-prices", text);
      window.location.assign(grid.dataset.pasteUrl);
    } else if (text.includes("\n")) {
      event.preventDefault();
      const cells = column(event.target);
      const start = cells.indexOf(event.target);
      text.split("\n").forEach((line, place) => {
        const cell = cells[start + place];
        if (cell && line.trim()) cell.value = line.trim();
      });
      count();
    }
  });

  let isSent = false;
  grid.addEventListener("input", count);
  grid.addEventListener("submit", () => {
    isSent = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isSent && count()) event.preventDefault();
  });
  count();
})();
