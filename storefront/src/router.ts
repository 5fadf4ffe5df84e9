import { createRouter, createWebHistory, type RouterScrollBehavior } from "vue-router";

import { BASE } from "@/language";
import PageView from "@/views/PageView.vue";

const LONGEST_RENDER = 1_000;

/** Going back lands where the shopper was, once the page is long enough again. */
const scrollBehavior: RouterScrollBehavior = async (to, from, saved) => {
  if (!saved) return to.path === from.path ? undefined : { top: 0 };
  const deadline = performance.now() + LONGEST_RENDER;
  while (document.documentElement.scrollHeight < saved.top + window.innerHeight && performance.now() < deadline) {
    await new Promise(requestAnimationFrame);
  }
  return saved;
};

export const router = createRouter({
  history: createWebHistory(BASE),
  scrollBehavior,
  routes: [
    { path: "/", name: "home", component: PageView, props: { path: "/" } },
    { path: "/c/:slug", name: "category", component: () => import("@/views/CategoryView.vue"), props: true },
    { path: "/p/:slug", name: "product", component: () => import("@/views/ProductView.vue"), props: true },
    { path: "/brands/:slug", name: "brand", component: () => import("@/views/BrandView.vue"), props: true },
    {
      path: "/collections/:slug",
      name: "collection",
      component: () => import("@/views/CollectionView.vue"),
      props: true,
    },
    { path: "/cart", name: "cart", component: () => import("@/views/CartView.vue") },
    { path: "/resume", name: "resume", component: () => import("@/views/ResumeView.vue") },
    { path: "/checkout", name: "checkout", component: () => import("@/views/CheckoutView.vue") },
    { path: "/orders/:id", name: "order", component: () => import("@/views/OrderView.vue"), props: true },
    { path: "/preview", name: "preview", component: () => import("@/views/PreviewView.vue") },
    { path: "/newsletter", name: "newsletter", component: () => import("@/views/NewsletterView.vue") },
    // Whatever else there is, editors have put there; the shop says whether there is such a page.
    { path: "/:path(.*)*", name: "page", component: PageView, props: (route) => ({ path: route.path }) },
  ],
});
