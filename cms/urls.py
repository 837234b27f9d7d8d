"""All URLs. Public ones carry no language cookie: Indonesian is unprefixed, English is ``/en/``."""

from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.bulk_action import index as bulk_actions
from wagtail.admin.views.chooser import BrowseView, ChosenMultipleView
from wagtail.admin.viewsets.pages import page_viewset_registry
from wagtail.documents import urls as wagtaildocs_urls

from cms.addresses import page_patterns
from cms.views.choosers import closed, only_seen_pages
from cms.views.files import media
from cms.views.reports import SectionedPageTypesReport

# Wagtail's own sign-in pages count no failures and ask for no second factor.
our_sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)
move_confirm = page_viewset_registry.as_view("move_confirm", page_id_kwarg="page_to_move_id")

urlpatterns = [
    path("admin/login/", our_sign_in),
    path("admin/choose-page/chosen-multiple/", require_admin_access(only_seen_pages(ChosenMultipleView.as_view()))),
    path("admin/choose-page/<int:parent_page_id>/", require_admin_access(only_seen_pages(BrowseView.as_view()))),
    path(
        "admin/pages/<int:page_to_move_id>/move/<int:destination_id>/confirm/",
        require_admin_access(only_seen_pages(move_confirm)),
    ),
    path(
        "admin/bulk/wagtailcore/page/<str:action>/",
        require_admin_access(only_seen_pages(bulk_actions)),
        {"app_label": "wagtailcore", "model_name": "page"},
    ),
    re_path(r"^admin/api/main/(?:images|documents)/", closed),
    # Before Wagtail's own: its report names drafts of every section.
    path("admin/reports/page-types-usage/", require_admin_access(SectionedPageTypesReport.as_view())),
    path(
        "admin/reports/page-types-usage/results/",
        require_admin_access(SectionedPageTypesReport.as_view(results_only=True)),
    ),
    path("admin/", include(wagtailadmin_urls)),
    path("berkas/", include(wagtaildocs_urls)),
    path("akun/", include("core.account_urls")),
    path("media/<path:name>", media, name="media"),
]

urlpatterns += page_patterns(
    path("", include("core.urls")),
    path("", include("home.urls")),
    path("", include("surveys.urls")),
    path("", include("workflows.urls")),
    path("_util/login/", our_sign_in),
    path("", include(wagtail_urls)),
)
