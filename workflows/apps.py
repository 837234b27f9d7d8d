from datetime import timedelta

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from workflows import texts, triggers


class WorkflowsConfig(AppConfig):
    name = "workflows"
    verbose_name = _("Complaints and deadlines")

    def ready(self) -> None:
        from core import scheduling
        from workflows import deadline_tasks, intake_adapters, offered_letters, reporter_tasks, tasks

        triggers.GUARDS.connect(self)
        triggers.SQLITE_GUARDS.connect(self, "unreplaced")
        pre_migrate.connect(triggers.drop_stamps, sender=self, dispatch_uid="workflows.stamps.drop")
        post_migrate.connect(triggers.create_stamps, sender=self, dispatch_uid="workflows.stamps.create")
        texts.CASE_WORDS.connect(self)
        texts.MESSAGE_WORDS.connect(self)
        scheduling.register(tasks.sweep_complaints, every=timedelta(minutes=5))
        scheduling.register(tasks.tidy_complaints, every=timedelta(hours=1))
        scheduling.register(deadline_tasks.catch_up_with_calendars, every=timedelta(minutes=5))
        scheduling.register(deadline_tasks.send_reminders, every=timedelta(minutes=5))
        scheduling.register(deadline_tasks.record_missed_reminders, every=timedelta(hours=1))
        scheduling.register(deadline_tasks.check_deadlines, every=timedelta(days=1))
        scheduling.register(reporter_tasks.prove_log, every=timedelta(days=1))
        scheduling.register(reporter_tasks.erase_reporters, every=timedelta(hours=1))
        scheduling.register(reporter_tasks.tell_followers, every=timedelta(minutes=15))
        offered_letters.offer_letters()
        scheduling.register(tasks.reconcile_with_sp4n, every=timedelta(hours=6))
        intake_adapters.connect()
