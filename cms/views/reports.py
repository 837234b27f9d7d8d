"""Wagtail's report of page types, without the titles of other sections' drafts.

Every other list of Wagtail asks the page permissions; this one names the last edited page of each type, whoever's.
"""

from typing import Any

from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView
from wagtail.models import Page

from cms.selectors import pages_for_staff


class SectionedPageTypesReport(PageTypesUsageReportView):
    def decorate_paginated_queryset(self, page_types: Any) -> Any:
        rows = super().decorate_paginated_queryset(page_types)
        ids = [row.last_edited_page_id for row in rows if row.last_edited_page_id]
        seen = set(pages_for_staff(Page.objects.filter(pk__in=ids), self.request.user).values_list("pk", flat=True))
        for row in rows:
            if row.last_edited_page_id not in seen:
                row.last_edited_page = None
        return rows
