"""Chinese in Latin letters: pinyin for finding people and words, slugs for addresses."""

import os
import re
from functools import cache, lru_cache

from terrace.kernel.words.folding import fold
from terrace.kernel.words.segments import pieces, segment

# Readings that a character alone would get wrong, kept small: pypinyin's own table of phrases costs 54 MB.
_READINGS = {
    "重庆": "chong qing", "长沙": "chang sha", "长春": "chang chun", "厦门": "xia men", "银行": "yin hang",
    "行业": "hang ye", "音乐": "yin yue", "重新": "chong xin", "重启": "chong qi", "重置": "chong zhi",
    "长按": "chang an", "长度": "chang du", "调节": "tiao jie", "调整": "tiao zheng", "朝阳": "chao yang",
    "快乐": "kuai le", "还是": "hai shi", "还有": "hai you", "觉得": "jue de", "便宜": "pian yi", "参差": "cen ci",
    "大夫": "dai fu", "单于": "chan yu", "弹窗": "tan chuang", "弹幕": "dan mu", "解析": "jie xi",
    "系统": "xi tong", "充电": "chong dian", "适配": "shi pei", "蚌埠": "beng bu", "亳州": "bo zhou",
    "成都": "cheng du", "都江堰": "du jiang yan", "六安": "lu an", "丽水": "li shui", "台州": "tai zhou",
    "乐清": "yue qing", "乐山": "le shan", "大厦": "da sha", "会计": "kuai ji", "睡觉": "shui jiao",
}  # fmt: skip


def pinyin(text: str) -> str:
    """Full pinyin without tones, joined; Latin letters and digits stay: `小米12 Pro` gives `xiaomi12pro`."""
    return "".join("".join(_syllables(word)) for word in segment(text))


def pinyin_initials(text: str) -> str:
    """The first letter of every Chinese character; Latin letters and digits stay: `xm12pro`."""
    return "".join(_initials(word) for word in segment(text))


def slug(text: str, limit: int = 60) -> str:
    """An ASCII address of at most `limit` characters, words joined by hyphens; empty if nothing can be written so."""
    out = ""
    for part in segment(text[: limit * 4]):
        word = re.sub(r"[^a-z0-9]", "", "".join(_syllables(part)))
        if not word:
            continue
        longer = f"{out}-{word}" if out else word[:limit]
        if len(longer) > limit:
            break
        out = longer
    return out


def _syllables(word: str) -> list[str]:
    if word in _READINGS:
        return _READINGS[word].split()
    out: list[str] = []
    for piece in pieces(word):
        out.extend(_reading(char) for char in piece.text) if piece.kind == "cjk" else out.append(piece.text)
    return out


def _initials(word: str) -> str:
    if word in _READINGS:
        return "".join(syllable[0] for syllable in _READINGS[word].split())
    return "".join(
        "".join(_reading(char)[:1] for char in piece.text) if piece.kind == "cjk" else piece.text
        for piece in pieces(word)
    )


@cache
def _pypinyin():
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # read when the package is imported
    import pypinyin

    return pypinyin


@lru_cache(4096)
def _reading(char: str) -> str:
    # "ü" is typed "v" on a Chinese keyboard.
    return fold("".join(_pypinyin().lazy_pinyin(char, errors="ignore")))
