from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from cms.catalogue.models import Brand, Collection, Product, Variant
from commerce.kit.currencies import EXPONENTS
from commerce.kit.money import Money
from commerce.markets.models import Channel, Market
from commerce.pricing.models import CustomerGroup

LONGEST_COUPON = 40
_COUPON_CODE = RegexValidator(r"^[A-Z0-9][A-Z0-9_-]*\Z", "Letters A to Z, digits, hyphens and underscores.")
_KINDS_WITH_LEVEL = ("percentage", "amount")


class PromotionQuerySet(models.QuerySet["Promotion"]):
    def running(self, *, at: datetime) -> PromotionQuerySet:
        """Active promotions within their window at `at`."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at), is_active=True, begins_at__lte=at)

    def in_market(self, market: Market) -> PromotionQuerySet:
        return self.filter(Q(market=None) | Q(market=market))


class Promotion(models.Model):
    """What is given, on what, to whom and when. Once it has begun, only its name and its end may change."""

    class Kind(models.TextChoices):
        PERCENTAGE = "percentage", "Percentage off"
        AMOUNT = "amount", "Amount off"
        FIXED_PRICE = "fixed_price", "Fixed price"
        FREE_SHIPPING = "free_shipping", "Free shipping"
        BUY_X_GET_Y = "buy_x_get_y", "Buy some, get some"
        BUNDLE = "bundle", "Bundle"
        GIFT = "gift", "Gift"

    class Level(models.TextChoices):
        LINE = "line", "Each line by itself"
        ORDER = "order", "All lines together"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(unique=True, help_text="How reports and explanations call it.")
    name = models.CharField(max_length=100, help_text="Shoppers see it.")
    is_active = models.BooleanField("active", default=True)
    begins_at = models.DateTimeField(blank=True, help_text="Left blank, it begins at once.")
    ends_at = models.DateTimeField(null=True, blank=True)

    kind = models.CharField(max_length=20, choices=Kind.choices)
    level = models.CharField(max_length=10, choices=Level.choices, default=Level.LINE)
    percent = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(100))],
    )
    amount_minor = models.PositiveBigIntegerField("amount in minor units", null=True, blank=True)
    currency = models.CharField(
        max_length=3,
        blank=True,
        choices=[(code, code) for code in sorted(EXPONENTS)],
        help_text="Of the amount and of the limits of the cart's value.",
    )
    buy_quantity = models.PositiveIntegerField("units to buy", null=True, blank=True)
    get_quantity = models.PositiveIntegerField("units that are reduced", null=True, blank=True)
    at_most = models.PositiveIntegerField(
        "times in one order", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    gift_variant = models.ForeignKey(Variant, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    gift_quantity = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    shipping_methods = models.CharField(
        max_length=200, blank=True, help_text="Codes of the methods that become free, with spaces between; blank: all."
    )

    market = models.ForeignKey(
        Market, null=True, blank=True, on_delete=models.PROTECT, related_name="promotions", help_text="Blank: all."
    )
    channel = models.ForeignKey(
        Channel, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="Blank: all."
    )
    customer_group = models.ForeignKey(
        CustomerGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="Blank: everybody."
    )
    countries = models.CharField(
        max_length=400, blank=True, help_text="ISO codes of the countries shipped to, with spaces between; blank: all."
    )
    first_order = models.BooleanField("a customer's first order only", default=False)
    min_value_minor = models.PositiveBigIntegerField("cart value from, in minor units", null=True, blank=True)
    max_value_minor = models.PositiveBigIntegerField("cart value up to, in minor units", null=True, blank=True)
    min_quantity = models.PositiveIntegerField("quantity from", null=True, blank=True)
    max_quantity = models.PositiveIntegerField("quantity up to", null=True, blank=True)
    requires_coupon = models.BooleanField("needs a coupon", default=False)

    priority = models.IntegerField(default=0, help_text="Higher first.")
    exclusive = models.BooleanField(
        default=False, help_text="Applies only if nothing was applied before it; nothing is applied after it."
    )
    best_of = models.SlugField(
        "best of", blank=True, help_text="Of the promotions with the same word here, only the one that saves most."
    )
    created_at = models.DateTimeField()

    objects = PromotionQuerySet.as_manager()

    class Meta:
        ordering = ["-priority", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("begins_at")), name="promotion_begins_before_it_ends"
            ),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__gt=0, percent__lte=100), name="promotion_percent_in_bounds"
            ),
            models.CheckConstraint(
                condition=Q(kind="percentage", percent__isnull=False)
                | Q(kind="amount", amount_minor__isnull=False)
                | Q(kind="fixed_price", amount_minor__isnull=False, level="line")
                | Q(kind="free_shipping")
                | Q(kind="buy_x_get_y", percent__isnull=False, buy_quantity__gte=1, get_quantity__gte=1)
                | Q(kind="bundle", percent__isnull=False, amount_minor=None)
                | Q(kind="bundle", percent=None, amount_minor__isnull=False)
                | Q(kind="gift", gift_variant__isnull=False, gift_quantity__gte=1),
                name="promotion_benefit_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(currency="") | Q(amount_minor=None, min_value_minor=None, max_value_minor=None),
                name="promotion_amounts_have_a_currency",
            ),
        ]
        indexes = [
            # What runs without a coupon is asked with every cart.
            models.Index(fields=["requires_coupon", "is_active", "begins_at"], name="promotion_running"),
        ]

    def __str__(self) -> str:
        return self.name

    def has_begun(self, *, at: datetime) -> bool:
        """What has begun is history: it was never withdrawn unseen, so past prices can be told for certain."""
        return self.is_active and self.begins_at <= at

    def clean(self) -> None:
        problems = {**self._problems_of_the_benefit(), **self._problems_of_the_conditions()}
        if problems:
            raise ValidationError(problems)

    def _problems_of_the_benefit(self) -> dict[str, str]:
        kind, problems = self.kind, {}
        if kind in ("percentage", "buy_x_get_y") and self.percent is None:
            problems["percent"] = "Say how many percent."
        if kind in ("amount", "fixed_price") and self.amount_minor is None:
            problems["amount_minor"] = "Say which amount."
        if kind == "amount" and self.amount_minor == 0:
            problems["amount_minor"] = "An amount of nothing saves nothing."
        if kind == "bundle" and (self.percent is None) == (self.amount_minor is None):
            problems["amount_minor"] = "A bundle has either one price or a percentage off."
        if kind == "buy_x_get_y":
            for field in ("buy_quantity", "get_quantity"):
                if not getattr(self, field):
                    problems[field] = "At least one."
        if kind == "gift" and self.gift_variant_id is None:
            problems["gift_variant"] = "Choose what is given."
        if self.level == self.Level.ORDER and kind not in _KINDS_WITH_LEVEL:
            problems["level"] = "Only a percentage or an amount can be taken off all lines together."
        if self.best_of and kind in ("free_shipping", "gift"):
            problems["best_of"] = "What it saves is not known before shipping is chosen, so it cannot be compared."
        return problems

    def _problems_of_the_conditions(self) -> dict[str, str]:
        problems = {}
        begins_at: datetime | None = self.begins_at
        if begins_at is not None and self.ends_at is not None and self.ends_at <= begins_at:
            problems["ends_at"] = "It would end before it begins."
        for least, most in (("min_value_minor", "max_value_minor"), ("min_quantity", "max_quantity")):
            low, high = getattr(self, least), getattr(self, most)
            if low is not None and high is not None and high < low:
                problems[most] = "This is less than the lower limit."
        amounts = (self.amount_minor, self.min_value_minor, self.max_value_minor)
        if any(each is not None for each in amounts) and not self.currency:
            problems["currency"] = "Say in which currency."
        elif self.currency and self.market is not None and self.market.currency != self.currency:
            problems["currency"] = f"{self.market} sells in {self.market.currency}."
        elif self.currency and self.market is None and not Market.objects.filter(currency=self.currency).exists():
            problems["currency"] = "No market sells in this currency."
        strange = [
            code for code in self.countries.split() if len(code) != 2 or not code.isascii() or not code.isupper()
        ]
        if strange:
            problems["countries"] = f"Not the code of a country: {', '.join(strange)}"
        return problems


class PromotionTarget(models.Model):
    """Goods that a promotion speaks of: those it discounts, those it never does, those that must be bought."""

    class Role(models.TextChoices):
        DISCOUNTED = "discounted", "Discounted"
        EXCLUDED = "excluded", "Never discounted"
        BOUGHT = "bought", "Must be bought"

    class Kind(models.TextChoices):
        PRODUCT = "product", "Product"
        VARIANT = "variant", "Variant"
        CATEGORY = "category", "Category"
        COLLECTION = "collection", "Collection"
        BRAND = "brand", "Brand"
        ATTRIBUTE = "attribute", "Attribute"

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="targets")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.DISCOUNTED)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # Goods that a promotion names stay: a promotion that lost its targets would cover the whole shop.
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    variant = models.ForeignKey(Variant, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    category_key = models.UUIDField("category", null=True, blank=True)
    collection = models.ForeignKey(Collection, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    brand = models.ForeignKey(Brand, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    option_name = models.CharField(max_length=100, blank=True, help_text="Such as Colour.")
    option_value = models.CharField(max_length=100, blank=True, help_text="Such as Moss.")
    quantity = models.PositiveIntegerField(
        default=1, validators=[MinValueValidator(1)], help_text="How many a bundle takes."
    )
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="promotion_target_counts"),
            models.CheckConstraint(
                condition=Q(kind="product", product__isnull=False)
                | Q(kind="variant", variant__isnull=False)
                | Q(kind="category", category_key__isnull=False)
                | Q(kind="collection", collection__isnull=False)
                | Q(kind="brand", brand__isnull=False)
                | (Q(kind="attribute") & ~Q(option_name="") & ~Q(option_value="")),
                name="promotion_target_names_its_goods",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.kind} {self.key}"

    @property
    def key(self) -> str:
        if self.kind == self.Kind.ATTRIBUTE:
            return self.option_name
        field = "category_key" if self.kind == self.Kind.CATEGORY else f"{self.kind}_id"
        found = getattr(self, field, None)
        return str(found) if found else ""

    def clean(self) -> None:
        fields = {"attribute": "option_name", "category": "category_key"}
        if self.kind and not self.key:
            raise ValidationError({fields.get(self.kind, self.kind): "Choose which."})
        if self.kind == self.Kind.ATTRIBUTE and not self.option_value:
            raise ValidationError({"option_value": "Say which value."})


class CouponBatch(models.Model):
    """Coupons that were generated together."""

    promotion = models.ForeignKey(Promotion, on_delete=models.PROTECT, related_name="batches")
    name = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    actor = models.CharField(max_length=100)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.size})"


class Coupon(models.Model):
    """A code that unlocks a promotion. The counters are changed only under the row's lock, with its uses."""

    promotion = models.ForeignKey(Promotion, on_delete=models.PROTECT, related_name="coupons")
    batch = models.ForeignKey(CouponBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="coupons")
    code = models.CharField(max_length=LONGEST_COUPON, unique=True, validators=[_COUPON_CODE])
    is_active = models.BooleanField("active", default=True)
    valid_from = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    total_limit = models.PositiveIntegerField(
        "uses in all", null=True, blank=True, validators=[MinValueValidator(1)], help_text="Blank: no limit."
    )
    per_customer_limit = models.PositiveIntegerField(
        "uses per customer", null=True, blank=True, validators=[MinValueValidator(1)], help_text="Blank: no limit."
    )
    held = models.PositiveIntegerField(default=0, editable=False)
    used = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(code=Upper("code")), name="coupon_code_in_capitals"),
            models.CheckConstraint(
                condition=Q(total_limit=None) | Q(total_limit__gte=F("held") + F("used")),
                name="coupon_uses_within_limit",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="coupon_begins_before_it_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        if self.valid_from and self.valid_until and self.valid_until <= self.valid_from:
            raise ValidationError({"valid_until": "It would end before it begins."})


class CouponUse(models.Model):
    """A coupon held for a holder, used by it, or given back. Promotions do not know what a holder is."""

    class State(models.TextChoices):
        HELD = "held", "Held"
        USED = "used", "Used"
        RELEASED = "released", "Released"

    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, related_name="uses")
    holder = models.UUIDField()
    customer_key = models.CharField(max_length=254, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.HELD)
    saved_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    held_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-held_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["holder", "coupon"],
                condition=Q(state__in=["held", "used"]),
                name="coupon_use_once_per_holder",
            )
        ]
        indexes = [models.Index(fields=["coupon", "customer_key"], name="coupon_use_by_customer")]

    def __str__(self) -> str:
        return f"{self.coupon_id} for {self.holder} ({self.state})"

    @property
    def saved(self) -> Money:
        return Money(self.saved_minor, self.currency)
