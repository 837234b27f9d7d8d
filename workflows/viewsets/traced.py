"""Rows that are changed in place: saved at the second time of asking, with old and new value kept in the log."""

import json
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views import generic
from wagtail.log_actions import LogFormatter

from core.models import User
from core.viewsets.scoped import ScopedEditView, ScopedViewSet
from workflows.services.traces import changes_of, in_words, trace


class TracedMixin:
    """The first sending shows what changes and how many open cases it touches. It is saved as it was shown."""

    # Given by the ``TracedViewSet``.
    touched_by: Any = None

    def form_valid(self, form: Any) -> HttpResponse:
        after: Model = form.instance
        before = self.model._default_manager.filter(pk=after.pk).first() if after.pk else None
        names = [field.name for field in self.model._meta.concrete_fields if field.name in form.fields]
        changed = changes_of(before, after, names)
        seen = json.dumps(changed, sort_keys=True)
        if changed and self.request.POST.get("previewed") != seen:
            self.form = form
            touched = self.touched_by(self.request.user, before, after)
            shown = {"changed": in_words(self.model, changed), "touched": touched}
            return self.render_to_response(self.get_context_data(form=form, previewed=seen, **shown))
        with transaction.atomic():
            response = super().form_valid(form)
            if changed:
                trace(after, changed, self.request.user)
        return response


class TracedCreateView(TracedMixin, generic.CreateView):
    pass


class TracedEditView(TracedMixin, ScopedEditView):
    pass


class TracedViewSet(ScopedViewSet):
    """Rows that are ended or switched off, never deleted: the log keeps what they said."""

    without = frozenset({"delete"})
    add_view_class = TracedCreateView
    edit_view_class = TracedEditView
    create_template_name = edit_template_name = "workflows/traced_form.html"

    def get_add_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_add_view_kwargs(**{"touched_by": self.touched_by, **kwargs})

    def get_edit_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_edit_view_kwargs(**{"touched_by": self.touched_by, **kwargs})

    def touched_by(self, user: User, before: Any, after: Any) -> int:
        """How many open cases, as far as the person sees them, a row touches: ``before`` is None for a new one."""
        return 0


class ChangedFormatter(LogFormatter):
    label = _("Change of the set-up")

    def format_message(self, log_entry: Any) -> str:
        model = log_entry.content_type.model_class()
        changes = in_words(model, log_entry.data.get("changed", {})) if model else []
        return "; ".join(f"{label}: {old} → {new}" for label, old, new in changes)
