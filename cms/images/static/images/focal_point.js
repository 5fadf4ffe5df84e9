/* The mark is that of the picture the page came with; another picture has another, seen once it is saved. */
document.addEventListener('change', (event) => {
  if (event.target.matches?.('input[type="hidden"]')) {
    event.target.closest('[data-contentpath], .w-field')?.querySelector('[data-focal-point]')?.remove();
  }
});
