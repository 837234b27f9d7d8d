"""``manage.py check_translations``: fails on a missing, empty, fuzzy or uncompiled translation."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.catalogue import messages_in, problems_of

SOURCES = ("core", "cms", "surveys", "workflows", "home", "templates")
SHOWN = 40


class Command(BaseCommand):
    help = "Compare the sources with locale/id; needs no gettext tools."
    requires_system_checks: list[str] = []

    def handle(self, **options: object) -> None:
        catalogue = settings.BASE_DIR / "locale" / settings.LANGUAGE_CODE / "LC_MESSAGES" / "django.po"
        hint = "HINT:  manage.py makemessages -l id, translate, manage.py compilemessages -l id (needs gettext)"
        if not catalogue.exists():
            raise CommandError(f"{catalogue} does not exist.\n{hint}")
        sources = messages_in(source_files())
        problems = problems_of(sources, catalogue, catalogue.with_suffix(".mo"))
        if problems:
            more = [f"… and {len(problems) - SHOWN} more"] if len(problems) > SHOWN else []
            raise CommandError("\n".join([*problems[:SHOWN], *more, hint]))
        self.stdout.write(f"{len(sources)} messages, all translated")


def source_files() -> list[Path]:
    root: Path = settings.BASE_DIR
    files = [path for name in SOURCES for path in sorted((root / name).rglob("*")) if path.is_file()]
    kept = [path for path in files if path.suffix in (".py", ".html", ".txt", ".svg") and "static" not in path.parts]
    return [path.relative_to(root) for path in kept if "migrations" not in path.parts]
