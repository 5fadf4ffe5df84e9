from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from wagtail.models import Locale

from commerce.cart.locking import CartClosed, CartNotFound, close
from commerce.checkout.expiring import expire
from commerce.checkout.resuming import RESUMABLE_FOR, ResumeLinkExpired, ResumeLinkWrong, resume, resume_link
from commerce.checkout.starting import start
from tests.factories import Shop
from tests.till import Till

pytestmark = pytest.mark.django_db


def test_a_link_leads_to_its_cart_until_it_expires(shop: Shop, at: datetime) -> None:
    cart = shop.cart()
    link = resume_link(cart_id=cart.pk, at=at)
    assert link.expires_at == at + RESUMABLE_FOR
    assert resume(token=link.token, at=link.expires_at - timedelta(seconds=1)).cart == cart.pk
    with pytest.raises(ResumeLinkExpired):
        resume(token=link.token, at=link.expires_at)


def test_the_link_goes_to_the_storefront_and_no_server_is_told_the_token(shop: Shop, at: datetime) -> None:
    link = resume_link(cart_id=shop.cart().pk, at=at)
    assert link.url == f"http://localhost:8001/resume#{link.token}"


def test_the_open_checkout_of_the_cart_comes_with_it(shop: Shop, till: Till, at: datetime) -> None:
    cart = shop.cart((shop.sell(), 1))
    token = resume_link(cart_id=cart.pk, at=at).token
    assert resume(token=token, at=at).checkout is None
    checkout = start(cart_id=cart.pk, locale=Locale.get_default(), at=at)
    assert resume(token=token, at=at).checkout == checkout.pk
    assert resume(token=token, at=checkout.expires_at).checkout is None
    expire(checkout_id=checkout.pk, reason="Time is over", actor="test", at=at)
    assert resume(token=token, at=at).checkout is None


def test_a_token_that_was_made_up_or_changed_leads_nowhere(shop: Shop, at: datetime) -> None:
    token = resume_link(cart_id=shop.cart().pk, at=at).token
    for wrong in ("", "nonsense", token[:-1], f"x{token}", token.swapcase()):
        with pytest.raises(ResumeLinkWrong):
            resume(token=wrong, at=at)


def test_a_cart_that_became_an_order_or_is_gone_is_not_resumed(shop: Shop, at: datetime) -> None:
    cart, gone = shop.cart(), shop.cart()
    links = [resume_link(cart_id=each.pk, at=at).token for each in (cart, gone)]
    close(cart, at=at)
    gone.delete()
    with pytest.raises(CartClosed):
        resume(token=links[0], at=at)
    with pytest.raises(CartNotFound):
        resume(token=links[1], at=at)
    with pytest.raises(CartClosed):
        resume_link(cart_id=cart.pk, at=at)
    with pytest.raises(CartNotFound):
        resume_link(cart_id=uuid.uuid4(), at=at)
