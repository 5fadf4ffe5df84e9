from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "commerce.desk"

    def ready(self) -> None:
        from commerce.desk.permissions import register_policies

        register_policies()
