"""Words: one segmentation for the index and for the query, and what else depends on how a text is read.

The dictionary, the table of simplified characters and the pinyin table are loaded when first used, once per process.
"""

from terrace.kernel.words.folding import fold
from terrace.kernel.words.latin import pinyin, pinyin_initials, slug
from terrace.kernel.words.lengths import signs, weight
from terrace.kernel.words.marks import breakable, highlight, snippet
from terrace.kernel.words.segments import edition, index_text, query_terms, segment, set_words
from terrace.kernel.words.skeletons import skeleton

__all__ = [
    "breakable",
    "edition",
    "fold",
    "highlight",
    "index_text",
    "pinyin",
    "pinyin_initials",
    "query_terms",
    "segment",
    "set_words",
    "signs",
    "skeleton",
    "slug",
    "snippet",
    "weight",
]
