"""People: accounts with their agency and roles, inside the area of whoever looks."""

from functools import cached_property
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.users.views import bulk_actions, users

from core.models import User
from core.permissions import Role
from core.viewsets.agencies import visible_agencies
from core.viewsets.people_forms import StaffCreationForm, StaffEditForm, StaffForm
from core.viewsets.scoped import (
    ScopedHistoryView,
    ScopedIndexView,
    ScopedInspectView,
    ScopedObjectMixin,
    ScopedViewSet,
)
from core.viewsets.second_factor import SecondFactorView


class StaffFilterSet(WagtailFilterSet):
    role = django_filters.ChoiceFilter(
        choices=Role.choices, label=_("Role"), field_name="role_assignments__role", distinct=True
    )
    agency = django_filters.ModelChoiceFilter(queryset=visible_agencies, label=_("Agency"))

    class Meta:
        model = User
        fields = ("role", "agency", "is_active")


class StaffIndexView(ScopedIndexView):
    page_title = _("Users")
    template_name = "wagtailadmin/generic/index.html"
    results_template_name = "wagtailadmin/generic/index_results.html"

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column("__str__", label=_("Name")),
            Column("username", label=_("Username"), sort_key="username"),
            Column("agency", label=_("Agency"), accessor="agency.short_name"),
            Column("roles", label=_("Roles"), accessor=_role_names),
            BooleanColumn("is_active", label=_("Active"), sort_key="is_active"),
            DateColumn("last_login", label=_("Last login"), sort_key="last_login"),
        ]

    def _get_title_column(self, field_name: str, column_class: Any = None, **kwargs: Any) -> Column:
        column = self._get_title_column_class(column_class or users.TitleColumn)
        return column(
            "name",
            accessor=str,
            sort_key="name",
            get_url=lambda person: self.get_edit_url(person) or self.get_inspect_url(person),
            **kwargs,
        )

    def get_base_queryset(self) -> QuerySet[User]:
        return super().get_base_queryset().select_related("agency").prefetch_related("role_assignments")

    def order_queryset(self, queryset: QuerySet[User]) -> QuerySet[User]:
        if self.ordering in ("name", "-name"):
            return queryset.order_by(self.ordering, "pk")
        return super().order_queryset(queryset)


def _role_names(person: User) -> str:
    names = {str(assignment.get_role_display()) for assignment in person.role_assignments.all()}
    return ", ".join(sorted(names))


class StaffCreateView(users.CreateView):
    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "actor": self.request.user}


class StaffEditView(ScopedObjectMixin, users.EditView):
    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "actor": self.request.user}

    def get_copy_url(self) -> None:
        return None


class StaffDeleteView(ScopedObjectMixin, users.DeleteView):
    """For a superuser; everybody else switches an account off."""

    instance_actions = ["delete"]


class StaffInspectView(ScopedInspectView):
    def get_roles_display_value(self) -> str:
        assignments = self.object.role_assignments.select_related("region", "agency")
        return ", ".join(str(assignment) for assignment in assignments) or "–"

    def get_field_label(self, field_name: str, field: Any) -> str:
        return _("Roles") if field_name == "roles" else super().get_field_label(field_name, field)

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        if field_name == "roles":
            return self.get_roles_display_value()
        return super().get_field_display_value(field_name, field)


class StaffViewSet(ScopedViewSet, users.UserViewSet):
    index_view_class = StaffIndexView
    add_view_class = StaffCreateView
    edit_view_class = StaffEditView
    delete_view_class = StaffDeleteView
    history_view_class = ScopedHistoryView
    inspect_view_class = StaffInspectView
    filterset_class = StaffFilterSet
    search_fields = ("name", "username", "email", "agency__name", "agency__short_name")
    ordering = "name"
    template_prefix = "core/staff/"
    create_template_name = "core/staff/create.html"
    edit_template_name = "core/staff/edit.html"
    index_template_name = "wagtailadmin/generic/index.html"
    index_results_template_name = "wagtailadmin/generic/index_results.html"
    delete_template_name = "wagtailadmin/generic/confirm_delete.html"
    history_template_name = "wagtailadmin/generic/listing.html"
    inspect_template_name = "wagtailadmin/generic/inspect.html"
    inspect_view_fields = ("name", "username", "agency", "roles", "is_active", "last_login", "date_joined")

    def get_form_class(self, for_update: bool = False) -> type[StaffForm]:
        return StaffEditForm if for_update else StaffCreationForm

    def get_urlpatterns(self) -> list[URLPattern]:
        reset = self.construct_view(SecondFactorView, permission_policy=self.permission_policy)
        return [*super().get_urlpatterns(), path("second_factor/<int:pk>/", reset, name="second_factor")]


class NotHereMixin:
    """Wagtail's bulk actions on users know no scope and name people to everybody: closed."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        raise Http404


class NoBulkDelete(NotHereMixin, bulk_actions.DeleteBulkAction):
    pass


class NoBulkActivation(NotHereMixin, bulk_actions.SetActiveStateBulkAction):
    pass


class NoBulkRole(NotHereMixin, bulk_actions.AssignRoleBulkAction):
    pass
