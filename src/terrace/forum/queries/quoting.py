"""A post as a quotation, in Markdown."""

import re

from django.urls import reverse

from terrace.forum.models import Post

LINES = 12  # of a long post
_FENCE = re.compile(r" {0,3}(```+|~~~+)")


def quotation(post: Post) -> str:
    """Return a post as a Markdown quotation that names author and number, without what the post itself quotes.

    A long post is cut after 12 lines; a block of code that is cut is closed, so that the answer below stands outside it.
    """
    lines = [line for line in post.source.strip().splitlines() if not line.lstrip().startswith(">")]
    kept = "\n".join(lines).strip().splitlines()
    cut = kept[:LINES]
    opened = [fence[1] for line in cut if (fence := _FENCE.match(line))]
    if len(opened) % 2:
        cut.append(opened[-1])
    if len(kept) > LINES:
        cut += ["", "…"]
    who = re.sub(r"([\[\]\\])", r"\\\1", f"{post.author.handle} #{post.number}")
    head = f"[{who}]({reverse('forum:post_open', args=[post.pk])})"
    return "\n".join(f"> {line}".rstrip() for line in [head, "", *cut]) + "\n\n"
