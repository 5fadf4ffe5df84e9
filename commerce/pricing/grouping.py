"""Customer groups: whose prices a customer pays."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db import IntegrityError, transaction

from commerce.accounts.models import User
from commerce.kit.errors import DomainError, ErrorKind
from commerce.pricing.models import CustomerGroup


class GroupCodeTaken(DomainError):
    code = "group_code_taken"
    title = "Another customer group has this code"
    kind = ErrorKind.CONFLICT


class WrongGroup(DomainError):
    code = "wrong_group"
    title = "A customer group has a name, and a code of small letters, digits and hyphens"
    kind = ErrorKind.INVALID


def open_group(*, code: str, name: str) -> CustomerGroup:
    """Raises `GroupCodeTaken`, `WrongGroup`."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,49}", code) or not name.strip():
        raise WrongGroup()
    try:
        with transaction.atomic():
            return CustomerGroup.objects.create(code=code, name=name.strip()[:100])
    except IntegrityError:
        raise GroupCodeTaken() from None


def put_in(*, group: CustomerGroup, customers: Iterable[User]) -> None:
    group.members.add(*customers)


def take_out(*, group: CustomerGroup, customers: Iterable[User]) -> None:
    group.members.remove(*customers)


def groups_of(customer: User | None) -> frozenset[str]:
    """The codes of the groups a customer is in, for an `Audience`; none for a guest."""
    if customer is None or customer.pk is None:
        return frozenset()
    return frozenset(CustomerGroup.objects.filter(members=customer).values_list("code", flat=True))
