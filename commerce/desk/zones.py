"""The desk speaks UTC. Its fields, lists and histories say so, whatever zone somebody may have chosen in Wagtail."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_init
from wagtail.users.models import UserProfile


def speak_utc() -> None:
    """Called once, when the app is ready. A blank zone stands for `TIME_ZONE`, which is UTC.

    Wagtail enters a user's zone around every page of the admin, also one that was chosen while the setting still
    offered others; so it is forgotten as the profile is read.
    """
    post_init.connect(_forget_zone, sender=UserProfile, dispatch_uid="commerce.desk.zones")


def _forget_zone(*, instance: UserProfile, **sent: Any) -> None:
    instance.current_time_zone = ""
