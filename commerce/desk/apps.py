from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "commerce.desk"

    def ready(self) -> None:
        from commerce.desk.permissions import register_policies
        from commerce.desk.zones import speak_utc
        from commerce.promotions.renaming import follow_names

        register_policies()
        follow_names()
        speak_utc()
