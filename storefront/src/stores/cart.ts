import { defineStore } from "pinia";
import { computed, ref, watch } from "vue";

import * as carts from "@/api/carts";
import { forgetRemembered } from "@/api/catalogue";
import { explain, isMissing, Problem } from "@/api/problems";
import type { Cart, CartAddress, CartCredit, CartLine, PostalAddress } from "@/api/types";
import { t } from "@/language";

import { kept } from "./keeping";
import { useShop } from "./shop";

/** A cart keeps its market, so each market has one of its own, which is there again when the shopper comes back. */
const keptIdIn = (market: string | null) => kept(market ? `magpie.cart.${market}` : "magpie.cart", () => localStorage);

/** The cart is gone, or has become an order: time for a new one. */
function isSpent(error: unknown): boolean {
  return error instanceof Problem && error.is("cart_not_found", "cart_closed");
}

/** A product that was taken off the shop keeps its line, by the variant's own name. */
export function titleOf(line: CartLine): string {
  return line.product?.title ?? (line.name || line.sku);
}

export const useCart = defineStore("cart", () => {
  const shop = useShop();
  /** The market whose cart this is; changed in turn, so that no answer lands in another market's cart. */
  let market = shop.chosen;
  const keptId = () => keptIdIn(market);

  const cart = ref<Cart | null>(null);
  const id = ref<string | null>(keptId().get());
  const loading = ref(false);
  const loadError = ref<string | null>(null);
  const busy = ref(false);
  const drawerOpen = ref(false);
  /** The latest change in words, read out by the page's live region. */
  const announcement = ref("");

  const count = computed(() => cart.value?.item_count ?? 0);
  /** Nothing to buy; something may still be saved for later. */
  const isEmpty = computed(() => !cart.value || cart.value.lines.length === 0);
  const saved = computed(() => cart.value?.saved ?? []);

  function keep(fresh: Cart): Cart {
    cart.value = fresh;
    id.value = fresh.id;
    keptId().set(fresh.id);
    return fresh;
  }

  function forget(): void {
    cart.value = null;
    id.value = null;
    keptId().clear();
    forgetRemembered();
  }

  /** Changes run one after the other, so that quick clicks neither race nor make two carts. */
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(change: () => Promise<T>): Promise<T> {
    const turn = last.then(async () => {
      busy.value = true;
      try {
        return await change();
      } finally {
        busy.value = false;
      }
    });
    last = turn.catch(() => undefined);
    return turn;
  }

  function load(): Promise<void> {
    return inTurn(async () => {
      if (!id.value) return;
      loading.value = true;
      loadError.value = null;
      try {
        keep(await carts.fetchCart(id.value));
      } catch (error) {
        if (isSpent(error)) forget();
        else loadError.value = explain(error);
      } finally {
        loading.value = false;
      }
    });
  }

  async function startAfresh(): Promise<Cart> {
    forget();
    return keep(await carts.createCart(market));
  }

  /** Puts a variant into the cart, making a cart when there is none or the old one is spent. */
  function add(variant: string, quantity: number, title: string): Promise<void> {
    return inTurn(async () => {
      const target = id.value ?? (await startAfresh()).id;
      try {
        keep(await carts.addLine(target, variant, quantity));
      } catch (error) {
        if (!isSpent(error)) {
          forgetRemembered();
          throw error;
        }
        keep(await carts.addLine((await startAfresh()).id, variant, quantity));
      }
      announcement.value = t(
        count.value === 1 ? "{title} added to the cart. {count} item in the cart." : "{title} added to the cart. {count} items in the cart.",
        { title, count: count.value },
      );
    });
  }

  async function change(what: (cart: string) => Promise<Cart>): Promise<void> {
    if (!id.value) return;
    try {
      keep(await what(id.value));
    } catch (error) {
      if (isSpent(error)) forget();
      else if (isMissing(error)) keep(await carts.fetchCart(id.value));
      else throw error;
    }
  }

  function setQuantity(line: CartLine, quantity: number): Promise<void> {
    return inTurn(async () => {
      await change((cart) => carts.changeQuantity(cart, line.id, quantity));
      announcement.value = t("{title}: {quantity} in the cart.", { title: titleOf(line), quantity });
    });
  }

  function remove(line: CartLine): Promise<void> {
    return inTurn(async () => {
      await change((cart) => carts.removeLine(cart, line.id));
      announcement.value = t("{title} removed from the cart.", { title: titleOf(line) });
    });
  }

  function saveForLater(line: CartLine): Promise<void> {
    return inTurn(async () => {
      await change((cart) => carts.saveForLater(cart, line.id, true));
      announcement.value = t("{title} saved for later.", { title: titleOf(line) });
    });
  }

  function takeBack(line: CartLine): Promise<void> {
    return inTurn(async () => {
      await change((cart) => carts.saveForLater(cart, line.id, false));
      announcement.value = t("{title} is in the cart again.", { title: titleOf(line) });
    });
  }

  function acknowledgeChanges(): Promise<void> {
    return inTurn(() => change(carts.acknowledgeChanges));
  }

  /** Goes on with a cart that was begun elsewhere; the one of this device is left where it is. */
  async function adopt(found: Cart): Promise<void> {
    if (!shop.defaultMarket) await shop.load();
    const itsMarket = found.market === shop.defaultMarket?.code ? null : found.market;
    keptIdIn(itsMarket).set(found.id);
    if (itsMarket !== shop.chosen) await shop.choose(found.market);
    await inTurn(async () => keep(found));
  }

  /** Throws whatever the shop refuses, and when the cart is spent too: these have no use without a cart. */
  function arrange(what: (cart: string) => Promise<Cart>): Promise<Cart> {
    return inTurn(async () => {
      if (!id.value) throw new Problem({ code: "cart_not_found", detail: t("Your cart is empty.") }, 404);
      try {
        return keep(await what(id.value));
      } catch (error) {
        if (isSpent(error)) forget();
        throw error;
      }
    });
  }

  const saveAddress = (address: CartAddress) => arrange((cart) => carts.saveAddress(cart, address));
  const saveBillingAddress = (address: PostalAddress | null) => arrange((cart) => carts.saveBillingAddress(cart, address));
  const leaveNote = (note: string) => arrange((cart) => carts.leaveNote(cart, note));
  const chooseShipping = (method: string, pickupPoint: string) =>
    arrange((cart) => carts.chooseShipping(cart, method, pickupPoint));

  async function enterCoupon(code: string): Promise<void> {
    await arrange((cart) => carts.enterCoupon(cart, code));
    announcement.value = t("Code {code} entered.", { code });
  }

  async function removeCoupon(code: string): Promise<void> {
    await arrange((cart) => carts.removeCoupon(cart, code));
    announcement.value = t("Code {code} removed.", { code });
  }

  async function enterCredit(code: string): Promise<void> {
    await arrange((cart) => carts.enterCredit(cart, code));
    announcement.value = t("Gift card added.");
  }

  async function removeCredit(credit: CartCredit): Promise<void> {
    await arrange((cart) => carts.removeCredit(cart, credit.account));
    announcement.value = t("{title} removed.", { title: credit.label });
  }

  watch(
    () => shop.chosen,
    () => {
      void inTurn(async () => {
        market = shop.chosen;
        cart.value = null;
        id.value = keptId().get();
      });
      void load();
    },
  );

  return {
    cart,
    id,
    loading,
    loadError,
    busy,
    drawerOpen,
    announcement,
    count,
    isEmpty,
    saved,
    load,
    add,
    setQuantity,
    remove,
    saveForLater,
    takeBack,
    acknowledgeChanges,
    adopt,
    saveAddress,
    saveBillingAddress,
    leaveNote,
    chooseShipping,
    enterCoupon,
    removeCoupon,
    enterCredit,
    removeCredit,
    forget,
  };
});
