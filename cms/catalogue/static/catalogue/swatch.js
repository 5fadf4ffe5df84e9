// Keeps the chosen and the written colour of a swatch the same, also in rows that were added later.
document.addEventListener("input", (event) => {
  const pair = event.target.closest(".swatch-input");
  if (!pair) return;
  const [chosen, written] = pair.querySelectorAll("input");
  if (event.target === chosen) {
    written.value = chosen.value;
  } else if (/^#[0-9a-f]{6}$/i.test(written.value)) {
    chosen.value = written.value;
  }
});
