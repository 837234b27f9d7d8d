"""The app configuration of ``wagtail.users`` with our own screens."""

from wagtail.users.apps import WagtailUsersAppConfig


class StaffUsersConfig(WagtailUsersAppConfig):
    user_viewset = "core.viewsets.people.StaffViewSet"

    def ready(self) -> None:
        """Leave Wagtail's policies out: ours stand in the core's wagtail_hooks."""
