"""A viewset whose every view starts from ``.visible_to(user)`` and asks the policy per instance.

Apps above build on it: register a ``ScopedPolicy`` for the model, subclass ``ScopedViewSet``.
"""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

READING = ["view", "add", "change", "delete"]


class ScopedIndexView(generic.IndexView):
    """List of what is visible; row links appear only where the action is allowed on that row."""

    # Wagtail's own CSV does not disarm formulas; core.exchange writes the files.
    FORMATS = ()

    def get_base_queryset(self) -> QuerySet:
        return self.model._default_manager.visible_to(self.request.user)

    @cached_property
    def _allowed(self) -> dict[str, set[Any]]:
        return {}

    def _may(self, action: str, instance: Model) -> bool:
        if action not in self._allowed:
            rows = self.permission_policy.instances_user_has_permission_for(self.request.user, action)
            self._allowed[action] = set(rows.values_list("pk", flat=True))
        return instance.pk in self._allowed[action]

    def get_edit_url(self, instance: Model) -> str | None:
        return super().get_edit_url(instance) if self._may("change", instance) else None

    def get_delete_url(self, instance: Model) -> str | None:
        return super().get_delete_url(instance) if self._may("delete", instance) else None


class ScopedObjectMixin:
    """Fetch from what is visible (else 404), then ask for the action on this row (else 403)."""

    model: type[Model]
    request: HttpRequest
    instance_actions: list[str] = ["change"]

    def get_object(self, queryset: QuerySet | None = None) -> Model:
        visible = self.model._default_manager.visible_to(self.request.user)
        instance = get_object_or_404(visible, pk=self.kwargs["pk"])
        policy = self.permission_policy
        if not policy.user_has_any_permission_for_instance(self.request.user, self.instance_actions, instance):
            raise PermissionDenied
        return instance


class ScopedEditView(ScopedObjectMixin, generic.EditView):
    def get_copy_url(self) -> None:
        return None


class ScopedDeleteView(ScopedObjectMixin, generic.DeleteView):
    instance_actions = ["delete"]

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except ProtectedError:
            messages.error(self.request, _("This is still in use and cannot be deleted. Give it an end date instead."))
            return self.render_to_response(self.get_context_data(form=form))


class ScopedHistoryView(ScopedObjectMixin, generic.HistoryView):
    any_permission_required = READING
    instance_actions = READING

    def get_object(self) -> Model:
        return ScopedObjectMixin.get_object(self)

    @cached_property
    def header_buttons(self) -> list[Any]:
        return []

    def get_edit_url(self, instance: Model) -> str | None:
        allowed = self.permission_policy.user_has_permission_for_instance(self.request.user, "change", instance)
        return super().get_edit_url(instance) if allowed else None


class ScopedInspectView(ScopedObjectMixin, generic.InspectView):
    instance_actions = READING

    def _may(self, action: str) -> bool:
        return self.permission_policy.user_has_permission_for_instance(self.request.user, action, self.object)

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        """In words: nothing is a dash, a sign is yes or no."""
        value = super().get_field_display_value(field_name, field)
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        return "–" if value in (None, "") else value

    def get_edit_url(self) -> str | None:
        return super().get_edit_url() if self._may("change") else None

    def get_delete_url(self) -> str | None:
        return super().get_delete_url() if self._may("delete") else None


class ScopedViewSet(ModelViewSet):
    """List, add, edit, delete, history and inspect within a person's scope.

    Copying and the usage list are left out: both show rows without asking for the scope.
    """

    # Standard screens this one does not have. Without a name nobody, not even a superuser, is offered a dead link.
    without: frozenset[str] = frozenset()

    index_view_class = ScopedIndexView
    edit_view_class = ScopedEditView
    delete_view_class = ScopedDeleteView
    history_view_class = ScopedHistoryView
    inspect_view_class = ScopedInspectView
    inspect_view_enabled = True
    copy_view_enabled = False
    add_to_reference_index = False
    list_per_page = 50

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(**{"usage_url_name": None, **kwargs})

    def get_url_name(self, view_name: str) -> str | None:
        return None if view_name in self.without else super().get_url_name(view_name)

    def get_urlpatterns(self) -> list[URLPattern]:
        left_out = {"usage", "copy"} | self.without
        return [pattern for pattern in super().get_urlpatterns() if pattern.name not in left_out]
