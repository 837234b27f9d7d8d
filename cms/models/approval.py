"""The step between an editor's draft and the public page."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Task, TaskState

from cms.permissions import may_approve
from core.models import User

from .base import section_of


class SectionApproval(Task):
    """Approval by the head of the page's own agency, or by the region's administrator.

    Wagtail's group task would let the head of one agency approve the pages of all others.
    """

    class Meta:
        verbose_name = _("approval by the agency")
        verbose_name_plural = _("approvals by the agency")

    def user_can_access_editor(self, obj: Page, user: User) -> bool:
        return _decides(obj, user)

    def locked_for_user(self, obj: Page, user: User) -> bool:
        return not _decides(obj, user)

    def user_can_lock(self, obj: Page, user: User) -> bool:
        return _decides(obj, user)

    def get_actions(self, obj: Page, user: User) -> list[tuple[str, Any, bool]]:
        if not _decides(obj, user):
            return []
        return [
            ("reject", _("Request changes"), True),
            ("approve", _("Approve and publish"), False),
            ("approve", _("Approve with a comment"), True),
        ]

    def get_task_states_user_can_moderate(self, user: User, **kwargs: Any) -> QuerySet[TaskState]:
        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        ids = dict(waiting.values_list("workflow_state__object_id", "pk"))
        pages = Page.objects.filter(pk__in=[int(pk) for pk in ids])
        mine = [ids[str(page.pk)] for page in pages if _decides(page, user)]
        return waiting.filter(pk__in=mine)

    @classmethod
    def get_description(cls) -> str:
        return _("The head of the page's agency or the regional administrator approves.")


def _decides(page: Page, user: User) -> bool:
    section = section_of(page)
    site = page.get_site()
    return may_approve(
        agency=section.agency if section else None,
        region=getattr(site, "region", None),
        user=user,
    )
