"""The story, end to end, in a real browser: from an editor's draft to a paid order."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.browser.conftest import Demo

GOOD_CARD, DECLINED_CARD, CARD_WITH_3D_SECURE = "4242424242424242", "4000000000000002", "4000002760003184"
COUPON = "WELCOME10"
ORDER_NUMBER = re.compile(r"M-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")


def test_a_merchandiser_changes_a_product_sees_the_draft_in_the_storefront_and_publishes(
    staff: Page, demo: Demo
) -> None:
    staff.get_by_role("link", name="Products", exact=True).first.click()
    staff.get_by_role("link", name="Dune mushroom lamp", exact=True).first.click()

    staff.locator("#id_title").fill("Dune lamp, redrawn")
    _choose_another_picture(staff, "Heron reading lamp 1")
    _rewrite_first_paragraph(staff, "Now with a longer cable.")
    staff.get_by_role("button", name="Toggle preview").click()
    preview = staff.frame_locator("iframe#w-preview-iframe, .w-preview__iframe, iframe[title='Preview']").first
    _shows_the_draft(preview)

    staff.get_by_role("button", name="Save draft").first.click()
    expect(staff.locator(".messages")).to_contain_text("updated")
    live = staff.context.new_page()
    live.goto(f"{demo.storefront}/p/dune-mushroom-lamp")
    expect(live.get_by_role("heading", level=1)).to_have_text("Dune mushroom lamp")

    staff.get_by_role("button", name="More actions").last.click()
    staff.get_by_role("button", name="Publish", exact=True).click()
    expect(staff.locator(".messages")).to_contain_text("published")
    live.reload()
    expect(live.get_by_role("heading", level=1)).to_have_text("Dune lamp, redrawn")
    expect(live.get_by_text("Now with a longer cable.")).to_be_visible()


def test_a_shopper_buys_with_a_second_card_and_the_merchandiser_sees_order_and_stock(
    shopper: Page, staff: Page, demo: Demo
) -> None:
    sku = _put_into_cart(shopper, demo)
    before = _on_hand(staff, demo, sku)
    _check_out(shopper)
    _give_address(shopper)
    _go_on_to_payment(shopper)

    _pay(shopper, DECLINED_CARD)
    expect(shopper.get_by_text(re.compile("declined", re.IGNORECASE)).first).to_be_visible()
    _pay(shopper, GOOD_CARD)

    shopper.wait_for_url(re.compile(r"/orders/"))
    expect(shopper.get_by_text(ORDER_NUMBER).first).to_be_visible()
    number = ORDER_NUMBER.search(shopper.locator("main").inner_text())
    assert number

    staff.goto(f"{demo.admin}/admin/orders/")
    staff.get_by_role("link", name=number.group()).click()
    expect(staff.get_by_role("heading", name=number.group()).first).to_be_visible()
    expect(staff.get_by_text(f"Sold in order {number.group()}")).to_be_visible()
    assert _on_hand(staff, demo, sku) == before - 1
    staff.goto(f"{demo.admin}/admin/stock-movements/?q={number.group()}")
    expect(staff.get_by_role("cell", name="-1", exact=True)).to_be_visible()


def test_a_card_with_3d_secure_pays_after_the_step(shopper: Page, demo: Demo) -> None:
    _put_into_cart(shopper, demo)
    _check_out(shopper)
    _give_address(shopper)
    _go_on_to_payment(shopper)
    _pay(shopper, CARD_WITH_3D_SECURE)
    shopper.get_by_role("button", name="Complete authentication").click()
    shopper.wait_for_url(re.compile(r"/orders/"))
    expect(shopper.get_by_text(ORDER_NUMBER).first).to_be_visible()


@pytest.mark.parametrize("shopper", ["desktop"], indirect=True)
def test_a_coupon_and_the_chosen_delivery_are_in_the_order(shopper: Page, demo: Demo) -> None:
    _put_into_cart(shopper, demo)
    _enter_coupon(shopper, "NO-SUCH-CODE")
    expect(shopper.get_by_role("dialog").get_by_role("alert")).to_contain_text("NO-SUCH-CODE")
    _enter_coupon(shopper, COUPON)
    expect(shopper.get_by_role("dialog").get_by_role("button", name=f"Remove {COUPON}")).to_be_visible()
    expect(shopper.get_by_role("dialog").get_by_text(f"({COUPON})")).to_be_visible()
    _check_out(shopper)
    _give_address(shopper)

    method = _choose_another_delivery(shopper)
    _go_on_to_payment(shopper)
    _pay(shopper, GOOD_CARD)
    shopper.wait_for_url(re.compile(r"/orders/"))
    totals = shopper.locator("main dl")
    expect(totals.get_by_text(f"({COUPON})")).to_be_visible()
    expect(totals.get_by_text(method, exact=True)).to_be_visible()


def _choose_another_picture(page: Page, title: str) -> None:
    chooser = page.locator("#id_gallery-0-image-chooser")
    chooser.get_by_role("button", name="Actions").click()
    page.get_by_role("button", name="Change image").first.click()
    modal = page.locator(".modal-body")
    modal.get_by_label("Search term").or_(modal.locator("input[name=q]")).first.fill(title)
    modal.get_by_role("link", name=title).or_(modal.locator("a", has_text=title)).first.click()
    expect(chooser.get_by_text(title)).to_be_visible()


def _rewrite_first_paragraph(page: Page, text: str) -> None:
    paragraph: Locator = page.locator("#panel-child-content-story-section [contenteditable=true]").first
    paragraph.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def _shows_the_draft(preview: FrameLocator) -> None:
    expect(preview.get_by_role("heading", level=1)).to_have_text("Dune lamp, redrawn")
    expect(preview.get_by_text(re.compile("^Preview until"))).to_be_visible()
    expect(preview.get_by_text("Now with a longer cable.")).to_be_visible()


def _put_into_cart(page: Page, demo: Demo) -> str:
    """Home, category, product, variant. Returns the variant's SKU."""
    page.goto(demo.storefront)
    page.goto(f"{demo.storefront}/c/kitchen")
    page.get_by_role("link", name="Morning mug").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Morning mug")
    page.locator("label.choice", has_text="Moss").click()
    sku = page.get_by_text(re.compile(r"^MUG-")).first.inner_text()
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    return sku


def _enter_coupon(page: Page, code: str) -> None:
    cart = page.get_by_role("dialog")
    field = cart.get_by_label("Discount code")
    if not field.is_visible():
        cart.get_by_text("Have a discount code?").click()
    field.fill(code)
    cart.get_by_role("button", name="Apply").click()


def _check_out(page: Page) -> None:
    page.get_by_role("dialog").get_by_role("link", name=re.compile("check ?out", re.IGNORECASE)).click()


def _give_address(page: Page) -> None:
    page.get_by_label("Email").fill("customer@example.com")
    page.get_by_label("Country").select_option("DE")
    page.get_by_label("Full name").fill("A. Customer")
    page.get_by_label("Street and number").fill("Hauptstraße 1")
    page.get_by_label("Postcode").fill("10115")
    page.get_by_label("City").fill("Berlin")
    page.get_by_role("button", name="Continue to delivery").click()


def _choose_another_delivery(page: Page) -> str:
    """One of those that were not chosen for the shopper. Returns its name."""
    choice = page.get_by_role("group", name="Delivery")
    expect(choice.get_by_role("radio", checked=True)).to_be_visible()
    other = choice.get_by_role("radio", checked=False, disabled=False).first
    method: str = other.evaluate("radio => radio.closest('label').querySelector('.name').textContent.trim()")
    choice.get_by_role("radio", name=re.compile(re.escape(method))).check()
    return method


def _go_on_to_payment(page: Page) -> None:
    page.get_by_role("button", name="Continue to payment").click()


def _pay(page: Page, card: str) -> None:
    page.get_by_label("Card number").fill(card)
    page.get_by_label("Expiry").fill("12 / 34")
    page.get_by_label("CVC").fill("123")
    page.get_by_role("button", name=re.compile(r"^Pay")).click()


def _on_hand(page: Page, demo: Demo, sku: str) -> int:
    page.goto(f"{demo.admin}/admin/stock-levels/?q={sku}")
    row = page.get_by_role("row").filter(has=page.get_by_role("cell", name=sku, exact=True))
    columns = page.get_by_role("columnheader").all_inner_texts()
    place = next(place for place, name in enumerate(columns) if name.strip().startswith("On hand"))
    return int(row.get_by_role("cell").nth(place).inner_text())
