// The order of a category's products: rows are dragged, or moved with buttons and Alt and the arrow keys.
// Without this file the places can be written all the same.
(() => {
  const form = document.querySelector("[data-ordering]");
  if (!form) return;
  const list = form.querySelector(".ordering");
  const said = form.querySelector("[data-said]");
  const first = Number(form.dataset.first);
  const place = (row) => row.querySelector(".ordering__place");

  if (!form.hasAttribute("data-draggable")) return;

  const renumber = () => {
    [...list.children].forEach((row, index) => {
      place(row).value = first + index;
    });
  };

  const move = (row, step) => {
    const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    const focused = document.activeElement;
    if (step < 0) other.before(row);
    else other.after(row);
    renumber();
    focused.focus();
    said.textContent = `Place ${place(row).value} of ${list.children.length}`;
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (button) move(button.closest("[data-row]"), Number(button.dataset.move));
  });

  form.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    move(row, event.key === "ArrowUp" ? -1 : 1);
  });

  // A place that is written moves the row there at once, so that what is seen is what will be saved.
  form.addEventListener("change", (event) => {
    if (!event.target.matches(".ordering__place")) return;
    const row = event.target.closest("[data-row]");
    const wanted = Number(event.target.value);
    if (!Number.isInteger(wanted) || wanted < 1) return;
    row.remove();
    list.insertBefore(row, list.children[wanted - first] ?? null);
    renumber();
    event.target.focus();
  });

  let dragged = null;
  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-row]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setDragImage(dragged, 0, 0);
    dragged.classList.add("is-dragged");
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-row]");
    if (!dragged || !over) return;
    event.preventDefault();
    if (over === dragged) return;
    const { top, height } = over.getBoundingClientRect();
    if (event.clientY < top + height / 2) over.before(dragged);
    else over.after(dragged);
  });
  list.addEventListener("drop", (event) => event.preventDefault());
  list.addEventListener("dragend", () => {
    dragged?.classList.remove("is-dragged");
    dragged = null;
    renumber();
  });
})();
