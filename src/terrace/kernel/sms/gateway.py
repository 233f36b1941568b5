"""What both gateways share: the request, the answer, and what a failure means."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlsplit

from terrace.kernel import outbound
from terrace.kernel.sms.shapes import Options, SmsFailed

# Seconds. Aliyun advises no less than 3; a person is waiting for the code.
TIMEOUT = 8.0


def sha256(data: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(data).hexdigest()


def hmac256(key: bytes, text: str) -> bytes:
    """HMAC-SHA256."""
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def base_url(options: Options, default: str) -> str:
    """Where the gateway is: set by the operator, or its public address."""
    return str(options.get("base_url") or default).rstrip("/")


def need(options: Options, *names: str) -> None:
    """Refuse to call with half a configuration."""
    missing = [name for name in names if not options.get(name)]
    if missing:
        raise SmsFailed(f"The SMS sender is not set up: {', '.join(missing)} is missing.", retry=False)


def post(url: str, headers: dict[str, str], content: bytes, options: Options) -> dict[str, Any]:
    """Send the signed request once and return the JSON of the answer. Raises `SmsFailed`."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    # Only an address that the operator wrote down may be private.
    trusted = {f"{parts.hostname}:{port}"} if options.get("base_url") else set()
    try:
        answer = outbound.fetch(
            url,
            method="POST",
            headers=headers,
            content=content,
            max_bytes=100_000,
            timeout=float(options.get("timeout", TIMEOUT)),
            trusted_hosts=trusted,
        )
    except outbound.OutboundTimeout as error:
        raise SmsFailed("The SMS gateway took too long; nobody knows whether it sent the message.", True) from error
    except outbound.OutboundFailed as error:
        raise SmsFailed("The SMS gateway cannot be reached.", retry=True) from error
    except outbound.OutboundRefused as error:
        raise SmsFailed(f"The address of the SMS gateway is not usable: {error}", retry=False) from error
    try:
        found = json.loads(answer.body)
    except ValueError as error:
        raise SmsFailed(
            f"The SMS gateway answered {answer.status} without saying why.", answer.status >= 500, str(answer.status)
        ) from error
    if not isinstance(found, dict):
        raise SmsFailed("The SMS gateway answered with something else than an answer.", retry=False)
    return found
