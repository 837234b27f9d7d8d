from datetime import timedelta

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import checks, scheduling, tasks  # noqa: F401  importing registers the checks

        scheduling.register(tasks.deliver_notifications, every=timedelta(minutes=1))
        scheduling.register(tasks.publish_scheduled_pages, every=timedelta(minutes=1))
        scheduling.register(tasks.tidy, every=timedelta(days=1))
