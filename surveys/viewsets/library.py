"""The question library: sets of the own agencies to edit, shared ones to copy."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.widgets import AdminAutoHeightTextInput

from core.models import Agency
from core.permissions import scope_of
from core.viewsets.scoped import ScopedIndexView, ScopedViewSet
from surveys.models import QuestionSet
from surveys.permissions import LIBRARY_ACTIONS


class QuestionSetForm(WagtailAdminModelForm):
    class Meta:
        model = QuestionSet
        fields = ["agency", "title", "note", "is_shared", "questions"]
        widgets = {"note": AdminAutoHeightTextInput(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        writers = scope_of(self.for_user).agency_q(LIBRARY_ACTIONS["add"])
        agencies = Agency.objects.filter(writers)
        self.fields["agency"].queryset = agencies
        self.fields["agency"].initial = self.fields["agency"].initial or agencies.first()


class QuestionSetIndexView(ScopedIndexView):
    def get_base_queryset(self) -> QuerySet[QuestionSet]:
        return super().get_base_queryset().select_related("agency")


class QuestionSetViewSet(ScopedViewSet):
    model = QuestionSet
    name = "question_sets"
    icon = "list-ul"
    menu_label = _("Question library")
    menu_order = 238
    add_to_admin_menu = True
    index_view_class = QuestionSetIndexView
    inspect_view_enabled = False
    list_display = ["title", "agency", BooleanColumn("is_shared", label=_("Shared"))]
    search_fields = ["title", "note"]

    def get_form_class(self, for_update: bool = False) -> type[QuestionSetForm]:
        return QuestionSetForm
