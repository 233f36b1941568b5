"""Skeletons: two names that look alike have the same one.

The idea and the direction of the table are those of Unicode Technical Standard 39 (confusables); the table is our own
and short: the Cyrillic, Greek, Armenian and Latin letters that are used to imitate Latin ones.
"""

import unicodedata

from terrace.kernel.words.folding import fold

_LIKE = {
    "a": "АаΑαɑᴀ", "b": "ВвΒβЬьᏏʙ", "c": "СсϹϲᴄ", "d": "ԁɗᴅ", "e": "ЕеΕεЁёєҽᴇ", "f": "Ғϝƒ", "g": "ɡցԌɢ", "h": "НнΗһհʜ",
    "i": "ІіΙιӀӏЇїıɩɪ", "j": "ЈјϳʝᴊͿ", "k": "КкΚκҚқᴋ", "l": "ⅼʟ|ǀ∣Ɩ", "m": "МмΜᴍ", "n": "Νηոᴎɴ", "o": "ОоΟοσօᴏ〇ⲟøØ",
    "p": "РрΡρᴘ", "q": "ԛզ", "r": "ᴦʀгг", "s": "ЅѕʂꜱՏ", "t": "ТтΤτᴛ", "u": "υՍսᴜц", "v": "ѴѵΝνᴠ", "w": "ԜԝωѡᴡШш",
    "x": "ХхΧχ×", "y": "УуΥγүʏ", "z": "Ζζᴢ",
}  # fmt: skip
# First wins, so a capital goes to the capital it looks like.
_TABLE = {ord(char): latin for latin, chars in reversed(_LIKE.items()) for char in chars}
# What cannot be told apart in a list of names.
_SAME = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "!": "l"})


def skeleton(handle: str) -> str:
    """The look-alike form of a name, for a unique column: equal skeletons mean that people would confuse the names.

    Case, width, accents, traditional characters, separators and everything invisible fall away; `0` is `o`; `1`, `i`
    and `l` are one; `rn` is `m` and `vv` is `w`. Empty when the name has no letter and no digit.
    """
    text = unicodedata.normalize("NFKC", handle).translate(_TABLE)
    # Fold before the accents go: й would otherwise become и, which is another letter.
    text = unicodedata.normalize("NFKD", fold(text).translate(_TABLE))
    text = "".join(char for char in text if char.isalnum())
    return text.translate(_SAME).replace("rn", "m").replace("vv", "w")
