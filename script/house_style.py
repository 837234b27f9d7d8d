"""Sizes and habits of docs/house style that no linter knows: run by script/check.

Functions up to 50 lines, Python files up to 400, templates up to 80, and in templates neither
inline scripts nor inline styles (the Content-Security-Policy would drop them on the page).
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ("core", "cms", "surveys", "workflows", "home", "tests", "bench", "script")
TEMPLATES = ("templates", "core", "cms", "surveys", "workflows", "home")
LONGEST_FUNCTION = 50
LONGEST_FILE = 400
LONGEST_TEMPLATE = 80
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=.application/(ld\+)?json)|<style\b|\sstyle=|\son[a-z]+=\"", re.IGNORECASE
)


def main() -> int:
    problems = [*python_problems(), *template_problems()]
    print("\n".join(problems) if problems else "sizes and habits as in the house style")
    return 1 if problems else 0


def files(folders: tuple[str, ...], suffix: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob(f"*{suffix}"))


def python_problems() -> Iterator[str]:
    for path in files(PYTHON, ".py"):
        if "migrations" in path.parts:
            continue
        source, name = path.read_text(encoding="utf-8"), path.relative_to(ROOT)
        length = source.count("\n")
        if length > LONGEST_FILE:
            yield f"{name}: {length} lines, at most {LONGEST_FILE}"
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from function_problem(name, node)


def function_problem(name: Path, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    length = (node.end_lineno or node.lineno) - node.lineno + 1
    if length > LONGEST_FUNCTION:
        yield f"{name}:{node.lineno}: {node.name} has {length} lines, at most {LONGEST_FUNCTION}"


def template_problems() -> Iterator[str]:
    for path in files(TEMPLATES, ".html"):
        lines, name = path.read_text(encoding="utf-8").splitlines(), path.relative_to(ROOT)
        if len(lines) > LONGEST_TEMPLATE:
            yield f"{name}: {len(lines)} lines, at most {LONGEST_TEMPLATE}"
        for number, line in enumerate(lines, 1):
            if INLINE.search(line):
                yield f"{name}:{number}: inline script or style: {line.strip()[:80]}"


if __name__ == "__main__":
    sys.exit(main())
