from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from cms.catalogue.models import Product
from commerce.markets.models import Market
from commerce.markets.queries import serves
from commerce.shipping import costing
from commerce.shipping.parcels import NOT_SHIPPED
from commerce.shipping.tracking import validate_tracking_template
from commerce.shipping.zoning import BadPostalCodes, normal_region, parse_patterns


class Zone(models.Model):
    """Places to which a market ships in the same ways. An address lies in one zone: see `zoning`."""

    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="shipping_zones")
    name = models.CharField(max_length=100)
    position = models.PositiveIntegerField(default=0, help_text="Of two zones that name the same place the lower wins.")

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["market", "name"], name="zone_name_once_per_market")]

    def __str__(self) -> str:
        return self.name


class ZoneArea(models.Model):
    """A country, or a part of one: by region, by postal codes, or by both."""

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="areas")
    country = models.CharField("ISO 3166-1 alpha-2 code", max_length=2)
    region = models.CharField(
        max_length=100, blank=True, help_text="As addresses of the country write it, such as CA. Empty: all of it."
    )
    postal_codes = models.TextField(
        blank=True, help_text="Codes (10115), beginnings (80*) and ranges (20000-21999), parted by commas. Empty: all."
    )

    class Meta:
        ordering = ["country", "region", "id"]
        indexes = [
            # The areas of a country, for every parcel.
            models.Index(fields=["country"], name="zone_area_country")
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.country, self.region, self.postal_codes]))

    def clean(self) -> None:
        """Raises ValidationError: an unknown country, a bad pattern, or a place that another zone has already."""
        self.country = self.country.upper()
        self.region = normal_region(self.region)
        self.postal_codes = ", ".join(part.strip() for part in self.postal_codes.replace("\n", ",").split(",") if part)
        try:
            market = self.zone.market
        except ObjectDoesNotExist:
            return  # The form says so already.
        if not serves(market, country=self.country):
            raise ValidationError({"country": f"{self.country} is not a country of the market {market}."})
        try:
            parse_patterns(self.postal_codes)
        except BadPostalCodes as error:
            raise ValidationError({"postal_codes": str(error)}) from None
        same = ZoneArea.objects.filter(
            zone__market=market,
            country=self.country,
            region=self.region,
            postal_codes=self.postal_codes,
        ).exclude(pk=self.pk)
        other = same.select_related("zone").first()
        if other is not None:
            raise ValidationError(f"The zone {other.zone} has this place already.", code="taken")


MOST_DAYS = 250


class ShippingMethod(models.Model):
    """A way of shipping to a zone. Amounts are minor units of the market's currency."""

    class Kind(models.TextChoices):
        FLAT = costing.Kind.FLAT.value, "One price"
        WEIGHT = costing.Kind.WEIGHT.value, "By weight"
        VALUE = costing.Kind.VALUE.value, "By value"
        TABLE = costing.Kind.TABLE.value, "By a table"
        PICKUP = costing.Kind.PICKUP.value, "Collected by the shopper"

    class TableBy(models.TextChoices):
        WEIGHT = "weight", "Weight in grams"
        VALUE = "value", "Value of the goods"
        UNITS = "units", "Number of pieces"

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="methods")
    code = models.SlugField()
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.FLAT)
    price_minor = models.PositiveBigIntegerField("price", default=0)
    step_grams = models.PositiveIntegerField("grams per step", default=1000, validators=[MinValueValidator(1)])
    step_price_minor = models.PositiveBigIntegerField("price per started step", default=0)
    percent = models.DecimalField(
        "percentage of the value",
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    table_by = models.CharField("the table goes by", max_length=10, choices=TableBy.choices, blank=True)
    free_from_minor = models.PositiveBigIntegerField(
        "free from", null=True, blank=True, help_text="What the goods must be worth after discounts. Surcharges stay."
    )
    min_weight_grams = models.PositiveIntegerField(null=True, blank=True)
    max_weight_grams = models.PositiveIntegerField(null=True, blank=True)
    min_days = models.PositiveSmallIntegerField("business days at least", null=True, blank=True)
    max_days = models.PositiveSmallIntegerField("business days at most", null=True, blank=True)
    cutoff_hour = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MaxValueValidator(23)],
        help_text="Orders from this hour of the shop's clock on leave a business day later.",
    )
    tracking_url_template = models.CharField(
        max_length=300,
        blank=True,
        validators=[validate_tracking_template],
        help_text="The carrier's https address with {number} where the tracking number goes.",
    )
    is_active = models.BooleanField("active", default=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="shipping_method_once_per_zone"),
            models.CheckConstraint(
                condition=Q(min_weight_grams=None)
                | Q(max_weight_grams=None)
                | Q(max_weight_grams__gte=F("min_weight_grams")),
                name="shipping_method_weights_in_order",
            ),
            models.CheckConstraint(
                condition=Q(min_days=None, max_days=None)
                | Q(min_days__isnull=False, max_days__isnull=False, max_days__gte=F("min_days")),
                name="shipping_method_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(cutoff_hour=None) | Q(cutoff_hour__lte=23), name="shipping_method_cutoff_on_the_clock"
            ),
            models.CheckConstraint(condition=Q(step_grams__gte=1), name="shipping_method_steps_weigh_something"),
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100), name="shipping_method_percent_in_bounds"
            ),
            models.CheckConstraint(
                condition=~Q(kind="table") | ~Q(table_by=""), name="shipping_method_table_goes_by_something"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError, by field, for what the fields say about one another."""
        errors = {}
        if self.code == NOT_SHIPPED:
            errors["code"] = "This code stands for goods that are not shipped. Take another."
        if _is_below(self.max_weight_grams, self.min_weight_grams):
            errors["max_weight_grams"] = "The most must not be below the least."
        if (self.min_days is None) != (self.max_days is None):
            errors["max_days"] = "Give both numbers of days or neither."
        elif _is_below(self.max_days, self.min_days):
            errors["max_days"] = "The most must not be below the least."
        if max(self.min_days or 0, self.max_days or 0) > MOST_DAYS:
            errors["max_days"] = f"Nobody waits longer than {MOST_DAYS} business days."
        if self.cutoff_hour is not None and self.min_days is None:
            errors["cutoff_hour"] = "A cutoff needs the numbers of days that it counts for."
        if self.kind == self.Kind.WEIGHT and not self.step_price_minor:
            errors["step_price_minor"] = "A price by weight needs a price per step."
        if self.kind == self.Kind.VALUE and not self.percent:
            errors["percent"] = "A price by value needs a percentage."
        if self.kind == self.Kind.TABLE and not self.table_by:
            errors["table_by"] = "Say what the table goes by."
        if errors:
            raise ValidationError(errors)


class ShippingRate(models.Model):
    """A row of a method's table: the price from here until the next row begins, so that rows cannot overlap."""

    method = models.ForeignKey(ShippingMethod, on_delete=models.CASCADE, related_name="rates")
    starts_at = models.PositiveBigIntegerField("from", help_text="Grams, minor units or pieces, as the table goes by.")
    price_minor = models.PositiveBigIntegerField("price")

    class Meta:
        ordering = ["starts_at"]
        constraints = [models.UniqueConstraint(fields=["method", "starts_at"], name="shipping_rate_starts_once")]

    def __str__(self) -> str:
        return f"{self.starts_at}: {self.price_minor}"


class ShippingRule(models.Model):
    """What a zone, or one method of it, does about a kind of goods: refuses them, or asks for more.

    Without a method it holds for every method that delivers; collecting is only bound by rules that name it.
    """

    class Effect(models.TextChoices):
        REFUSE = "refuse", "Is not shipped"
        SURCHARGE = "surcharge", "Costs more"

    class Per(models.TextChoices):
        ORDER = "order", "Once per order"
        UNIT = "unit", "For every piece"

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="rules")
    method = models.ForeignKey(ShippingMethod, null=True, blank=True, on_delete=models.CASCADE, related_name="rules")
    country = models.CharField("only to this country", max_length=2, blank=True)
    name = models.CharField(max_length=100, help_text="Shown where a price is explained.")
    shipping_class = models.CharField(max_length=20, choices=Product.ShippingClass.choices, blank=True)
    category_key = models.UUIDField("category, with those below it", null=True, blank=True)
    effect = models.CharField(max_length=10, choices=Effect.choices)
    amount_minor = models.PositiveBigIntegerField("surcharge", default=0)
    per = models.CharField(max_length=10, choices=Per.choices, default=Per.ORDER)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(category_key=None) & ~Q(shipping_class="")
                | Q(category_key__isnull=False, shipping_class=""),
                name="shipping_rule_class_or_category",
            ),
            models.CheckConstraint(
                condition=Q(effect="refuse", amount_minor=0) | Q(effect="surcharge", amount_minor__gt=0),
                name="shipping_rule_only_surcharges_cost",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError, by field."""
        errors = {}
        if bool(self.shipping_class) == (self.category_key is not None):
            errors["shipping_class"] = "Name a shipping class or a category, one of the two."
        if self.shipping_class == NOT_SHIPPED:
            errors["shipping_class"] = "Goods of this class are never shipped, so that no rule applies to them."
        if self.effect == self.Effect.SURCHARGE and not self.amount_minor:
            errors["amount_minor"] = "A surcharge needs an amount."
        if self.effect == self.Effect.REFUSE and self.amount_minor:
            errors["amount_minor"] = "What is not shipped costs nothing."
        if self.method is not None and self.method.zone_id != self.zone_id:
            errors["method"] = "This method belongs to another zone."
        self.country = self.country.upper()
        if self.country and self.zone_id and not self.zone.areas.filter(country=self.country).exists():
            errors["country"] = f"{self.country} is not a country of the zone {self.zone}."
        if errors:
            raise ValidationError(errors)


class PickupPoint(models.Model):
    """Where shoppers collect their orders."""

    method = models.ForeignKey(ShippingMethod, on_delete=models.CASCADE, related_name="pickup_points")
    code = models.SlugField()
    name = models.CharField(max_length=100)
    street_address = models.CharField(max_length=200)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100)
    country = models.CharField("ISO 3166-1 alpha-2 code", max_length=2)
    opening_hours = models.TextField(blank=True)
    is_active = models.BooleanField("active", default=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["method", "code"], name="pickup_point_once_per_method")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError: the method delivers, or the country is not one of the market's."""
        self.country = self.country.upper()
        try:
            kind, market = self.method.kind, self.method.zone.market
        except ObjectDoesNotExist:
            return  # The form says so already.
        if kind != ShippingMethod.Kind.PICKUP:
            raise ValidationError("Only a method whose orders are collected has pickup points.")
        if not serves(market, country=self.country):
            raise ValidationError({"country": f"{self.country} is not a country of the market {market}."})


def _is_below(most: int | None, least: int | None) -> bool:
    return most is not None and least is not None and most < least
