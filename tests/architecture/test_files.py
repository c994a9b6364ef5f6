"""The shape of the files: names, sizes, and what none of them may hold."""

import ast
import re
from itertools import chain
from pathlib import Path

import pytest

from directory.config import ROOT
from tests.architecture.sources import code_lines, functions, named, python_files, short, tracked

MOST_LINES = 350
MOST_LINES_OF_A_FUNCTION = 45
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc", "base_utils"}
OURS = python_files("directory")
ALL_PYTHON = python_files("directory", "tests", "benchmarks")


def test_no_file_has_a_name_that_says_nothing() -> None:
    names = [path for path in tracked() if {path.stem, *path.relative_to(ROOT).parts} & EMPTY_NAMES]
    assert not names


@pytest.mark.parametrize("path", OURS, ids=short)
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(code_lines(path)) < MOST_LINES, "it has two subjects: part them"


@pytest.mark.parametrize("path", OURS, ids=short)
def test_a_function_can_be_seen_at_once(path: Path) -> None:
    lines = code_lines(path)
    long = [
        f"{function.name}: {size} lines"
        for function in functions(path)
        if (size := len(lines & set(range(function.lineno, (function.end_lineno or 0) + 1)))) > MOST_LINES_OF_A_FUNCTION
    ]
    assert not long


def test_every_file_says_what_it_is() -> None:
    silent = [
        short(path)
        for path in ALL_PYTHON
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not silent


def test_tests_are_sentences() -> None:
    short_names = [
        f"{short(path)}: {function.name}"
        for path in python_files("tests")
        for function in functions(path)
        if function.name.startswith("test_") and function.name.count("_") < 3
    ]
    assert not short_names


def test_the_time_is_asked_of_the_clock_and_chance_of_the_tokens() -> None:
    asks = re.compile(r"datetime\.now\(|date\.today\(|utcnow\(|time\.time\(\)|import secrets|import uuid")
    allowed = {
        "directory/lib/clock.py",
        "directory/lib/tokens.py",
        "directory/config/settings.py",
        "directory/http/logs.py",
    }
    assert {short(path) for path in OURS if asks.search(path.read_text())} <= allowed


def test_every_template_is_used() -> None:
    texts = "\n".join(path.read_text() for path in chain(named("templates/*.html"), OURS))
    unused = [
        short(path) for path in named("templates/*.html") if not any(f'"{name}"' in texts for name in _called(path))
    ]
    assert not unused


def _called(path: Path) -> set[str]:
    """By what code and templates call for a template: a letter by its kind, a step of the form by its name."""
    name = path.relative_to(ROOT / "templates")
    if name.match("email/*/body.html"):
        return {name.parts[1]}
    return {str(name), name.stem} if name.match("member/listings/*.html") else {str(name)}


def test_the_files_that_are_looked_at_are_there() -> None:
    assert len(OURS) > 50
    assert len(named("templates/*.html")) > 20
    assert len(named("templates/public/*/*.html")) > 8


def test_templates_hold_no_script_or_style_of_their_own() -> None:
    own = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)
    # A letter has no style sheet, and no policy that asks for one.
    for path in set(named("templates/*.html")) - set(named("templates/email/*.html")):
        found = [match for match in own.findall(path.read_text()) if "application/ld+json" not in path.read_text()]
        assert not found, short(path)


def test_a_page_with_mistakes_says_so_first_in_its_title() -> None:
    shown = re.compile(r"{{ problem_summary\(([\w.]+)\) }}")
    for path in named("templates/*/*/*.html"):
        text = path.read_text()
        for problems in shown.findall(text):
            title = text[text.index("{% block title %}") :].partition("{% endblock %}")[0]
            first = rf"{{% block title %}}\s*{{%-? if [^%]*{problems}\)? %}}{{{{ _\(\"Mistake:\"\) }}}} ?{{% endif %}}"
            assert re.match(first, title), short(path)


def test_the_lock_files_name_no_address() -> None:
    locks = named("requirements/*.txt")
    assert locks
    for path in locks:
        text = path.read_text()
        assert "://" not in text
        assert "--index-url" not in text
        for line in re.split(r"(?<!\\)\n", text):
            assert not line.strip() or ("==" in line and "--hash=sha256:" in line), f"{path.name}: {line[:60]}"


# Put together, so that this file does not hold them itself.
FORBIDDEN = re.compile(
    "|".join(
        (
            r"(?<![\w.:/-])/(?:" + "|".join(("wo" + "rk", "ro" + "ot", "ho" + r"me/\w+", "Us" + "ers")) + r")/",
            r"\bis" + r"sue #?\d",
            r"\bpull re" + "quest",
            r"\bAI[- ](?:assis" + "tant|agent|model)",
            r"\b(?:clau" + "de|anth" + "ropic|open" + "ai|chat" + r"gpt)\b",
            "files.python" + "hosted|py" + "pi.org/simple",
        )
    ),
    re.IGNORECASE,
)


def test_no_file_names_a_place_on_somebodys_machine_or_how_it_was_made() -> None:
    found = []
    for path in tracked():
        if path.suffix in {".png", ".jpg", ".webp", ".mo", ".gz", ".ico"} or "seeds" in path.parts:
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1):
            if match := FORBIDDEN.search(line):
                found.append(f"{short(path)}:{number}: {match.group()}")
    assert not found
