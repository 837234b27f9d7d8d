from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core.sections import register_section_finder


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = _("Public content")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only now; core asks this function where an agency's section is.
        from cms.services.sections import section_pages

        register_section_finder(section_pages)
