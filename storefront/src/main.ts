import { createPinia } from "pinia";
import { createApp } from "vue";

import App from "@/App.vue";
import { LANGUAGE } from "@/language";
import { router } from "@/router";

import "@/styles/fonts.css";
import "@/styles/base.css";

document.documentElement.lang = LANGUAGE;
createApp(App).use(createPinia()).use(router).mount("#app");
