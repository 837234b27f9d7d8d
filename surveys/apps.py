from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.signals import page_published, page_unpublished


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        # Models exist only now.
        from surveys import receivers
        from surveys.models import SurveyPage

        page_published.connect(receivers.freeze, sender=SurveyPage)
        page_unpublished.connect(receivers.close, sender=SurveyPage)
