"""Fenced code in colour: comments, strings, numbers and keywords, with classes.

A scanner of our own, because the code and its language are chosen by whoever posts: of the lexers of Pygments 2.21
those for C and Java take more than 0.6 s for 4,000 line ends, and many others grow with the square. Every pattern here
takes what it began and never goes back, so time is linear.
"""

import re
from functools import lru_cache

from markdown_it.common.utils import escapeHtml

# Characters of code in a post that are coloured; the rest is plain.
BUDGET = 30_000
_ALIASES = {
    "js": "javascript", "jsx": "javascript", "ts": "javascript", "typescript": "javascript", "tsx": "javascript",
    "py": "python", "sh": "bash", "shell": "bash", "zsh": "bash", "console": "bash", "yml": "yaml", "h": "c",
    "c++": "c", "cpp": "c", "objective-c": "c", "objc": "c", "c#": "java", "cs": "java", "csharp": "java",
    "kt": "java", "kotlin": "java", "groovy": "java", "gradle": "java", "dart": "java", "scala": "java",
    "golang": "go", "rs": "rust", "rb": "ruby", "patch": "diff", "htm": "xml", "html": "xml", "svg": "xml",
    "conf": "ini", "toml": "ini", "properties": "ini", "scss": "css", "less": "css", "json5": "json",
    "makefile": "bash", "make": "bash", "docker": "bash", "dockerfile": "bash",
}  # fmt: skip

_BLOCK = r"/\*[\s\S]*?(?:\*/|\Z)"
_SLASHES = rf"//[^\n]*|{_BLOCK}"
_HASH = r"(?<![^\s;(])#[^\n]*"
_QUOTED = r'"(?:[^"\\\n]|\\.)*"?' + r"|'(?:[^'\\\n]|\\.)*'?"
_TRIPLE = r'"""[\s\S]*?(?:"""|\Z)' + r"|'''[\s\S]*?(?:'''|\Z)"
_BACKTICK = r"`(?:[^`\\]|\\[\s\S])*`?"
_NUMBER = r"(?<![\w.])(?:0[xX][0-9a-fA-F_]+|\d[\d_]*(?:\.\d+)?)\w*"
# Language: what is a comment, what is a string.
_RULES: dict[str, tuple[str, str]] = {
    "bash": (_HASH, _QUOTED),
    "c": (_SLASHES + r"|^[ \t]*#[^\n]*", _QUOTED),
    "css": (_BLOCK, _QUOTED),
    "go": (_SLASHES, f"{_QUOTED}|{_BACKTICK}"),
    "ini": (r"^[ \t]*[#;!][^\n]*", _QUOTED),
    "java": (_SLASHES, f"{_TRIPLE}|{_QUOTED}"),
    "javascript": (_SLASHES, f"{_QUOTED}|{_BACKTICK}"),
    "json": (_SLASHES, _QUOTED),
    "lua": (r"--\[\[[\s\S]*?(?:\]\]|\Z)|--[^\n]*", _QUOTED),
    "php": (f"{_SLASHES}|{_HASH}", _QUOTED),
    "powershell": (f"<#[\\s\\S]*?(?:#>|\\Z)|{_HASH}", _QUOTED),
    "python": (_HASH, f"{_TRIPLE}|{_QUOTED}"),
    "ruby": (_HASH, _QUOTED),
    "rust": (_SLASHES, r'"(?:[^"\\]|\\[\s\S])*"?'),
    "sql": (rf"--[^\n]*|{_BLOCK}", _QUOTED),
    "swift": (_SLASHES, f"{_TRIPLE}|{_QUOTED}"),
    "xml": (r"<!--[\s\S]*?(?:-->|\Z)", _QUOTED),
    "yaml": (_HASH, _QUOTED),
}
_WORDS = {
    "bash": (
        "if then else elif fi for while do done case esac in function return export local set echo cd "
        "exit source sudo FROM RUN COPY CMD ENTRYPOINT ENV ARG WORKDIR EXPOSE"
    ),
    "c": (
        "auto bool break case catch char class const continue default delete do double else enum extern "
        "false float for friend goto if inline int long namespace new nullptr operator private protected "
        "public return short signed sizeof static struct switch template this throw true try typedef "
        "union unsigned using virtual void volatile while"
    ),
    "css": "important media import supports keyframes",
    "go": (
        "break case chan const continue default defer else fallthrough for func go goto if import "
        "interface map nil package range return select struct switch true false type var"
    ),
    "ini": "true false yes no on off",
    "java": (
        "abstract async await boolean break byte case catch char class const continue data default def do "
        "double else enum extends false final finally float for foreach fun if implements import in int "
        "interface internal is lateinit long namespace native new null object open out override package "
        "private protected public readonly return sealed short static string super suspend switch "
        "synchronized this throw throws true try typeof using val var virtual void volatile when while"
    ),
    "javascript": (
        "abstract any as async await boolean break case catch class const continue debugger default "
        "delete do else enum export extends false finally for from function if implements import in "
        "instanceof interface let new null number of private public readonly return static string super "
        "switch this throw true try type typeof undefined var void while yield"
    ),
    "json": "true false null",
    "lua": (
        "and break do else elseif end false for function goto if in local nil not or repeat return then "
        "true until while"
    ),
    "php": (
        "abstract array as break case catch class const continue default do echo else elseif extends "
        "false final finally for foreach function global if implements include interface namespace new "
        "null private protected public require return static switch this throw trait true try use while"
    ),
    "powershell": (
        "begin break catch continue do else elseif end exit filter finally for foreach function if in "
        "param process return switch throw try until while"
    ),
    "python": (
        "and as assert async await break case class continue def del elif else except False finally for "
        "from global if import in is lambda match None nonlocal not or pass raise return True try while "
        "with yield"
    ),
    "ruby": (
        "alias and begin break case class def defined do else elsif end ensure false for if in module "
        "next nil not or redo rescue retry return self super then true undef unless until when while "
        "yield"
    ),
    "rust": (
        "as async await break const continue crate dyn else enum extern false fn for if impl in let loop "
        "match mod move mut pub ref return self Self static struct super trait true type unsafe use where "
        "while"
    ),
    "sql": (
        "add all alter and as asc begin between by case commit constraint create delete desc distinct "
        "drop else end exists foreign from group having in index inner insert into is join key left like "
        "limit not null on or order outer primary references right rollback select set table then union "
        "unique update values view when where with"
    ),
    "swift": (
        "as async await break case catch class continue default defer do else enum extension false "
        "fileprivate for func guard if import in init inout internal is let nil open private protocol "
        "public return self static struct super switch throw throws true try typealias var where while"
    ),
    "xml": "",
    "yaml": "true false null yes no on off",
}
_DIFF = re.compile(r"^(?P<gi>\+[^\n]*)|^(?P<gd>-[^\n]*)|^(?P<gu>@@[^\n]*)", re.MULTILINE)


def highlighted(code: str, language: str) -> str:
    """The code as HTML; `hl-c` comments, `hl-s` strings, `hl-m` numbers, `hl-k` keywords, `hl-gi`/`hl-gd` of a diff."""
    name = _ALIASES.get(language.lower(), language.lower())
    if name != "diff" and name not in _RULES:
        return escapeHtml(code)
    out: list[str] = []
    at = 0
    for found in _scanner(name).finditer(code):
        if not found.group():
            continue
        out.append(escapeHtml(code[at : found.start()]))
        out.append(f'<span class="hl-{found.lastgroup}">{escapeHtml(found.group())}</span>')
        at = found.end()
    out.append(escapeHtml(code[at:]))
    return "".join(out)


@lru_cache(32)
def _scanner(name: str) -> re.Pattern[str]:
    if name == "diff":
        return _DIFF
    comment, string = _RULES[name]
    parts = [f"(?P<c>{comment})", f"(?P<s>{string})"]
    if name == "xml":
        parts.append(r"(?P<k></?[A-Za-z][\w:.-]*|/?>)")
    else:
        parts.append(f"(?P<m>{_NUMBER})")
        parts.append(rf"(?P<k>(?<![\w.$-])(?:{'|'.join(_WORDS[name].split())})(?![\w-]))")
    return re.compile("|".join(parts), re.MULTILINE | (re.IGNORECASE if name == "sql" else 0))
