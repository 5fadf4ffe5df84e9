"""Four logins for the demo, the groups that let each work, and the workflow in which a merchandiser approves drafts."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
    WorkflowTask,
)

from cms.catalogue.models import ProductContent
from commerce.accounts.models import User

PASSWORD = "magpie-demo"
ADMIN = "admin@magpie.example"
MERCHANDISER = "editor@magpie.example"
WRITER = "writer@magpie.example"
CLERK = "clerk@magpie.example"

_ON_PAGES = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page", "view_page")
_ON_FILES = tuple(f"{action}_{kind}" for kind in ("image", "document") for action in ("add", "change", "choose"))
_ON_MODELS = (
    "access_admin",
    "add_productcontent",
    "change_productcontent",
    "publish_productcontent",
    "delete_productcontent",
    "lock_productcontent",
    "unlock_productcontent",
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
    "view_newslettersubscription",
    "change_shopsettings",
    *(f"{action}_menu" for action in ("view", "add", "change", "publish", "delete")),
)

# The writer drafts products and pages; what they are, cost and belong to, and when they go live, is not for them.
_DRAFTS = ("access_admin", "add_productcontent", "change_productcontent", "view_productcontent")
_DRAFTS_OF_PAGES = ("add_page", "change_page", "view_page")

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
    f"{action}_{model}"
    for action in ("add", "change", "delete", "view")
    for model in ("brand", "vendor", "collection", "option", "attribute", "digitalfile")
)


def hire(*, home: Page) -> None:
    User.objects.create_superuser(ADMIN, PASSWORD, first_name="Admin")
    merchandiser = User.objects.create_user(MERCHANDISER, PASSWORD, first_name="Merchandiser")
    merchandisers = _merchandisers(home)
    merchandiser.groups.add(merchandisers)
    User.objects.create_user(WRITER, PASSWORD, first_name="Writer").groups.add(_writers(home))
    _have_drafts_approved(by=merchandisers, home=home)
    clerks = Group.objects.create(name="Order clerks")
    clerks.permissions.set(_permissions(_ON_ORDERS))
    User.objects.create_user(CLERK, PASSWORD, first_name="Clerk").groups.add(clerks)


def _merchandisers(home: Page) -> Group:
    group = Group.objects.create(name="Merchandisers")
    group.permissions.set(_permissions(_ON_MODELS))
    group.permissions.add(*Permission.objects.filter(content_type__app_label="catalogue", codename__in=_ON_CATALOGUE))
    _let_work(group, home=home, on_pages=_ON_PAGES)
    return group


def _writers(home: Page) -> Group:
    group = Group.objects.create(name="Writers")
    group.permissions.set(_permissions(_DRAFTS))
    _let_work(group, home=home, on_pages=_DRAFTS_OF_PAGES)
    return group


def _let_work(group: Group, *, home: Page, on_pages: tuple[str, ...]) -> None:
    for page in home.get_translations(inclusive=True):
        for permission in _permissions(on_pages):
            GroupPagePermission.objects.create(group=group, page=page, permission=permission)
    for permission in _permissions(_ON_FILES):
        GroupCollectionPermission.objects.create(
            group=group, collection=Collection.get_first_root_node(), permission=permission
        )


def _have_drafts_approved(*, by: Group, home: Page) -> None:
    """Of products and pages alike, by one of the group."""
    workflow = Workflow.objects.create(name="Approval by a merchandiser")
    task = GroupApprovalTask.objects.create(name="A merchandiser reads it")
    task.groups.add(by)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=home)
    WorkflowContentType.objects.create(
        workflow=workflow, content_type=ContentType.objects.get_for_model(ProductContent)
    )


def _permissions(codenames: tuple[str, ...]) -> list[Permission]:
    found = {each.codename: each for each in Permission.objects.filter(codename__in=codenames)}
    return [found[codename] for codename in codenames]
