from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cms.images.models import ShopImage
from cms.images.rendering import render


class Command(BaseCommand):
    help = "Makes the sizes that pictures lack. The worker does so by itself; this is for pictures of before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="make those anew that are there")

    def handle(self, *args: Any, **options: Any) -> None:
        images = ShopImage.objects.order_by("pk")
        for done, image in enumerate(images.iterator(chunk_size=100), start=1):
            if options["again"]:
                image.renditions.all().delete()
            render(image, at=timezone.now())
            if done % 100 == 0:
                self.stdout.write(f"{done} pictures")
        self.stdout.write(f"{images.count()} pictures have their sizes")
