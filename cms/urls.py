"""All URLs. Public ones carry no language cookie: Indonesian is unprefixed, English is ``/en/``."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("berkas/", include(wagtaildocs_urls)),
    path("akun/", include("allauth.urls")),
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
