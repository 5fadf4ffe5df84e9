from __future__ import annotations

from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.pages import failing as _failing  # noqa: F401 - registers itself
from cms.pages.menus import Menu


class MenuViewSet(SnippetViewSet):
    model = Menu
    icon = "list-ul"
    menu_label = "Navigation"
    menu_name = "navigation"
    menu_order = 170
    add_to_admin_menu = True
    list_display = ["__str__", "locale"]
    ordering = ["-handle"]


register_snippet(MenuViewSet)
