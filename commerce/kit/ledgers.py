"""Insert-only rows: what happened is never rewritten; a correction is another row."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models

from cms.prepared import insert


class LedgerIsInsertOnly(TypeError):
    """A ledger row was about to be changed or deleted."""


class InsertOnlyQuerySet(models.QuerySet[Any]):
    def update(self, **changes: Any) -> NoReturn:
        raise LedgerIsInsertOnly(self.model._meta.label)

    def bulk_update(self, *args: Any, **options: Any) -> NoReturn:
        raise LedgerIsInsertOnly(self.model._meta.label)

    def delete(self) -> NoReturn:
        raise LedgerIsInsertOnly(self.model._meta.label)

    def bulk_create(self, objs: Any, *args: Any, **options: Any) -> Any:
        if options.get("update_conflicts"):
            raise LedgerIsInsertOnly(self.model._meta.label)
        if args or options:
            return super().bulk_create(objs, *args, **options)
        rows = list(objs)
        insert(rows)
        return rows


class InsertOnly(models.Model):
    """Base of every ledger. Rows that refer to one use PROTECT, so that none disappears by cascade."""

    objects = InsertOnlyQuerySet.as_manager()
    # Nobody edits what refers to such rows, so nobody asks where they are used.
    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise LedgerIsInsertOnly(self._meta.label)
        # Never as an UPDATE: a row built with an old primary key would be written over that row.
        insert([self])

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise LedgerIsInsertOnly(self._meta.label)
