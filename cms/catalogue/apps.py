from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "cms.catalogue"

    def ready(self) -> None:
        from cms.catalogue.locales import forget_on_change

        forget_on_change()
