"""Write docs/keadaan-aduan.md from the tables of moves and acts: the diagram, every state, every move and every act."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.loader import render_to_string
from django.utils.translation import override

from workflows.acts import ACTS, PROVISOS, ActRow
from workflows.diagram import mermaid
from workflows.moves import EDGE, MOVES, STATES, Move
from workflows.states import Status

FILE = Path("docs/keadaan-aduan.md")


def drawn() -> str:
    """The document. In English, as every document of the code; the same table stands in the admin in Indonesian."""
    with override("en"):
        context = {
            "mermaid": mermaid(),
            "states": STATES,
            "moves": [_told(row) for row in MOVES],
            "edges": len(EDGE),
            "acts": [_act_told(row) for row in ACTS],
        }
        return render_to_string("workflows/docs/states.md", context).strip() + "\n"


def _told(row: Move) -> dict[str, str]:
    return {
        "name": row.name,
        "sources": ", ".join(row.sources),
        "target": row.target or "back to whoever asked",
        "roles": ", ".join(sorted(row.roles)),
        "wider": ", ".join(sorted(row.wider - row.roles)) or "–",
        "conditions": ", ".join(str(condition.label) for condition in row.conditions) or "–",
        "needs": ", ".join(row.needs) or "–",
        "stops": "all" if len(row.stops) >= 5 else ", ".join(row.stops) or "–",
        "starts": ", ".join(row.starts) or "–",
        "letter": row.letter or "–",
        "off": "yes" if row.may_switch_off else "no",
    }


def _act_told(row: ActRow) -> dict[str, str]:
    return {
        "name": row.act.value,
        "states": "all" if len(row.states) == len(Status) else ", ".join(row.states),
        "roles": ", ".join(sorted(row.roles)),
        "wider": ", ".join(sorted(row.wider - row.roles)) or "–",
        "kept": ", ".join(sorted(row.kept)) or "–",
        "provisos": ", ".join(str(proviso.label) for proviso in PROVISOS.get(row.act, ())) or "–",
        "off": "yes" if row.may_switch_off else "no",
    }


class Command(BaseCommand):
    help = "Draw the states, moves and acts of a complaint into docs/keadaan-aduan.md."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true", help="only say whether the file is as the code has it")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / FILE
        text = drawn()
        if not check:
            path.write_text(text, encoding="utf-8")
            self.stdout.write(f"{FILE}: {len(Status)} states, {len(EDGE)} moves")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            raise CommandError(f"{FILE} is not as the code has it: run manage.py draw_states")
