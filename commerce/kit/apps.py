from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KitConfig(AppConfig):
    name = "commerce.kit"

    def ready(self) -> None:
        # Every process must know the subscribers: the web process writes one delivery for each.
        autodiscover_modules("tasks")
