/** Shows a component in a page of its own. */
import { createPinia, setActivePinia } from "pinia";
import { type Component, createApp, h, nextTick } from "vue";
import { createMemoryHistory, createRouter } from "vue-router";

export type Shown = { element: HTMLElement; text: () => string; find: (selector: string) => HTMLElement };

export function freshPinia() {
  const pinia = createPinia();
  setActivePinia(pinia);
  return pinia;
}

export function show(component: Component, props: object = {}, pinia = freshPinia()): Shown {
  const element = document.createElement("div");
  document.body.replaceChildren(element);
  const anywhere = { path: "/:path(.*)*", component: { render: () => null } };
  const named = ["home", "product", "category"].map((name) => ({ ...anywhere, path: `/${name}/:slug?`, name }));
  const router = createRouter({ history: createMemoryHistory(), routes: [...named, anywhere] });
  createApp({ render: () => h(component, props) }).use(pinia).use(router).mount(element);
  return {
    element,
    text: () => (element.textContent ?? "").replace(/\s+/g, " ").trim(),
    find: (selector) => {
      const found = element.querySelector<HTMLElement>(selector);
      if (!found) throw new Error(`nothing on the page is ${selector}`);
      return found;
    },
  };
}

/** Lets answers arrive and the page follow. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve));
    await nextTick();
  }
}
