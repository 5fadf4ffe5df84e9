from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "cms.catalogue"

    def ready(self) -> None:
        from cms.catalogue.files import forget_files_of_deleted_rows
        from cms.catalogue.locales import forget_on_change

        forget_on_change()
        forget_files_of_deleted_rows()
