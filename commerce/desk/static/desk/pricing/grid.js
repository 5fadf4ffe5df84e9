// A grid with a keyboard and a clipboard. Without this script it is a form like any other.
(() => {
  const grid = document.querySelector("[data-price-grid]");
  if (!grid) return;

  const isThere = (cell) => !cell.disabled && cell.getClientRects().length > 0;
  const column = (cell) => [...grid.querySelectorAll(`[data-cell="${cell.dataset.cell}"]`)].filter(isThere);
  const isCell = (target) => target.dataset?.cell !== undefined;
  const isText = (cell) => cell instanceof HTMLInputElement && cell.type !== "checkbox";
  const said = (cell) => (cell.type === "checkbox" ? (cell.checked ? cell.value : "") : cell.value.trim());

  const enter = (cell) => {
    cell.focus();
    if (isText(cell)) cell.select();
  };

  const move = (cell, steps) => {
    const cells = column(cell);
    const next = cells[cells.indexOf(cell) + steps];
    if (next) enter(next);
  };

  const inRow = (cell) => [...cell.closest("tr").querySelectorAll("[data-cell]")].filter(isThere);

  const beside = (cell, steps) => {
    const cells = inRow(cell);
    return cells[cells.indexOf(cell) + steps];
  };

  // Left and right leave a cell at its end, or when all of it is selected, as it is after one came in.
  const isAtEnd = (cell, steps) => {
    if (!isText(cell) || cell.type === "datetime-local") return cell.type === "checkbox";
    const { selectionStart: start, selectionEnd: end, value } = cell;
    if (start === 0 && end === value.length) return true;
    return start === end && start === (steps < 0 ? 0 : value.length);
  };

  const before = (input) => {
    if (input.dataset.shown !== undefined) return input.dataset.shown;
    const sent = grid.querySelector(`[name="initial-${CSS.escape(input.name)}"]`);
    if (sent) return sent.value;
    if (input.type === "checkbox") return input.defaultChecked ? input.value : "";
    if (input instanceof HTMLSelectElement) return [...input.options].find((each) => each.defaultSelected)?.value ?? "";
    return input.defaultValue.trim();
  };

  const count = () => {
    const rows = new Set();
    for (const input of grid.querySelectorAll("tbody :is(input:not([type=hidden]), select, textarea)")) {
      const changed = !input.disabled && said(input) !== before(input);
      input.classList.toggle("is-changed", changed);
      if (changed) rows.add(input.closest("tr"));
    }
    const place = grid.querySelector("[data-price-count]");
    if (place) place.textContent = rows.size ? `${rows.size} changed` : "";
    return rows.size;
  };

  grid.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (!isCell(cell) || event.altKey || event.ctrlKey || event.metaKey) return;
    const aside = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (aside && !event.shiftKey && isAtEnd(cell, aside)) {
      const next = beside(cell, aside);
      if (next) {
        event.preventDefault();
        enter(next);
      }
      return;
    }
    const steps = { ArrowUp: -1, ArrowDown: 1, Enter: event.shiftKey ? -1 : 1 }[event.key];
    // In a list to choose from and in a date the arrows choose.
    const chooses = cell instanceof HTMLSelectElement || cell.type === "datetime-local";
    if (!steps || (chooses && event.key !== "Enter")) return;
    // Enter would send the form, which nobody wants in the middle of a column.
    event.preventDefault();
    move(cell, steps);
  });

  grid.addEventListener("focusin", (event) => {
    if (isCell(event.target) && isText(event.target)) event.target.select();
  });

  const fill = (cell, text) => {
    const word = text.trim();
    if (cell instanceof HTMLSelectElement) {
      const wanted = word.toLocaleLowerCase();
      const found = [...cell.options].find((each) =>
        [each.value, each.text].some((name) => name.toLocaleLowerCase() === wanted),
      );
      if (found) cell.value = found.value;
    } else if (cell.type !== "checkbox" && word) {
      cell.value = word;
    }
  };

  // One column of a spreadsheet goes down the column. More than one fill the cells beside it, or where the grid has a
  // page for pasted rows, they are rows with SKUs for that page to read.
  grid.addEventListener("paste", (event) => {
    if (!isCell(event.target)) return;
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (text.includes("\t") && grid.dataset.pasteUrl) {
      event.preventDefault();
      sessionStorage.setItem("desk-pasted-prices", text);
      window.location.assign(grid.dataset.pasteUrl);
    } else if (/[\t\n]/.test(text)) {
      event.preventDefault();
      const cells = column(event.target);
      const start = cells.indexOf(event.target);
      text.split("\n").forEach((line, place) => {
        const first = cells[start + place];
        if (!first) return;
        const row = inRow(first);
        line.split("\t").forEach((word, aside) => {
          const cell = row[row.indexOf(first) + aside];
          if (cell) fill(cell, word);
        });
      });
      count();
    }
  });

  let isSent = false;
  grid.addEventListener("input", count);
  grid.addEventListener("submit", () => {
    count();
    isSent = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isSent && count()) event.preventDefault();
  });
  count();
})();
