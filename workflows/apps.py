from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from workflows import triggers


class WorkflowsConfig(AppConfig):
    name = "workflows"
    verbose_name = _("Complaints and deadlines")

    def ready(self) -> None:
        pre_migrate.connect(triggers.drop_triggers, sender=self, dispatch_uid="workflows.triggers.drop")
        post_migrate.connect(triggers.create_triggers, sender=self, dispatch_uid="workflows.triggers.create")
        register(triggers.check_triggers, Tags.database)
