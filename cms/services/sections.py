"""An agency's section: its page and everything below it.

The rights on a section (editor: add and change; head: change and approve; regional administrator: everything
on the whole site) are rows that `core.services.sync_roles` derives from role assignments; `section_pages` tells it
where each section is. Moderation needs no rows per agency: one approval step asks the scope of the person.
"""

from collections.abc import Collection

from django.db import transaction
from wagtail.models import Page, Workflow, WorkflowPage, WorkflowTask

from cms.models import AgencyPage, SectionApproval

WORKFLOW_NAME = "Persetujuan perangkat daerah"


def section_pages(agency_ids: Collection[int]) -> dict[int, int]:
    """Agency id → page id of its section, for the agencies that have a page."""
    return dict(AgencyPage.objects.filter(agency__in=agency_ids).values_list("agency_id", "pk"))


@transaction.atomic
def ensure_workflow(root: Page) -> Workflow:
    """Let drafts below this page go through the agency's approval. Doing it twice changes nothing."""
    workflow, created = Workflow.objects.get_or_create(name=WORKFLOW_NAME)
    if created:
        task = SectionApproval.objects.create(name=WORKFLOW_NAME)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.update_or_create(page=root, defaults={"workflow": workflow})
    return workflow
