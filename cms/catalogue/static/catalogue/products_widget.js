/* Places for products: the next one is shown when it is asked for; they are moved and emptied where they stand. */
(() => {
  const inputOf = (place) => place.querySelector('input[type="hidden"]');
  const shown = (widget) => [...widget.querySelectorAll('[data-place]:not([hidden])')];

  document.addEventListener('click', (event) => {
    const button = event.target.closest?.(
      '[data-products-widget] :is([data-up], [data-down], [data-remove], [data-add])',
    );
    if (!button) return;
    const widget = button.closest('[data-products-widget]');
    const list = widget.querySelector('ol');
    if (button.matches('[data-add]')) {
      const next = list.querySelector('[data-place][hidden]');
      if (!next) return;
      next.hidden = false;
      list.insertBefore(next, shown(widget).filter((place) => place !== next).at(-1)?.nextSibling ?? list.firstChild);
      next.querySelector('[data-chooser-action-choose]')?.click();
    } else {
      const place = button.closest('[data-place]');
      const places = shown(widget);
      const at = places.indexOf(place);
      if (button.matches('[data-up]') && at > 0) list.insertBefore(place, places[at - 1]);
      if (button.matches('[data-down]') && at < places.length - 1) list.insertBefore(places[at + 1], place);
      if (button.matches('[data-remove]')) {
        inputOf(place).value = '';
        place.querySelector('.chooser')?.classList.add('blank');
        place.hidden = true;
        list.append(place);
      }
      if (!button.matches('[data-remove]')) button.focus();
    }
    widget.querySelector('[data-add]').hidden = !list.querySelector('[data-place][hidden]');
    widget.dispatchEvent(new Event('change', { bubbles: true }));
  });
})();
