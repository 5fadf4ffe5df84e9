"""Price lists, customer groups and channels. Nothing is deleted here: a list ends, a group loses its members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.models import Permission
from django.core.validators import validate_slug
from django.db import transaction
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When, Window
from django.db.models.functions import Lower, RowNumber
from django.http import HttpResponse
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from commerce.accounts.models import User
from commerce.desk.pricing import access
from commerce.kit import clock
from commerce.kit.errors import DomainError
from commerce.markets.models import Channel
from commerce.pricing import grouping, lists
from commerce.pricing.models import CustomerGroup, PriceList

TERMS = ("factor", "rate", "rounding_step_minor", "rounding_ending_minor", "rounding_mode")
_FIELD_OF = {
    "price_list_rank_taken": "priority",
    "price_list_code_taken": "code",
    "price_list_wrong_base": "base",
    "price_list_wrong_terms": "factor",
    "price_list_wrong_window": "valid_until",
    "group_code_taken": "code",
    "wrong_group": "code",
}


class NothingIsDeleted(ModelPermissionPolicy):
    """Whoever may add and change may not delete: prices, orders and promotions refer to these rows."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "delete" and bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.user_has_permission(user, action)

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        return self.user_has_any_permission(user, actions)


class _ThroughTheDomain:
    """Saves by a use case; what that refuses is said at its field."""

    request: Any
    form: Any

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except DomainError as refusal:
            field = _FIELD_OF.get(refusal.code)
            form.add_error(field if field in form.fields else None, refusal.detail)
            self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
            return self.form_invalid(form)  # type: ignore[attr-defined]


class _DomainForm(WagtailAdminModelForm):
    """The domain knows whether rows go together, and says it in words; the database's constraints do not."""

    def clean(self) -> Any:
        return self.cleaned_data

    def _post_clean(self) -> None:
        # Not by a method of the form: Django 5.2 asks the row itself.
        self.instance.validate_constraints = lambda exclude=None: None
        super()._post_clean()


class PriceListForm(_DomainForm):
    class Meta:
        model = PriceList
        fields = [
            "market",
            "name",
            "code",
            "customer_group",
            "channel",
            "priority",
            "base",
            *TERMS,
            "valid_from",
            "valid_until",
        ]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        base = self.fields["base"]
        base.queryset = PriceList.objects.filter(base=None).select_related("market")
        base.label, base.empty_label = "Derived from", "None: it has prices of its own"
        base.help_text = "What the list does not price itself follows from the base, by the terms below."
        self.fields["customer_group"].empty_label = self.fields["channel"].empty_label = "Everybody"
        self.fields["market"].empty_label = None
        self.fields["customer_group"].label, self.fields["channel"].label = "For customer group", "For channel"
        self.fields["valid_from"].help_text = "UTC. Empty: from now on."
        self.fields["valid_until"].help_text = "UTC. Empty: without an end."


class PriceListTermsForm(_DomainForm):
    """Of a list that is open only the terms and the end may change."""

    mark = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = PriceList
        fields = [*TERMS, "valid_until"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["valid_until"].label, self.fields["valid_until"].help_text = "Ends", "UTC. Now or later, for good."
        if self.instance.base_id is None:
            for name in TERMS:
                del self.fields[name]
        self.before = {name: getattr(self.instance, name) for name in (*TERMS, "valid_until")}
        self.initial["mark"] = repr(sorted((name, str(value)) for name, value in self.before.items()))

    def clean_valid_until(self) -> datetime | None:
        wanted: datetime | None = self.cleaned_data["valid_until"]
        if wanted is None and self.before["valid_until"] is not None:
            raise forms.ValidationError("A list that ends cannot go on. Open another one.")
        return wanted

    def clean(self) -> Any:
        if self.cleaned_data.get("mark") != self.initial["mark"]:
            raise forms.ValidationError("Somebody has changed this list since you opened the page. Open it again.")
        return self.cleaned_data

    @property
    def terms(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {name: said[name] for name in TERMS if name in said and said[name] != self.before[name]}

    @property
    def ends_at(self) -> datetime | None:
        """None when the end stays; the field knows minutes only."""
        before, wanted = self.before["valid_until"], self.cleaned_data["valid_until"]
        is_same = before and wanted and before.replace(second=0, microsecond=0) == wanted
        return None if is_same else wanted


def in_asking_order(price_lists: QuerySet[PriceList], *, at: datetime) -> QuerySet[PriceList]:
    """By market, each in the order in which its lists are asked (see `commerce.pricing.resolving`); ended ones last."""
    nearness = Case(
        When(customer_group__isnull=False, channel__isnull=False, then=Value(0)),
        When(customer_group__isnull=False, then=Value(1)),
        When(channel__isnull=False, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    is_over = Case(When(Q(valid_until__lte=at), then=Value(1)), default=Value(0), output_field=IntegerField())
    rank = [F("is_over").asc(), F("priority").desc(), F("nearness").asc(), F("code").asc()]
    return (
        price_lists.annotate(nearness=nearness, is_over=is_over)
        .annotate(place=Window(RowNumber(), partition_by=[F("market")], order_by=rank))
        .order_by("-market__is_default", "market__code", *rank)
    )


def _whom(price_list: PriceList) -> str:
    parts = [str(each) for each in (price_list.customer_group, price_list.channel) if each]
    return " in ".join(parts) or "Everybody"


def _terms(price_list: PriceList) -> str:
    if price_list.base is None:
        return "Own prices"
    parts = [f"from {price_list.base.name}", f"× {price_list.factor.normalize():f}"]
    if price_list.rate != 1:
        parts.append(f"at {price_list.rate.normalize():f}")
    if price_list.rounding_step_minor > 1:
        parts.append(f"to {price_list.rounding_step_minor}, ending {price_list.rounding_ending_minor}")
    return ", ".join(parts)


def _holds(price_list: PriceList) -> str:
    start, end = price_list.valid_from, price_list.valid_until
    parts = [f"from {start:%Y-%m-%d}" if start else "", f"until {end:%Y-%m-%d}" if end else ""]
    return " ".join(filter(None, parts)) or "Always"


class PriceListIndexView(IndexView):
    page_title = "Price lists"

    def get_base_queryset(self) -> Any:
        return PriceList.objects.select_related("market", "base", "customer_group", "channel")

    def order_queryset(self, queryset: Any) -> Any:
        return in_asking_order(queryset, at=clock.now())


class PriceListCreateView(_ThroughTheDomain, CreateView):
    def save_instance(self) -> PriceList:
        said = {name: value for name, value in self.form.cleaned_data.items() if value is not None}
        made = lists.open_list(**said, at=clock.now(), actor=access.actor_of(self.request))
        log(instance=made, action="wagtail.create", user=self.request.user)
        return made


class PriceListEditView(_ThroughTheDomain, EditView):
    def get_context_data(self, **context: Any) -> dict[str, Any]:
        facts = {"Asked for": _whom(self.object), "Priority": self.object.priority, "Prices": _terms(self.object)}
        return super().get_context_data(**context, facts=facts | {"Market": self.object.market.name})

    def save_instance(self) -> PriceList:
        at, actor = clock.now(), access.actor_of(self.request)
        price_list = PriceList.objects.select_related("market", "base").get(pk=self.object.pk)
        with transaction.atomic():
            if terms := self.form.terms:
                price_list = lists.change_terms(price_list=price_list, **terms, at=at, actor=actor)
            if ends_at := self.form.ends_at:
                price_list = lists.end_list(price_list=price_list, ends_at=ends_at, at=at, actor=actor)
            log(instance=price_list, action="wagtail.edit", user=self.request.user)
        return price_list


class _Screen(ModelViewSet):
    """A model's screens without copying, with permissions that the pricing screens register together."""

    copy_view_enabled = False
    exclude_form_fields: list[str] = []

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        return Permission.objects.none()


class PriceListViewSet(_Screen):
    model = PriceList
    icon = "list-ul"
    menu_label = "Price lists"
    index_view_class = PriceListIndexView
    add_view_class = PriceListCreateView
    edit_view_class = PriceListEditView
    edit_template_name = "desk/pricing/list_edit.html"
    index_results_template_name = "desk/pricing/lists_results.html"
    list_filter = ["market"]
    list_per_page = 200

    def get_form_class(self, for_update: bool = False) -> Any:
        return PriceListTermsForm if for_update else PriceListForm

    @property
    def list_display(self) -> Sequence[Any]:
        return [
            Column("place", label="Asked", accessor=lambda each: "ended" if each.is_over else f"{each.place}."),
            TitleColumn("name", label="Name", url_name=self.get_url_name("edit"), width="28%"),
            Column("market", label="Market", accessor=lambda each: each.market.name),
            Column("whom", label="For", accessor=_whom),
            Column("priority", label="Priority"),
            Column("terms", label="Prices", accessor=_terms),
            Column("holds", label="Holds", accessor=_holds),
        ]


class CustomerGroupForm(_DomainForm):
    class Meta:
        model = CustomerGroup
        fields = ["name", "code"]


class _Addresses(forms.CharField):
    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})

    def clean(self, value: Any) -> list[User]:
        wanted = {line.strip().lower() for line in str(super().clean(value)).replace(",", "\n").split("\n")} - {""}
        found: list[User] = list(User.objects.annotate(address=Lower("email")).filter(address__in=wanted))
        missing = wanted - {user.email.lower() for user in found}
        if missing:
            raise forms.ValidationError(f"No customer has this address: {', '.join(sorted(missing)[:5])}")
        return found


class CustomerGroupMembersForm(_DomainForm):
    put_in = _Addresses(label="Put in", required=False, max_length=100_000, help_text="E-mail addresses, one a line.")
    take_out = _Addresses(label="Take out", required=False, max_length=100_000)

    class Meta:
        model = CustomerGroup
        fields = ["name"]


class CustomerGroupIndexView(IndexView):
    page_title = "Customer groups"

    def get_base_queryset(self) -> Any:
        return CustomerGroup.objects.annotate(customers=Count("members"))


class CustomerGroupCreateView(_ThroughTheDomain, CreateView):
    def save_instance(self) -> CustomerGroup:
        said = self.form.cleaned_data
        made = grouping.open_group(code=said["code"], name=said["name"])
        log(instance=made, action="wagtail.create", user=self.request.user)
        return made


class CustomerGroupEditView(_ThroughTheDomain, EditView):
    def get_context_data(self, **context: Any) -> dict[str, Any]:
        members = self.object.members.order_by("email")
        shown = ", ".join(members.values_list("email", flat=True)[:50])
        return super().get_context_data(**context, facts={"Code": self.object.code, "Members": members.count(),
                                                          "Among them": shown or "nobody"})  # fmt: skip

    def save_instance(self) -> CustomerGroup:
        group, said = self.object, self.form.cleaned_data
        CustomerGroup.objects.filter(pk=group.pk).update(name=said["name"])
        grouping.put_in(group=group, customers=said["put_in"])
        grouping.take_out(group=group, customers=said["take_out"])
        log(instance=group, action="wagtail.edit", user=self.request.user)
        return group


class CustomerGroupViewSet(_Screen):
    model = CustomerGroup
    icon = "group"
    menu_label = "Customer groups"
    index_view_class = CustomerGroupIndexView
    add_view_class = CustomerGroupCreateView
    edit_view_class = CustomerGroupEditView
    edit_template_name = "desk/pricing/list_edit.html"
    list_display = ["name", "code", Column("customers", label="Members")]
    search_fields = ["name", "code"]
    search_backend_name = None

    def get_form_class(self, for_update: bool = False) -> Any:
        return CustomerGroupMembersForm if for_update else CustomerGroupForm


class ChannelForm(WagtailAdminModelForm):
    class Meta:
        model = Channel
        fields = ["name", "code", "is_open"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Price lists, promotions and clients name the channel by its code.
        self.fields["code"].disabled = bool(self.instance.pk)
        self.fields["code"].validators.append(validate_slug)


class ChannelViewSet(_Screen):
    model = Channel
    icon = "globe"
    menu_label = "Channels"
    list_display = ["name", "code", BooleanColumn("is_open", label="Open to everybody")]

    def get_form_class(self, for_update: bool = False) -> Any:
        return ChannelForm
