from datetime import timedelta

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _
from wagtail.signals import page_published, page_unpublished


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        # Models exist only now.
        from core import scheduling
        from surveys import checks, receivers, tasks, triggers
        from surveys.models import SurveyPage

        triggers.GUARDS.connect(self)
        register(checks.check_versions, Tags.database)
        page_published.connect(receivers.freeze, sender=SurveyPage)
        page_unpublished.connect(receivers.close, sender=SurveyPage)
        scheduling.register(tasks.sweep_guards, every=timedelta(minutes=10))
        scheduling.register(tasks.delete_old_exports, every=timedelta(hours=1))
        scheduling.register(tasks.sweep_photos, every=timedelta(hours=6))
        scheduling.register(tasks.forget_texts, every=timedelta(hours=24))
        scheduling.register(tasks.forget_refusals, every=timedelta(hours=24))
        scheduling.register(tasks.watch_devices, every=timedelta(minutes=5))
        scheduling.register(tasks.fold_answers, every=timedelta(minutes=1))
        scheduling.register(tasks.tell_about_index, every=timedelta(hours=6))
