"""Background tasks of the surveys; every one is idempotent."""

from django.utils import timezone
from django_tasks import task

from surveys.services import exports, tallies
from surveys.services.alerts import send_alerts
from surveys.services.devices import tell_silences
from surveys.services.limits import sweep_counters
from surveys.services.photos import discard_unsent_photos
from surveys.services.retention import forget_old_refusals, forget_old_texts


@task()
def sweep_guards() -> int:
    """Forget the counters of windows that have passed; how many."""
    return sweep_counters(timezone.now())


@task()
def write_export(export_id: int) -> None:
    """Write a requested file of answers."""
    exports.write_file(export_id=export_id, now=timezone.now())


@task()
def delete_old_exports() -> int:
    """Delete the files of exports whose time is over; how many."""
    return exports.sweep_exports(timezone.now())


@task()
def fold_answers() -> int:
    """Move new answers into the tallies; how many."""
    return tallies.fold(now=timezone.now())


@task()
def sweep_photos() -> int:
    """Delete photos whose form was never sent; how many."""
    return discard_unsent_photos(now=timezone.now())


@task()
def forget_texts() -> int:
    """Delete what people wrote once the time their survey promised is over; how many answers."""
    return forget_old_texts(timezone.now())


@task()
def forget_refusals() -> int:
    """Delete what devices sent and nobody settled in time; how many."""
    return forget_old_refusals(timezone.now())


@task()
def watch_devices() -> int:
    """Tell those who keep a kiosk or tablet that it went silent in its hours; how many were silent."""
    return tell_silences(timezone.now())


@task()
def tell_about_index() -> int:
    """Tell people of drops, samples at risk and quarters without answers; how many messages."""
    return send_alerts(timezone.now())
