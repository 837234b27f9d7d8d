from datetime import timedelta

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from workflows import triggers


class WorkflowsConfig(AppConfig):
    name = "workflows"
    verbose_name = _("Complaints and deadlines")

    def ready(self) -> None:
        from core import scheduling
        from workflows import tasks

        pre_migrate.connect(triggers.drop_triggers, sender=self, dispatch_uid="workflows.triggers.drop")
        post_migrate.connect(triggers.create_triggers, sender=self, dispatch_uid="workflows.triggers.create")
        register(triggers.check_triggers, Tags.database)
        scheduling.register(tasks.sweep_complaints, every=timedelta(minutes=5))
        scheduling.register(tasks.tidy_complaints, every=timedelta(hours=1))
