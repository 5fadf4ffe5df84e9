from wagtail.snippets.models import register_snippet

from cms.catalogue.admin import ProductViewSet

register_snippet(ProductViewSet)
