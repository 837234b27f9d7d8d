from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from workflows import triggers


class WorkflowsConfig(AppConfig):
    name = "workflows"
    verbose_name = _("Complaints and deadlines")

    def ready(self) -> None:
        from core import scheduling
        from workflows import tasks

        triggers.GUARDS.connect(self)
        scheduling.register(tasks.sweep_complaints, every=timedelta(minutes=5))
        scheduling.register(tasks.tidy_complaints, every=timedelta(hours=1))
