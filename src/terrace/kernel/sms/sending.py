"""The one way to send a text message."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from terrace.kernel import clock
from terrace.kernel.sms import aliyun, console, tencent
from terrace.kernel.sms.keys import CacheKeys, Keys
from terrace.kernel.sms.shapes import Message, Options, Sent, SmsFailed

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_GATEWAYS: dict[str, Callable[[Message, Options], str]] = {"aliyun": aliyun.deliver, "tencent": tencent.deliver}
_NEEDS: dict[str, Sequence[str]] = {"aliyun": aliyun.NEEDS, "tencent": tencent.NEEDS}


def send(
    phone: str,
    template: str,
    params: Mapping[str, Any],
    *,
    key: str,
    now: datetime | None = None,
    options: Options | None = None,
    write: console.Write | None = None,
    keys: Keys | None = None,
) -> Sent:
    """Send a template to a number in E.164 (`+8613800000000`); the same `key` is sent once.

    `now` signs the request (the present moment if left out), `options` stand in for `settings.TERRACE_SMS`, `write` for
    the outbox of the console sender, `keys` for the memory of what was sent. After a time-out nobody knows whether the
    gateway acted: the failure may be retried, and then the message may arrive twice. Raises `SmsFailed`.
    """
    if options is None:
        from django.conf import settings

        options = settings.TERRACE_SMS
    message = _message(phone, template, params, key, now or clock.now(), options)
    keys = keys or CacheKeys()
    state = keys.claim(key)
    if state == "sent":
        return Sent("", repeated=True)
    if state != "mine":
        raise SmsFailed("This message is being sent at this moment.", retry=True)
    try:
        reference = _deliver(message, options, write)
    except BaseException:
        keys.drop(key)
        raise
    keys.done(key)
    return Sent(reference)


def why_silent(texts: Mapping[str, Sequence[str]], options: Options | None = None) -> str:
    """Return why the gateway cannot send these templates with these parameters, for the administrator; empty where it can.

    Only what is written down is looked at; nothing is sent. `options` stand in for `settings.TERRACE_SMS`.
    """
    if options is None:
        from django.conf import settings

        options = settings.TERRACE_SMS
    backend = options.get("backend", "console")
    if backend == "console":
        return "no gateway"
    if backend not in _GATEWAYS:
        return f"unknown gateway “{backend}”, one of {', '.join(['console', *_GATEWAYS])}"
    missing = [name for name in _NEEDS[backend] if not options.get(name)]
    known = options.get("templates") or {}
    missing += [f"templates.{name}" for name in texts if not _shape(known.get(name)).get("id")]
    if missing:
        return f"{backend} lacks {', '.join(missing)}"
    for name, params in texts.items():
        strange = [each for each in _shape(known[name]).get("params") or () if each not in params]
        if strange:
            return f"templates.{name} asks for {', '.join(strange)}; there is {', '.join(params) or 'no parameter'}"
    return ""


def _shape(known: Any) -> Mapping[str, Any]:
    """Return what the operator wrote of a template, in its long form."""
    return known if isinstance(known, Mapping) else {"id": known or ""}


def _deliver(message: Message, options: Options, write: console.Write | None) -> str:
    backend = options.get("backend", "console")
    if backend == "console":
        return console.deliver(message, write)
    if backend not in _GATEWAYS:
        raise SmsFailed(f"There is no SMS sender called “{backend}”.", retry=False)
    return _GATEWAYS[backend](message, options)


def _message(phone: str, template: str, params: Mapping[str, Any], key: str, at: datetime, options: Options) -> Message:
    if not _E164.fullmatch(phone):
        raise SmsFailed("This is not a phone number with its country code.", retry=False)
    values = {name: str(value) for name, value in params.items()}
    known = options.get("templates", {}).get(template)
    if known is None and options.get("backend", "console") != "console":
        raise SmsFailed(f"The SMS template “{template}” has no number at the gateway yet.", retry=False)
    shape = _shape(known)
    order = tuple(shape.get("params") or values)
    missing = [name for name in order if name not in values]
    if missing:
        raise SmsFailed(f"The SMS template “{template}” needs {', '.join(missing)}.", retry=False)
    return Message(phone, template, str(shape.get("id", "")), values, order, str(shape.get("text", "")), key, at)
