// The promotion editor: only the fields of the chosen benefit, suggestions while one types, and the example as it changes.
// Without this file everything is there all the same: all fields, plain text fields, and the button that shows the example.
(() => {
  const editor = document.querySelector("[data-promotion-editor]");
  if (!editor) return;
  const kind = editor.querySelector("[name=kind]");
  const example = editor.querySelector("[data-example]");
  const suggestions = editor.querySelector("#suggestions");

  const showFieldsOfKind = () => {
    if (!kind) return;
    for (const field of editor.querySelectorAll("[data-kinds]")) {
      field.hidden = !field.dataset.kinds.split(" ").includes(kind.value);
    }
    for (const field of editor.querySelectorAll("[data-only-bundle]")) field.hidden = kind.value !== "bundle";
  };

  let asked = 0;
  const showExample = async () => {
    const mine = ++asked;
    example.classList.add("is-working");
    try {
      const answer = await fetch(editor.dataset.exampleUrl, { method: "POST", body: new FormData(editor) });
      const html = await answer.text();
      if (mine === asked) example.innerHTML = answer.ok ? html : "<p>The example cannot be shown just now.</p>";
    } catch {
      if (mine === asked) example.innerHTML = "<p>The example cannot be shown just now.</p>";
    } finally {
      if (mine === asked) example.classList.remove("is-working");
    }
  };

  const soon = (work, milliseconds) => {
    let timer;
    return (...given) => {
      clearTimeout(timer);
      timer = setTimeout(() => work(...given), milliseconds);
    };
  };
  const showExampleSoon = soon(showExample, 350);

  const kindOf = (field) => field.closest("[data-row]")?.querySelector("[name$=-kind]")?.value ?? "variant";
  const suggest = async (field) => {
    const query = new URLSearchParams({ kind: kindOf(field), q: field.value });
    const answer = await fetch(`${editor.dataset.goodsUrl}?${query}`);
    if (!answer.ok || document.activeElement !== field) return;
    const { labels } = await answer.json();
    suggestions.replaceChildren(
      ...labels.map((label) => Object.assign(document.createElement("option"), { value: label })),
    );
  };
  const suggestSoon = soon(suggest, 150);
  const namesGoods = (field) => field.matches?.("[name$=-goods], [name=gift]");

  const addRow = (name) => {
    const total = editor.querySelector(`[name=${name}-TOTAL_FORMS]`);
    const html = editor.querySelector(`[data-row-template=${name}]`).innerHTML.replaceAll("__prefix__", total.value);
    const rows = editor.querySelector(`[data-rows=${name}]`);
    rows.insertAdjacentHTML("beforeend", html);
    total.value = Number(total.value) + 1;
    prepare(rows.lastElementChild);
    rows.lastElementChild.querySelector("input, select").focus();
  };

  const prepare = (part) => {
    for (const button of part.querySelectorAll("[data-clear-row], [data-add-row]")) button.hidden = false;
    showFieldsOfKind();
  };

  editor.addEventListener("focusin", ({ target }) => {
    if (!namesGoods(target)) return;
    target.setAttribute("list", suggestions.id);
    suggest(target);
  });
  editor.addEventListener("input", ({ target }) => {
    if (namesGoods(target)) suggestSoon(target);
    showExampleSoon();
  });
  editor.addEventListener("change", ({ target }) => {
    if (target === kind) showFieldsOfKind();
    if (target.matches("[name$=-kind]")) target.closest("[data-row]").querySelector("[name$=-goods]").value = "";
    showExampleSoon();
  });
  editor.addEventListener("click", ({ target }) => {
    const add = target.closest("[data-add-row]");
    if (add) addRow(add.dataset.addRow);
    const clear = target.closest("[data-clear-row]");
    if (!clear) return;
    const row = clear.closest("[data-row]");
    row.querySelector("[name$=-goods]").value = "";
    row.hidden = true;
    showExampleSoon();
  });

  editor.querySelector("[data-show-example]").hidden = true;
  prepare(editor);
  showExample();
})();
