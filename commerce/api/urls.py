from __future__ import annotations

from django.urls import path

from commerce.api import carts, catalogue, checkouts, orders, webhooks

app_name = "commerce"
urlpatterns = [
    path("markets/", catalogue.Markets.as_view(), name="markets"),
    path("categories/", catalogue.Categories.as_view(), name="categories"),
    path("categories/<slug:slug>/", catalogue.CategoryBySlug.as_view(), name="category"),
    path("products/", catalogue.Products.as_view(), name="products"),
    path("products/preview/", catalogue.ProductPreview.as_view(), name="product-preview"),
    path("products/<slug:slug>/", catalogue.ProductBySlug.as_view(), name="product"),
    path("carts/", carts.Carts.as_view(), name="carts"),
    path("carts/<uuid:cart_id>/", carts.CartById.as_view(), name="cart"),
    path("carts/<uuid:cart_id>/lines/", carts.CartLines.as_view(), name="cart-lines"),
    path("carts/<uuid:cart_id>/lines/<uuid:line_id>/", carts.CartLineById.as_view(), name="cart-line"),
    path("carts/<uuid:cart_id>/address/", carts.CartAddress.as_view(), name="cart-address"),
    path("carts/<uuid:cart_id>/coupons/", carts.CartCoupons.as_view(), name="cart-coupons"),
    path("carts/<uuid:cart_id>/coupons/<str:coupon>/", carts.CartCouponByCode.as_view(), name="cart-coupon"),
    path("carts/<uuid:cart_id>/credits/", carts.CartCredits.as_view(), name="cart-credits"),
    path("carts/<uuid:cart_id>/credits/<uuid:account>/", carts.CartCreditByAccount.as_view(), name="cart-credit"),
    path("carts/<uuid:cart_id>/shipping-options/", carts.CartShippingOptions.as_view(), name="cart-shipping-options"),
    path("carts/<uuid:cart_id>/shipping-method/", carts.CartShippingMethod.as_view(), name="cart-shipping-method"),
    path("carts/<uuid:cart_id>/quote/", carts.CartQuote.as_view(), name="cart-quote"),
    path("checkouts/", checkouts.Checkouts.as_view(), name="checkouts"),
    path("checkouts/<uuid:checkout_id>/", checkouts.CheckoutById.as_view(), name="checkout"),
    path("checkouts/<uuid:checkout_id>/quote/", checkouts.CheckoutQuote.as_view(), name="checkout-quote"),
    path(
        "checkouts/<uuid:checkout_id>/complete/",
        checkouts.CheckoutCompletion.as_view(),
        name="checkout-completion",
    ),
    path("orders/<uuid:order_id>/", orders.OrderById.as_view(), name="order"),
    path("webhooks/stripe/", webhooks.StripeWebhook.as_view(), name="webhook-stripe"),
]
