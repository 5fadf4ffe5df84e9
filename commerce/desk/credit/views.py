"""Gift cards and store credit: found by code or customer, issued, corrected, blocked, each with its ledger."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from commerce.credit import adjusting, codes
from commerce.credit.issuing import give_store_credit, issue_gift_card
from commerce.credit.models import CreditAccount
from commerce.desk.credit.forms import AdjustForm, IssueForm, ReasonForm
from commerce.desk.promotions.words import moment
from commerce.desk.templatetags.money import money
from commerce.kit import clock
from commerce.kit.errors import DomainError
from commerce.kit.money import Money

CODE_SHOWN = "credit.code_shown"
_JUST_ISSUED = "credit-just-issued"


def may(user: Any, action: str) -> bool:
    return bool(user.has_perm(f"credit.{action}_creditaccount"))


def may_look(user: Any) -> bool:
    return any(may(user, action) for action in ("add", "change", "delete", "view"))


def status_of(account: CreditAccount) -> str:
    if not account.is_active:
        return "Blocked"
    if account.has_expired(at=clock.now()):
        return "Expired"
    return "Usable" if account.balance_minor else "Empty"


class CreditIndexView(IndexView):
    add_item_label = "Issue"

    def get_base_queryset(self) -> Any:
        return CreditAccount.objects.select_related("owner")

    def search_queryset(self, queryset: Any) -> Any:
        """By the whole code in any spelling, its last four symbols, or the customer's address."""
        if not self.is_searching:
            return queryset
        if code := codes.read(self.search_query):
            return queryset.filter(code_digest__in=codes.digests(code))
        written = self.search_query.strip()
        return queryset.filter(
            Q(last_four=written.lstrip("• ").upper()) | Q(email__icontains=written) | Q(owner__email__icontains=written)
        )

    def get_edit_url(self, instance: Any) -> str:
        return reverse("credit:inspect", args=[instance.pk])

    def get_list_more_buttons(self, instance: Any) -> list[Any]:
        return []


COLUMNS = [
    "__str__",
    Column("kind", label="Kind", accessor="get_kind_display", sort_key="kind"),
    StatusTagColumn("status", label="Status", accessor=status_of, primary=lambda each: status_of(each) == "Usable"),
    Column("balance", label="Balance", accessor=lambda each: money(each.balance), sort_key="balance_minor"),
    Column("available", label="Free to use", accessor=lambda each: money(each.available)),
    Column("customer", label="Customer", accessor=lambda each: each.owner.email if each.owner else each.email or "–"),
    Column("expires", label="Expires", accessor=lambda each: moment(each.expires_at) if each.expires_at else "never"),
    DateColumn("created_at", label="Issued", sort_key="created_at"),
]


class _CreditPage(WagtailAdminTemplateMixin, TemplateView):
    header_icon = "key"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        accounts = {"url": reverse("credit:index"), "label": "Gift cards and credit"}
        return [*self.breadcrumbs_items, accounts, {"url": "", "label": self.page_title}]


class IssueView(_CreditPage):
    template_name = "desk/promotions/coupon_form.html"
    page_title = "Issue a gift card or store credit"

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        if not may(request.user, "add"):
            raise PermissionDenied
        return super().dispatch(request, *args, **options)

    def get(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        return self._page(IssueForm(initial={"token": uuid.uuid4()}))

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        form = IssueForm(request.POST)
        if form.is_valid() and (account := self._issued(form)):
            request.session[_JUST_ISSUED] = str(account.pk)
            return redirect("credit:inspect", pk=account.pk)
        return self._page(form)

    def _issued(self, form: IssueForm) -> CreditAccount | None:
        wanted = form.cleaned_data
        reference, actor = f"desk:{wanted['token']}", str(self.request.user)[:100]
        try:
            if wanted["kind"] == CreditAccount.Kind.STORE_CREDIT:
                return give_store_credit(
                    owner=wanted["owner"],
                    amount=wanted["money"],
                    actor=actor,
                    reason=wanted["reason"],
                    reference=reference,
                    at=clock.now(),
                )
            return issue_gift_card(
                amount=wanted["money"],
                email=wanted["customer"],
                expires_at=wanted["expires_at"],
                actor=actor,
                reason=wanted["reason"],
                reference=reference,
                once=wanted["token"],
                at=clock.now(),
            )
        except DomainError as refusal:
            field = "expires_at" if refusal.code == "credit_expiry_refused" else "amount"
            form.add_error(field, f"{refusal.detail.rstrip('.')}.")
            return None

    def _page(self, form: IssueForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, media=form.media, submit_label="Issue"))


class AccountView(_CreditPage):
    """An account with its ledger. The code is shown once when it was issued, later only to who asks for it."""

    template_name = "desk/credit/account.html"
    most_entries = 200

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        if not may_look(request.user):
            raise PermissionDenied
        self.account = get_object_or_404(CreditAccount.objects.select_related("owner"), pk=self.kwargs["pk"])
        return super().dispatch(request, *args, **options)

    @property
    def page_title(self) -> str:
        return (
            f"{self.account.get_kind_display()} {self.account.last_four and '•••• ' + self.account.last_four}".strip()
        )

    def get(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        just_issued = request.session.get(_JUST_ISSUED) == str(self.account.pk)
        if just_issued:
            del request.session[_JUST_ISSUED]
        return self._page(code=self._code() if just_issued else "", just_issued=just_issued)

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if not may(request.user, "change"):
            raise PermissionDenied
        match request.POST.get("action"):
            case "show":
                if code := self._code():
                    log(self.account, CODE_SHOWN, user=request.user)
                return self._page(code=code)
            case "adjust":
                return self._adjust(AdjustForm(request.POST, currency=self.account.currency))
            case "block" | "unblock" as action:
                return self._set_blocked(action, ReasonForm(request.POST, prefix="block"))
        return self._page()

    def _adjust(self, form: AdjustForm) -> HttpResponse:
        if form.is_valid():
            try:
                account = adjusting.adjust(
                    account_id=self.account.pk,
                    change=form.cleaned_data["money"],
                    actor=self._actor,
                    reason=form.cleaned_data["reason"],
                    at=clock.now(),
                )
            except DomainError as refusal:
                free = f" ({self.account.available} are free)" if refusal.code == "credit_is_held" else ""
                form.add_error("amount", f"{refusal.detail.rstrip('.')}{free}.")
            else:
                messages.success(self.request, f"The balance is now {money(account.balance)}.")
                return self._again()
        return self._page(adjust=form)

    def _set_blocked(self, action: str, form: ReasonForm) -> HttpResponse:
        if not form.is_valid():
            return self._page(blocking=form)
        change = adjusting.block if action == "block" else adjusting.unblock
        change(account_id=self.account.pk, actor=self._actor, reason=form.cleaned_data["reason"], at=clock.now())
        messages.success(self.request, "It is blocked." if action == "block" else "It can be used again.")
        return self._again()

    def _again(self) -> HttpResponse:
        return redirect("credit:inspect", pk=self.account.pk)

    @property
    def _actor(self) -> str:
        return str(self.request.user)[:100]

    def _code(self) -> str:
        try:
            return self.account.code
        except codes.SealedWithALostKey:
            messages.error(self.request, "The key that this code was kept under is gone; it cannot be shown any more.")
            return ""

    def _page(self, *, code: str = "", just_issued: bool = False, **forms: Any) -> HttpResponse:
        # Newest first; the ledger itself is read oldest first.
        entries = list(self.account.entries.order_by("-id")[: self.most_entries])
        for entry in entries:
            entry.change_words = money(_of(self.account, entry.amount_minor))
            entry.balance_words = money(_of(self.account, entry.balance_minor))
        return self.render_to_response(
            self.get_context_data(
                account=self.account,
                status=status_of(self.account),
                code=code,
                just_issued=just_issued,
                entries=entries,
                most_entries=self.most_entries,
                may_change=may(self.request.user, "change"),
                adjust=forms.get("adjust") or AdjustForm(currency=self.account.currency),
                blocking=forms.get("blocking") or ReasonForm(prefix="block"),
            )
        )


def _of(account: CreditAccount, minor: int) -> Money:
    return Money(minor, account.currency)
