import uuid

import django.db.models.deletion
from django.db import migrations, models


def give_each_its_products_language(apps, schema_editor):
    for name in ("ProductImage", "ProductDocument"):
        model = apps.get_model("catalogue", name)
        rows = model.objects.select_related("content").only("pk", "content__locale_id")
        batch = []
        for row in rows.iterator(chunk_size=1000):
            row.translation_key, row.locale_id = uuid.uuid4(), row.content.locale_id
            batch.append(row)
            if len(batch) == 1000:
                model.objects.bulk_update(batch, ["translation_key", "locale_id"])
                batch = []
        model.objects.bulk_update(batch, ["translation_key", "locale_id"])
    # PostgreSQL alters no table that waits for its constraints to be checked.
    schema_editor.connection.check_constraints()


def _key(*, required):
    return models.UUIDField(default=uuid.uuid4, editable=False) if required else models.UUIDField(null=True)


def _locale(*, required):
    return models.ForeignKey(
        editable=False,
        null=not required,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="wagtailcore.locale",
        verbose_name="locale",
    )


_MODELS = ("productimage", "productdocument")


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0007_files_of_digital_goods"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        *(migrations.AddField(name, "translation_key", _key(required=False)) for name in _MODELS),
        *(migrations.AddField(name, "locale", _locale(required=False)) for name in _MODELS),
        migrations.RunPython(give_each_its_products_language, migrations.RunPython.noop),
        *(migrations.AlterField(name, "translation_key", _key(required=True)) for name in _MODELS),
        *(migrations.AlterField(name, "locale", _locale(required=True)) for name in _MODELS),
        *(migrations.AlterUniqueTogether(name, {("translation_key", "locale")}) for name in _MODELS),
    ]
