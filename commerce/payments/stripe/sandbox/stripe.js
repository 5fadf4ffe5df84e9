/* A look-alike of Stripe.js v3 that talks to the sandbox it was loaded from. It takes test cards only.
 *
 * It does what a storefront needs: elements(), create("payment"), confirmPayment(), confirmSetup(),
 * handleNextAction(), retrievePaymentIntent() and retrieveSetupIntent(), and with a customer session it offers the
 * customer's saved cards. The real script is loaded by the same code with the real keys.
 */
(() => {
  "use strict";

  const SANDBOX = new URL(document.currentScript.src).origin;
  const TEST_CARDS = [
    ["4242424242424242", "Succeeds"],
    ["4000002760003184", "Asks for 3-D Secure"],
    ["4000008400001629", "3-D Secure, then declined"],
    ["4000000000009995", "Insufficient funds"],
    ["4000000000000002", "Declined"],
  ];
  const VARIABLES = ["colorPrimary", "colorText", "colorBackground", "colorDanger", "borderRadius", "fontFamily"];
  const STYLE = `
    :host { display: block; --colorPrimary: #3b4bd8; --colorText: #1c2333; --colorBackground: #fff;
      --colorDanger: #b3261e; --borderRadius: 8px; --fontFamily: system-ui, -apple-system, "Segoe UI", sans-serif;
      --line: color-mix(in srgb, var(--colorText) 22%, transparent); }
    * { box-sizing: border-box; }
    .form, dialog { font: 16px/1.4 var(--fontFamily); color: var(--colorText); }
    .fields { display: grid; grid-template-columns: 1fr 1fr; gap: 14px; }
    .field.wide { grid-column: 1 / -1; }
    label { display: block; font-size: 14px; margin-bottom: 5px; }
    input { width: 100%; font: inherit; color: inherit; padding: 11px 12px; border: 1px solid var(--line);
      border-radius: var(--borderRadius); background: var(--colorBackground); outline: 0;
      transition: border-color .12s, box-shadow .12s; font-variant-numeric: tabular-nums; }
    input:focus { border-color: var(--colorPrimary);
      box-shadow: 0 0 0 3px color-mix(in srgb, var(--colorPrimary) 22%, transparent); }
    input[aria-invalid=true] { border-color: var(--colorDanger); }
    input::placeholder { color: color-mix(in srgb, var(--colorText) 45%, transparent); }
    .error { color: var(--colorDanger); font-size: 13px; margin: 5px 0 0; min-height: 0; }
    .error:empty { display: none; }
    .number { position: relative; }
    .brand { position: absolute; right: 10px; top: 50%; transform: translateY(-50%); font: 700 11px var(--fontFamily);
      letter-spacing: .05em; padding: 3px 7px; border-radius: 4px; color: #fff; background: #1a2a6c; }
    .brand:empty { display: none; }
    .ribbon { display: flex; justify-content: space-between; align-items: center; gap: 8px; font-size: 13px;
      padding: 7px 12px; margin-bottom: 14px; border-radius: var(--borderRadius); background: #fff4d6; color: #6b4a00; }
    .ribbon button, .cards button { font: inherit; color: inherit; background: none; border: 0; cursor: pointer; }
    .ribbon button { text-decoration: underline; padding: 2px 0; }
    .cards { list-style: none; margin: -6px 0 14px; padding: 4px; border: 1px solid var(--line);
      border-radius: var(--borderRadius); font-size: 14px; }
    .cards button { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 2px 10px; width: 100%;
      padding: 8px; border-radius: 6px; text-align: left; font-variant-numeric: tabular-nums; }
    .saved { display: grid; gap: 8px; margin-bottom: 14px; }
    .saved:empty { display: none; }
    .saved label, .save { display: flex; align-items: center; gap: 10px; margin: 0; font-size: 15px; }
    .saved label { padding: 11px 12px; border: 1px solid var(--line); border-radius: var(--borderRadius); cursor: pointer; }
    .saved label:has(:checked) { border-color: var(--colorPrimary); }
    .save { margin-top: 14px; font-size: 14px; }
    input[type=radio], input[type=checkbox] { width: auto; margin: 0; accent-color: var(--colorPrimary); }
    .cards button:hover { background: color-mix(in srgb, var(--colorPrimary) 10%, transparent); }
    button:focus-visible { outline: 2px solid var(--colorPrimary); outline-offset: 2px; }
    [hidden] { display: none !important; }
    dialog { width: min(24rem, calc(100vw - 2rem)); border: 0; border-radius: 14px; padding: 28px;
      background: var(--colorBackground); box-shadow: 0 20px 60px #0006; }
    dialog::backdrop { background: #0b1020a6; }
    dialog h2 { font-size: 20px; margin: 0 0 6px; } dialog p { margin: 0 0 18px; }
    dialog button { display: block; width: 100%; margin-top: 10px; padding: 12px; font: inherit; font-weight: 600;
      border: 0; border-radius: var(--borderRadius); cursor: pointer; color: #fff; background: var(--colorPrimary); }
    dialog button + button { color: var(--colorText); background: color-mix(in srgb, var(--colorText) 9%, transparent); }
  `;
  const FORM = `
    <div class="form" part="form">
      <div class="ribbon"><span>Sandbox · no real money</span>
        <button type="button" aria-expanded="false" aria-controls="cards">Test cards</button></div>
      <ul class="cards" id="cards" hidden></ul>
      <div class="saved" role="radiogroup" aria-label="Card"></div>
      <div class="fields">
        <div class="field wide"><label for="number">Card number</label>
          <div class="number"><input id="number" name="number" autocomplete="cc-number" inputmode="numeric"
            placeholder="1234 1234 1234 1234" aria-describedby="number-error" spellcheck="false"><span class="brand"
            aria-hidden="true"></span></div>
          <p class="error" id="number-error" role="alert"></p></div>
        <div class="field"><label for="expiry">Expiry</label>
          <input id="expiry" name="expiry" autocomplete="cc-exp" inputmode="numeric" placeholder="MM / YY"
            aria-describedby="expiry-error"><p class="error" id="expiry-error" role="alert"></p></div>
        <div class="field"><label for="cvc">CVC</label>
          <input id="cvc" name="cvc" autocomplete="cc-csc" inputmode="numeric" placeholder="CVC"
            aria-describedby="cvc-error"><p class="error" id="cvc-error" role="alert"></p></div>
      </div>
      <label class="save" hidden><input type="checkbox">Save this card for my next order</label>
    </div>`;
  const DIALOG = `
    <dialog aria-labelledby="title">
      <h2 id="title">3-D Secure</h2>
      <p>Here your bank would ask you to confirm the payment. This is the sandbox: choose what the bank answers.</p>
      <button type="button" value="succeeded">Complete authentication</button>
      <button type="button" value="failed">Fail authentication</button>
    </dialog>`;

  const digits = (text) => text.replace(/\D/g, "");
  const isAmex = (number) => /^3[47]/.test(number);

  function shadow(host, html, appearance) {
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    root.innerHTML = html;
    for (const name of VARIABLES) {
      const value = appearance?.variables?.[name];
      if (value) host.style.setProperty(`--${name}`, value);
    }
    return root;
  }

  function brandOf(number) {
    if (number.startsWith("4")) return "VISA";
    if (/^(5[1-5]|2[2-7])/.test(number)) return "MASTERCARD";
    return isAmex(number) ? "AMEX" : "";
  }

  const format = {
    number(typed) {
      const number = digits(typed).slice(0, isAmex(digits(typed)) ? 15 : 16);
      const groups = isAmex(number) ? number.match(/^(\d{1,4})(\d{1,6})?(\d{1,5})?/).slice(1) : number.match(/\d{1,4}/g);
      return (groups || []).filter(Boolean).join(" ");
    },
    expiry(typed, inserting) {
      let expiry = digits(typed);
      if (expiry.length > 4) expiry = expiry.slice(0, 2) + expiry.slice(-2); // A browser may fill in 12/2034.
      if (/^[2-9]/.test(expiry)) expiry = `0${expiry}`;
      if (expiry.length > 2 || (expiry.length === 2 && inserting)) return `${expiry.slice(0, 2)} / ${expiry.slice(2, 4)}`;
      return expiry;
    },
    cvc: (typed) => digits(typed).slice(0, 4),
  };

  const incomplete = (field, what) => ({
    type: "validation_error", code: `incomplete_${field}`, message: `${what} is incomplete.`, field,
  });

  class PaymentElement {
    constructor(appearance) {
      this.listeners = {};
      this.host = document.createElement("div");
      this.root = shadow(this.host, FORM, appearance);
      this.inputs = Object.fromEntries([...this.root.querySelectorAll(".field input")].map((input) => [input.name, input]));
      for (const input of Object.values(this.inputs)) {
        input.addEventListener("input", (event) => this.typed(input, !event.inputType?.startsWith("delete")));
        input.addEventListener("blur", () => input.value && this.show(this.problems().find((one) => one.field === input.name)));
      }
      this.offerTestCards();
    }

    offerTestCards() {
      const [toggle, list] = [this.root.querySelector(".ribbon button"), this.root.querySelector(".cards")];
      const open = (wanted) => { list.hidden = !wanted; toggle.setAttribute("aria-expanded", String(wanted)); };
      toggle.addEventListener("click", () => open(list.hidden));
      for (const [number, effect] of TEST_CARDS) {
        const button = document.createElement("button");
        button.type = "button";
        for (const text of [format.number(number), effect]) {
          button.append(Object.assign(document.createElement("span"), { textContent: text }));
        }
        button.addEventListener("click", () => { this.fill(number); open(false); });
        const item = document.createElement("li");
        item.append(button);
        list.append(item);
      }
    }

    /* The session's saved cards, and a box to save a new one where the shop allows that. */
    offerSavedCards({ data, save_usage }) {
      const [list, save] = [this.root.querySelector(".saved"), this.root.querySelector(".save")];
      this.saveUsage = save_usage;
      const choose = (id) => {
        this.chosen = id;
        this.root.querySelector(".fields").hidden = Boolean(id);
        save.hidden = Boolean(id) || !save_usage;
        this.changed();
      };
      const offer = (id, text) => {
        const radio = Object.assign(document.createElement("input"), { type: "radio", name: "card", value: id, checked: !list.children.length });
        radio.addEventListener("change", () => choose(id));
        const label = document.createElement("label");
        label.append(radio, text);
        list.append(label);
      };
      for (const { id, card } of data) {
        const year = String(card.exp_year).slice(-2);
        offer(id, `${card.brand.toUpperCase()} •••• ${card.last4}, ${String(card.exp_month).padStart(2, "0")}/${year}`);
      }
      if (data.length) offer("", "Another card");
      choose(data.length ? data[0].id : "");
    }

    fill(number) {
      const year = String(new Date().getFullYear() + 3).slice(-2);
      for (const [name, value] of Object.entries({ number, expiry: `12${year}`, cvc: isAmex(number) ? "1234" : "123" })) {
        this.inputs[name].value = value;
        this.typed(this.inputs[name], true);
      }
    }

    typed(input, inserting) {
      const before = digits(input.value.slice(0, input.selectionStart ?? input.value.length)).length;
      const atEnd = input.selectionStart === input.value.length;
      input.value = format[input.name](input.value, inserting);
      if (!atEnd && this.root.activeElement === input) {
        let caret = 0;
        for (let seen = 0; seen < before && caret < input.value.length; caret += 1) if (/\d/.test(input.value[caret])) seen += 1;
        input.setSelectionRange(caret, caret);
      }
      this.root.querySelector(".brand").textContent = brandOf(digits(this.inputs.number.value));
      this.mark(input, "");
      this.changed();
    }

    changed() {
      this.emit("change", { elementType: "payment", complete: !this.problems().length, empty: this.isEmpty(), value: { type: "card" } });
    }

    isEmpty() { return !this.chosen && Object.values(this.inputs).every((input) => !input.value); }

    problems() {
      if (this.chosen) return [];
      const number = digits(this.inputs.number.value);
      const found = [];
      if (number.length < (isAmex(number) ? 15 : 16)) found.push(incomplete("number", "Your card number"));
      if (digits(this.inputs.expiry.value).length < 4) found.push(incomplete("expiry", "Your card's expiration date"));
      if (digits(this.inputs.cvc.value).length < 3) found.push(incomplete("cvc", "Your card's security code"));
      return found;
    }

    mark(input, message) {
      input.setAttribute("aria-invalid", String(Boolean(message)));
      this.root.getElementById(`${input.name}-error`).textContent = message;
    }

    show(problem) { if (problem) this.mark(this.inputs[problem.field], problem.message); }

    validate() {
      const problems = this.problems();
      problems.forEach((problem) => this.show(problem));
      if (!problems.length) return {};
      this.inputs[problems[0].field].focus();
      const { field, ...error } = problems[0];
      return { error };
    }

    card() {
      const expiry = digits(this.inputs.expiry.value);
      return { number: digits(this.inputs.number.value), exp_month: expiry.slice(0, 2), exp_year: expiry.slice(2), cvc: this.inputs.cvc.value };
    }

    /* What is sent with the confirmation: a saved card, or the one typed in. */
    params() {
      if (this.chosen) return { payment_method: this.chosen };
      const saving = Boolean(this.saveUsage) && this.root.querySelector(".save input").checked;
      const data = { type: "card", card: this.card(), allow_redisplay: saving ? "always" : undefined };
      return { payment_method_data: data, setup_future_usage: saving ? this.saveUsage : undefined };
    }

    mount(target) {
      const place = typeof target === "string" ? document.querySelector(target) : target;
      if (!place) throw new Error(`The selector you specified (${target}) applies to no DOM elements that are currently on the page.`);
      place.replaceChildren(this.host);
      queueMicrotask(() => this.emit("ready", { elementType: "payment" }));
    }

    unmount() { this.host.remove(); }
    destroy() { this.unmount(); this.listeners = {}; }
    focus() { this.inputs.number.focus(); }
    on(event, listener) { (this.listeners[event] ||= []).push(listener); return this; }
    off(event, listener) { this.listeners[event] = (this.listeners[event] || []).filter((one) => one !== listener); return this; }
    emit(event, detail) { for (const listener of this.listeners[event] || []) listener(detail); }
  }

  function askTheBank(appearance) {
    return new Promise((resolve) => {
      const host = document.createElement("div");
      const dialog = shadow(host, DIALOG, appearance).querySelector("dialog");
      const close = (outcome) => { dialog.close(); host.remove(); resolve(outcome); };
      dialog.addEventListener("click", (event) => event.target.value && close(event.target.value));
      dialog.addEventListener("cancel", (event) => { event.preventDefault(); close("failed"); });
      document.body.append(host);
      dialog.showModal();
    });
  }

  function nested(params, prefix = "", into = new URLSearchParams()) {
    for (const [name, value] of Object.entries(params)) {
      const key = prefix ? `${prefix}[${name}]` : name;
      if (value !== null && typeof value === "object") nested(value, key, into);
      else if (value !== undefined) into.append(key, value);
    }
    return into;
  }

  window.Stripe = function Stripe(publishableKey) {
    if (!/^pk_test_/.test(publishableKey || "")) throw new Error("The sandbox takes a publishable test key (pk_test_…) only.");

    async function call(method, path, params) {
      const get = method === "GET";
      try {
        const answer = await fetch(`${SANDBOX}${path}${get ? `?${nested(params)}` : ""}`, {
          method, body: get ? undefined : nested(params), headers: { Authorization: `Bearer ${publishableKey}` },
        });
        const body = await answer.json();
        return answer.ok ? { [body.object === "setup_intent" ? "setupIntent" : "paymentIntent"]: body } : { error: body.error };
      } catch {
        return { error: { type: "api_connection_error", message: "We are unable to reach the payment service. Please try again." } };
      }
    }

    const idIn = (clientSecret) => clientSecret.split("_secret_")[0];
    const pathOf = (clientSecret) => `/v1/${clientSecret.startsWith("seti_") ? "setup" : "payment"}_intents/${idIn(clientSecret)}`;
    const retrieve = (clientSecret) => call("GET", pathOf(clientSecret), { client_secret: clientSecret });
    const intentIn = (result) => result.paymentIntent || result.setupIntent;

    async function afterNextAction(result, clientSecret, appearance) {
      if (result.error || intentIn(result).status !== "requires_action") return result;
      const outcome = await askTheBank(appearance);
      const answered = await call("POST", `/_sandbox/authentications/${idIn(clientSecret)}`, { client_secret: clientSecret, outcome });
      const intent = intentIn(answered);
      const failure = intent?.last_payment_error || intent?.last_setup_error;
      return failure ? { error: { ...failure, [intent.object]: intent } } : answered;
    }

    function goTo(returnUrl, intent) {
      const url = new URL(returnUrl, location.href);
      url.searchParams.set(intent.object, intent.id);
      url.searchParams.set(`${intent.object}_client_secret`, intent.client_secret);
      const done = ["succeeded", "requires_capture"].includes(intent.status);
      url.searchParams.set("redirect_status", done ? "succeeded" : "pending");
      location.assign(url);
      return new Promise(() => {}); // The page is being left, so nothing is answered.
    }

    async function confirm({ elements, clientSecret = elements.clientSecret, confirmParams = {}, redirect = "always" }) {
      const payment = elements.getElement("payment");
      const { error } = payment.validate();
      if (error) return { error };
      const params = { client_secret: clientSecret, return_url: confirmParams.return_url, use_stripe_sdk: "true", ...payment.params() };
      if (clientSecret.startsWith("seti_")) delete params.setup_future_usage; // A setup intent says it itself.
      const confirmed = await call("POST", `${pathOf(clientSecret)}/confirm`, params);
      const result = await afterNextAction(confirmed, clientSecret, elements.appearance);
      if (result.error || redirect === "if_required") return result;
      return goTo(confirmParams.return_url, intentIn(result));
    }

    async function savedCards(sessionSecret) {
      const answer = await fetch(`${SANDBOX}/_sandbox/customer_sessions/${sessionSecret}`);
      return answer.ok ? answer.json() : { data: [], save_usage: null };
    }

    return {
      retrievePaymentIntent: retrieve,
      retrieveSetupIntent: retrieve,
      confirmPayment: confirm,
      confirmSetup: confirm,
      elements({ clientSecret, customerSessionClientSecret, appearance } = {}) {
        let payment = null;
        return {
          clientSecret,
          appearance,
          create(type) {
            if (type !== "payment") throw new Error(`The sandbox has no ${type} element.`);
            payment = new PaymentElement(appearance);
            if (customerSessionClientSecret) savedCards(customerSessionClientSecret).then((cards) => payment.offerSavedCards(cards));
            return payment;
          },
          getElement: () => payment,
          submit: async () => payment.validate(),
        };
      },
      async handleNextAction({ clientSecret }) {
        return afterNextAction(await retrieve(clientSecret), clientSecret);
      },
    };
  };
})();
