"""Three logins for the demo, and the groups that let a merchandiser and an order clerk work."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from commerce.accounts.models import User

PASSWORD = "magpie-demo"
ADMIN = "admin@magpie.example"
MERCHANDISER = "editor@magpie.example"
CLERK = "clerk@magpie.example"

_ON_PAGES = ("add_page", "change_page", "publish_page", "view_page")
_ON_IMAGES = ("add_image", "change_image", "choose_image")
_ON_MODELS = (
    "access_admin",
    "add_productcontent",
    "change_productcontent",
    "publish_productcontent",
    "view_productcontent",
    "change_variant",
    "view_order",
    "view_invoice",
    "view_stocklevel",
    "change_stocklevel",
    "view_stockmovement",
    *(f"{action}_{model}" for action in ("view", "change") for model in ("price", "variantcost")),
    *(f"{action}_{model}" for action in ("view", "add", "change") for model in ("pricelist", "customergroup")),
    *(f"{action}_{model}" for action in ("view", "add", "change") for model in ("promotion", "coupon")),
    "view_creditaccount",
)

# The clerk works orders and gives money back; goods and prices are the merchandiser's.
_ON_ORDERS = (
    "access_admin",
    "view_order",
    "change_order",
    "add_orderrefund",
    "view_payment",
    "change_payment",
    "view_invoice",
    "view_stocklevel",
    "view_stockmovement",
    "view_creditaccount",
)

# Wagtail has a permission of its own for each "collection": its folders of pictures.
_ON_CATALOGUE = tuple(
    f"{action}_{model}" for action in ("add", "change", "delete", "view") for model in ("brand", "collection")
)


def hire(*, home: Page) -> None:
    User.objects.create_superuser(ADMIN, PASSWORD, first_name="Admin")
    merchandiser = User.objects.create_user(MERCHANDISER, PASSWORD, first_name="Merchandiser")
    merchandiser.groups.add(_merchandisers(home))
    clerks = Group.objects.create(name="Order clerks")
    clerks.permissions.set(_permissions(_ON_ORDERS))
    User.objects.create_user(CLERK, PASSWORD, first_name="Clerk").groups.add(clerks)


def _merchandisers(home: Page) -> Group:
    group = Group.objects.create(name="Merchandisers")
    group.permissions.set(_permissions(_ON_MODELS))
    group.permissions.add(*Permission.objects.filter(content_type__app_label="catalogue", codename__in=_ON_CATALOGUE))
    for permission in _permissions(_ON_PAGES):
        GroupPagePermission.objects.create(group=group, page=home, permission=permission)
    for permission in _permissions(_ON_IMAGES):
        GroupCollectionPermission.objects.create(
            group=group, collection=Collection.get_first_root_node(), permission=permission
        )
    return group


def _permissions(codenames: tuple[str, ...]) -> list[Permission]:
    found = {each.codename: each for each in Permission.objects.filter(codename__in=codenames)}
    return [found[codename] for codename in codenames]
