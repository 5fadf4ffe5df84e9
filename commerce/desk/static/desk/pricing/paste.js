// Takes over what was pasted into the grid.
(() => {
  const area = document.querySelector(".price-paste textarea");
  const text = sessionStorage.getItem("desk-pasted-prices");
  if (!area || !text) return;
  sessionStorage.removeItem("desk-pasted-prices");
  if (!area.value) area.value = text;
  area.focus();
})();
