"""All URLs. Public ones carry no language cookie: Indonesian is unprefixed, English is ``/en/``."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.documents import urls as wagtaildocs_urls

from cms.views.reports import SectionedPageTypesReport

urlpatterns = [
    # Before Wagtail's own: its report names drafts of every section.
    path("admin/reports/page-types-usage/", require_admin_access(SectionedPageTypesReport.as_view())),
    path(
        "admin/reports/page-types-usage/results/",
        require_admin_access(SectionedPageTypesReport.as_view(results_only=True)),
    ),
    path("admin/", include(wagtailadmin_urls)),
    path("berkas/", include(wagtaildocs_urls)),
    path("akun/", include("core.account_urls")),
]
if settings.DEBUG:
    urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)

urlpatterns += i18n_patterns(
    path("", include("core.urls")),
    path("", include("home.urls")),
    path("", include("surveys.urls")),
    path("", include("workflows.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
