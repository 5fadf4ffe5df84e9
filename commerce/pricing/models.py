from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from cms.catalogue.models import Variant
from commerce.accounts.models import User
from commerce.kit.ledgers import InsertOnly
from commerce.kit.money import Money
from commerce.markets.models import Channel, Market
from commerce.pricing.audience import Audience
from commerce.pricing.rounding import Rounding
from commerce.pricing.timelines import Entered, ListFacts, ListTerms


class CustomerGroup(models.Model):
    """Customers who pay by lists of their own, such as members or resellers."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    members = models.ManyToManyField(User, blank=True, related_name="customer_groups")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class RoundingMode(models.TextChoices):
    NEAREST = "nearest", "To the nearest"
    UP = "up", "Up"
    DOWN = "down", "Down"


class Terms(models.Model):
    """How a derived list makes its prices: the base's price times rate times factor, rounded."""

    factor = models.DecimalField(
        max_digits=9, decimal_places=6, default=Decimal(1), help_text="0.9 is ten percent less than the base."
    )
    rate = models.DecimalField(
        max_digits=20, decimal_places=10, default=Decimal(1), help_text="Units of this currency for one of the base's."
    )
    rounding_step_minor = models.PositiveIntegerField(
        "rounded to steps of", default=1, validators=[MinValueValidator(1)], help_text="In minor units."
    )
    rounding_ending_minor = models.PositiveIntegerField(
        "ends in", default=0, help_text="Step 100 with ending 99: every price ends in .99."
    )
    rounding_mode = models.CharField(max_length=10, choices=RoundingMode.choices, default=RoundingMode.NEAREST)

    class Meta:
        abstract = True

    @property
    def rounding(self) -> Rounding:
        return Rounding(self.rounding_step_minor, self.rounding_ending_minor, self.rounding_mode)


class PriceListQuerySet(models.QuerySet["PriceList"]):
    def for_audience(self, audience: Audience, *, at: datetime) -> PriceListQuerySet:
        """The lists that an audience may buy by at `at`, in no order."""
        return self.ever_for(audience).filter(
            Q(valid_from=None) | Q(valid_from__lte=at), Q(valid_until=None) | Q(valid_until__gt=at)
        )

    def ever_for(self, audience: Audience) -> PriceListQuerySet:
        """Those that hold for the audience at any time, be it over or to come."""
        return self.ever_of(market=audience.market.pk, groups=sorted(audience.groups), channel=audience.channel)

    def ever_of(self, *, market: int, groups: list[str], channel: str) -> PriceListQuerySet:
        return self.filter(
            Q(customer_group=None) | Q(customer_group__code__among=groups),
            Q(channel=None) | Q(channel__code=channel),
            market=market,
        )


class PriceList(Terms):
    """Prices of one market in its currency, for everybody or for one customer group or channel.

    A list with a base is derived: what it does not price itself costs what the base says, by the list's terms.
    """

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="price_lists")
    code = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    customer_group = models.ForeignKey(
        CustomerGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="price_lists"
    )
    channel = models.ForeignKey(Channel, null=True, blank=True, on_delete=models.PROTECT, related_name="price_lists")
    priority = models.IntegerField(default=0, help_text="The highest is asked first.")
    base = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="derived")
    valid_from = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)

    objects = PriceListQuerySet.as_manager()

    class Meta:
        ordering = ["market", "-priority", "code"]
        constraints = [
            # Four, because a database may hold two rows of the same rank for different when a part of it is null.
            models.UniqueConstraint(
                fields=["market", "priority"],
                condition=Q(customer_group=None, channel=None),
                name="price_list_one_of_its_rank",
            ),
            models.UniqueConstraint(
                fields=["market", "customer_group", "priority"],
                condition=Q(customer_group__isnull=False, channel=None),
                name="price_list_one_of_its_rank_per_group",
            ),
            models.UniqueConstraint(
                fields=["market", "channel", "priority"],
                condition=Q(customer_group=None, channel__isnull=False),
                name="price_list_one_of_its_rank_per_channel",
            ),
            models.UniqueConstraint(
                fields=["market", "customer_group", "channel", "priority"],
                condition=Q(customer_group__isnull=False, channel__isnull=False),
                name="price_list_one_of_its_rank_per_group_and_channel",
            ),
            models.CheckConstraint(condition=Q(base=None) | ~Q(base=F("id")), name="price_list_not_from_itself"),
            models.CheckConstraint(condition=Q(factor__gt=0, rate__gt=0), name="price_list_multiplies_by_something"),
            models.CheckConstraint(
                condition=Q(rounding_step_minor__gte=1, rounding_ending_minor__lt=F("rounding_step_minor")),
                name="price_list_ends_within_its_step",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="price_list_starts_before_it_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def currency(self) -> str:
        return self.market.currency

    @property
    def facts(self) -> ListFacts:
        """With all terms that the list ever had. Reads the market, the base and the former terms."""
        former = [
            ListTerms(terms.factor, terms.rate, terms.rounding, terms.held_from, terms.held_until)
            for terms in self.former_terms.all()
        ]
        since = former[-1].held_until if former else None
        return ListFacts(
            pk=self.pk,
            code=self.code,
            currency=self.currency,
            base_pk=self.base_id,
            base_code=self.base.code if self.base else "",
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            terms=(*former, ListTerms(self.factor, self.rate, self.rounding, since)),
        )


class FormerTerms(Terms, InsertOnly):
    """The terms that a derived list had before somebody changed them, so that the past is still told as it was."""

    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="former_terms")
    held_from = models.DateTimeField(null=True)
    held_until = models.DateTimeField()

    class Meta:
        ordering = ["held_until", "id"]

    def __str__(self) -> str:
        return f"{self.price_list_id} until {self.held_until}"


class PriceQuerySet(models.QuerySet["Price"]):
    def holding(self, *, at: datetime) -> PriceQuerySet:
        return self.not_over(at=at).filter(valid_from__lte=at)

    def not_over(self, *, at: datetime) -> PriceQuerySet:
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=at))

    def selling_to(self, audience: Audience, *, at: datetime) -> PriceQuerySet:
        """Regular prices of one piece that make a variant cost something for the audience at `at`."""
        lists = PriceList.objects.for_audience(audience, at=at)
        own, derived = lists.filter(pk=OuterRef("price_list")), lists.filter(base=OuterRef("price_list"))
        return self.holding(at=at).filter(Exists(own) | Exists(derived), kind=Price.Kind.REGULAR, min_quantity=1)


class Price(models.Model):
    """What a variant costs in a price list from `valid_from` until just before `valid_until`."""

    class Kind(models.TextChoices):
        REGULAR = "regular", "Regular"
        SALE = "sale", "Sale"

    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="prices")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="prices")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.REGULAR)
    min_quantity = models.PositiveIntegerField(
        "from this quantity on", default=1, validators=[MinValueValidator(1)], help_text="Each piece then costs this."
    )
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    announced_at = models.DateTimeField(
        null=True, blank=True, help_text="When a reduction was announced, if that was before it began."
    )

    objects = PriceQuerySet.as_manager()

    class Meta:
        ordering = ["valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="price_starts_before_it_ends",
            ),
            models.CheckConstraint(condition=Q(min_quantity__gte=1), name="price_from_one_piece_on"),
            models.UniqueConstraint(
                fields=["price_list", "variant", "kind", "min_quantity", "valid_from"],
                name="price_one_per_kind_and_start",
            ),
            models.UniqueConstraint(
                fields=["price_list", "variant", "kind", "min_quantity"],
                condition=Q(valid_until=None),
                name="price_one_open_end_per_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} ({self.kind})"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def entered(self) -> Entered:
        return Entered(
            pk=self.pk,
            variant=self.variant_id,
            kind=self.kind,
            min_quantity=self.min_quantity,
            amount=self.amount,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            announced_at=self.announced_at,
        )


class PriceChange(InsertOnly):
    """What one piece costs in a list from `effective_at` on, as known since `recorded_at`.

    Of several rows for one instant the one recorded last counts. Rows for instants to come are written when the
    price is entered, so no clock has to run for the ledger to be complete.
    """

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="price_changes")
    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="price_changes")
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    regular_minor = models.PositiveBigIntegerField(null=True)
    current_minor = models.PositiveBigIntegerField(null=True)
    announced_at = models.DateTimeField(null=True)
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=255, blank=True)
    actor = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["effective_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(regular_minor=None, current_minor=None)
                | Q(regular_minor__isnull=False, current_minor__isnull=False, current_minor__lte=F("regular_minor")),
                name="price_change_is_a_price_or_none",
            )
        ]
        indexes = [models.Index(fields=["price_list", "variant", "effective_at"], name="price_change_path")]

    def __str__(self) -> str:
        return f"{self.current_minor} {self.currency} from {self.effective_at}"


class VariantCost(models.Model):
    """What a variant costs the shop, without tax."""

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="costs")
    currency = models.CharField(max_length=3)
    amount_minor = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["variant", "currency"], name="variant_cost_one_per_currency")]

    def __str__(self) -> str:
        return str(self.amount)

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)
