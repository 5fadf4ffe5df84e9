// The form of a collection: only the half of the chosen method, and of a rule only the fields of its subject.
// Without this file everything is there all the same.
(() => {
  const fieldOf = (input) => input.closest(".w-panel__wrapper") ?? input.closest(".w-field__wrapper")?.parentElement;
  const show = (input, shown) => {
    const field = input && fieldOf(input);
    if (field) field.hidden = !shown;
  };

  const showMethod = () => {
    const chosen = document.querySelector("input[name=method]:checked");
    if (!chosen) return;
    for (const part of document.querySelectorAll("[data-method]")) part.hidden = part.dataset.method !== chosen.value;
  };

  const FIELDS = {
    price_below: ["amount"],
    price_above: ["amount"],
    new_for_days: ["days"],
    category: ["category"],
    brand: ["brand"],
    vendor: ["vendor"],
    tag: ["tag"],
  };
  const OF_TYPE = {
    choice: ["choices"],
    choices: ["choices"],
    number: ["least", "most"],
    date: ["least", "most"],
    boolean: ["answer"],
    text: ["text"],
  };
  const ALL = ["category", "brand", "vendor", "tag", "attribute", "choices", "least", "most", "answer", "text", "amount", "days"];

  const showRule = (subject) => {
    const prefix = subject.name.replace(/subject$/, "");
    const input = (name) => document.querySelector(`[name="${prefix}${name}"]`);
    const attribute = input("attribute");
    let wanted = FIELDS[subject.value] ?? [];
    if (subject.value === "attribute" && attribute) {
      const types = Object.fromEntries(attribute.dataset.types.split(",").map((each) => each.split(":")));
      wanted = ["attribute", ...(OF_TYPE[types[attribute.value]] ?? [])];
      const called = attribute.selectedOptions[0]?.textContent;
      for (const group of input("choices")?.querySelectorAll("optgroup") ?? []) {
        group.hidden = group.label !== called && group.label !== "Gone";
        if (group.hidden) for (const option of group.children) option.selected = false;
      }
    }
    for (const name of ALL) show(input(name), wanted.includes(name));
  };

  const showAll = () => {
    showMethod();
    for (const subject of document.querySelectorAll("select[name^=rules-][name$=-subject]")) showRule(subject);
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches("input[name=method], [name^=rules-]")) showAll();
  });
  document.addEventListener("DOMContentLoaded", () => {
    showAll();
    const rules = document.querySelector("#id_rules-FORMS");
    if (rules) new MutationObserver(showAll).observe(rules, { childList: true });
  });
})();
