"""Text messages: one interface, three senders chosen by settings (console, Aliyun, Tencent Cloud).

`TERRACE_SMS = {"backend": "console" | "aliyun" | "tencent", "access_key", "secret", "sign_name", "app_id" (Tencent),
"region", "base_url", "templates": {name: gateway id, or {"id": …, "params": [names in order], "text": …}}}`.
"""

from terrace.kernel.sms.keys import CacheKeys, Keys, MemoryKeys
from terrace.kernel.sms.sending import send, why_silent
from terrace.kernel.sms.shapes import Message, Sent, SmsFailed

__all__ = ["CacheKeys", "Keys", "MemoryKeys", "Message", "Sent", "SmsFailed", "send", "why_silent"]
