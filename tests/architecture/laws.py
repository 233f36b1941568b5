"""The laws of the house that a reader of the source can check. Each returns its violations as "file:line sentence"."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

FLOORS = [
    {"kernel"},
    {"screening", "media"},
    {"members"},
    {"ledger", "payments", "draws", "capacity", "products"},
    {"memberships"},
    {"forum"},
    {"news", "gallery", "feedback", "trials", "gatherings", "apps", "academy", "mall"},
    {"rewards", "moderation", "syndication", "promotion"},
    {"notifications", "search", "insights"},
]
ROOF = {"api", "cli", "web"}
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
FURNITURE = {
    "models", "actions", "queries", "policies", "events", "listeners", "forms", "views", "console", "urls", "tasks",
    "admin", "cards", "migrations", "templates", "tests", "apps", "locale", "static",
}  # fmt: skip
OPEN_DOORS = {"actions", "queries", "policies", "events", "cards"}
ROOF_DOORS = {"urls", "listeners", "console", "tasks"}
PUBLIC_MODELS = {"members": {"Member", "Role"}}
Law = Callable[[Path], list[str]]


def sources(package: Path) -> Iterator[tuple[str, Path, ast.Module]]:
    """Yield (room, file, tree) for every module of the rooms that is not a test or migration."""
    for file in sorted(package.rglob("*.py")):
        parts = file.relative_to(package).parts
        if len(parts) > 1 and not {"tests", "migrations"} & set(parts):
            yield parts[0], file, ast.parse(file.read_text("utf-8"))


def _part(package: Path, file: Path) -> str:
    """Return the piece of furniture that a file belongs to: `views` for `views.py` and `views/posts.py`."""
    return file.relative_to(package).parts[1].removesuffix(".py")


def _say(package: Path, file: Path, node: ast.AST | int, sentence: str) -> str:
    line = node if isinstance(node, int) else getattr(node, "lineno", 0)
    return f"{file.relative_to(package)}:{line} {sentence}"


def _imports(tree: ast.Module) -> Iterator[tuple[ast.AST, str, list[str]]]:
    """Yield (node, module, names) for every import of ours."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "terrace":
            yield node, node.module, [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "terrace":
                    yield node, alias.name, []


def rooms_have_floors(package: Path) -> list[str]:
    """A new package without a floor fails the build."""
    found = {file.parent.name for file in package.glob("*/__init__.py")}
    return [f"{room} has no floor" for room in sorted(found - set(FLOOR) - ROOF)]


def doors(package: Path) -> list[str]:
    """From another room only actions, queries, policies, events and cards; `web` alone imports urls, listeners, console."""
    wrong = []
    for room, file, tree in sources(package):
        for node, module, names in _imports(tree):
            parts = module.split(".")
            if len(parts) < 2 or parts[1] in {room, "kernel", *ROOF}:
                continue
            for part in [parts[2]] if len(parts) > 2 else names:
                if part in OPEN_DOORS or (part in ROOF_DOORS and room == "web"):
                    continue
                if part == "models" and set(names) <= PUBLIC_MODELS.get(parts[1], set()):
                    continue
                wrong.append(_say(package, file, node, f"enters {parts[1]} by {part}"))
    return wrong


def foreign_keys(package: Path) -> list[str]:
    """Foreign keys are strings, point down, carry related_name="+"; floors 0 and 1 name people by bare member_id."""
    wrong = []
    for room, file, tree in sources(package):
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr not in {"ForeignKey", "OneToOneField", "ManyToManyField"}:
                continue
            wrong += _foreign_key(package, room, file, node)
    return wrong


def _foreign_key(package: Path, room: str, file: Path, node: ast.Call) -> list[str]:
    target = node.args[0] if node.args else None
    if not isinstance(target, ast.Constant) or not isinstance(target.value, str):
        return [_say(package, file, node, "a foreign key names its table by a string")]
    related = {keyword.arg: keyword.value for keyword in node.keywords}.get("related_name")
    if not isinstance(related, ast.Constant) or related.value != "+":
        return [_say(package, file, node, 'a foreign key carries related_name="+"')]
    other = target.value.split(".")[0] if "." in target.value else room
    if other == room:
        return []
    if other not in FLOOR or room not in FLOOR or FLOOR[other] >= FLOOR[room]:
        return [_say(package, file, node, f"a foreign key points down, and {other} is not below {room}")]
    return []


def request_stops_at_views(package: Path) -> list[str]:
    """`request` goes no further than views."""
    inner = {"actions", "queries", "policies", "models", "events", "forms"}
    wrong = []
    for room, file, tree in sources(package):
        if room in ROOF or _part(package, file) not in inner:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.arg) and node.arg == "request":
                wrong.append(_say(package, file, node, "`request` stops at views"))
    return wrong


def now_is_passed_in(package: Path) -> list[str]:
    """Below views, tasks, console and the command line, nobody asks what time it is."""
    inner = {"actions", "queries", "policies", "models", "events", "forms", "listeners", "cards"}
    wrong = []
    for room, file, tree in sources(package):
        if room in {*ROOF, "kernel"} or _part(package, file) not in inner:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {
                "clock.now",
                "timezone.now",
                "datetime.now",
                "time.time",
            }:
                wrong.append(_say(package, file, node, "`now` is passed in"))
    return wrong


def views_do_not_touch_tables(package: Path) -> list[str]:
    """No view uses a manager or writes a row: it loads through a query and calls an action."""
    writes = {"save", "create", "update", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
    wrong = []
    for room, file, tree in sources(package):
        if room in {"kernel", "cli", "web"} or _part(package, file) not in {"views", "console", "listeners"}:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr == "objects":
                wrong.append(_say(package, file, node, "a view loads through a query"))
            on_forms = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in writes
            if on_forms and "objects" in ast.unparse(node.func):
                wrong.append(_say(package, file, node, "a view calls an action"))
    return wrong


def no_callbacks(package: Path) -> list[str]:
    """No signals and no save() override: an effect is a call down or an event."""
    wrong = []
    for _room, file, tree in sources(package):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module in {"django.db.models.signals", "django.dispatch"}:
                wrong.append(_say(package, file, node, "an effect is a call down or an event, never a signal"))
            if isinstance(node, ast.ClassDef) and any("Model" in ast.unparse(base) for base in node.bases):
                overrides = [
                    each for each in node.body if isinstance(each, ast.FunctionDef) and each.name in {"save", "delete"}
                ]
                wrong += [_say(package, file, each, f"no {each.name}() override") for each in overrides]
            if isinstance(node, ast.Constant) and node.value == "ATOMIC_REQUESTS":
                wrong.append(_say(package, file, node, "no ATOMIC_REQUESTS"))
    return wrong


def furniture(package: Path) -> list[str]:
    """The same furniture in every room, and no other file names."""
    wrong = []
    for room in sorted(FLOOR.keys() - {"kernel"}):
        for path in sorted((package / room).glob("*")):
            name = path.stem if path.suffix == ".py" else path.name
            if name.startswith("__") or path.name == "README.md" or name in FURNITURE:
                continue
            wrong.append(f"{room}/{path.name} is not furniture; see docs/map.md")
    return wrong


def readmes(package: Path) -> list[str]:
    """Each room says in at most 15 lines what it owns, does, says and hears."""
    wrong = []
    for room in sorted((set(FLOOR) | ROOF) & {each.parent.name for each in package.glob("*/__init__.py")}):
        readme = package / room / "README.md"
        if not readme.exists():
            wrong.append(f"{room} has no README.md")
        elif len(readme.read_text("utf-8").splitlines()) > 15:
            wrong.append(f"{room}/README.md has more than 15 lines")
    return wrong


def short_files(package: Path) -> list[str]:
    """A file over 400 lines becomes a package of the same name."""
    files = [file for kind in ("py", "js", "css", "html") for file in package.rglob(f"*.{kind}")]
    wrong = []
    for file in sorted(files):
        if {"vendor", "migrations", "node_modules"} & set(file.parts):
            continue
        lines = len(file.read_text("utf-8").splitlines())
        if lines > 400:
            wrong.append(f"{file.relative_to(package)} has {lines} lines")
    return wrong


def templates(package: Path) -> list[str]:
    """No inline style, script or handler; a posting form works without script."""
    rules = [
        (r"<[^>]*\sstyle=", "no inline style"),
        (r"<[^>]*\son[a-z]+=", "no inline handler"),
        (r"<script(?![^>]*(\ssrc=|application/ld\+json))", "no inline script"),
        (
            r"https?://(?!schema\.org|www\.w3\.org)[a-z0-9.-]+/[^\s\"']*\.(js|css|woff2?|png|jpe?g|webp)",
            "no file from another site",
        ),
        (r"<form(?=[^>]*hx-post)(?![^>]*\smethod=)", "an hx-post form has a method"),
        (r"<form(?=[^>]*hx-post)(?![^>]*\saction=)", "an hx-post form has an action"),
        (r"\|\s*safe\b", "|safe is only for HTML that markup.render made"),
    ]
    allowed_safe = {"post.html", "_post.html", "post_history.html"}
    letters = "mail"  # of a letter's own folder: mail readers know no style sheet of ours
    wrong = []
    for file in sorted(package.rglob("templates/**/*.html")):
        text = file.read_text("utf-8")
        for pattern, sentence in rules:
            if sentence.startswith("|safe") and file.name in allowed_safe:
                continue
            if sentence == "no inline style" and file.parent.name == letters:
                continue
            for match in re.finditer(pattern, text, re.I):
                wrong.append(_say(package, file, text.count("\n", 0, match.start()) + 1, sentence))
    return wrong


ALL: list[Law] = [
    rooms_have_floors,
    doors,
    foreign_keys,
    request_stops_at_views,
    now_is_passed_in,
    views_do_not_touch_tables,
    no_callbacks,
    furniture,
    readmes,
    short_files,
    templates,
]
