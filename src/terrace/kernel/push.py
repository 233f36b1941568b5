"""Web push: one encrypted message to one browser, through the push service that the browser chose (RFC 8030).

The body is encrypted for the browser alone (RFC 8291 over RFC 8188, one record), and every request is signed with the
key of this installation (VAPID, RFC 8292). That key is made from SECRET_KEY, as the key of second factors is: it is the
same in every process, is backed up where SECRET_KEY is, and ends with it.
"""

import base64
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr, parsedate_to_datetime
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils.crypto import salted_hmac

from terrace.kernel import outbound

LONGEST = 3993  # bytes of a message: what fits into the 4096 that every push service takes (RFC 8291, 4)
SIGNED = 12 * 3600  # seconds that a signature holds; RFC 8292 allows 24 hours
TIMEOUT = 10.0  # seconds for the whole exchange
LATEST = 86_400  # seconds; a service that asks to wait longer is asked again after this
_RECORD = 4096  # bytes
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the curve P-256 (FIPS 186-5)


class Gone(Exception):
    """The browser takes no more messages there: the address is to be forgotten."""


class Later(Exception):
    """The push service asks to come again; `after` is in seconds, 0 where it does not say when."""

    def __init__(self, after: int) -> None:
        super().__init__(f"the push service asks to come again after {after} s")
        self.after = after


class Rejected(Exception):
    """The push service will never take this message."""


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a browser takes messages: the address at its push service, its public key and its shared secret (base64url)."""

    endpoint: str
    p256dh: str
    auth: str


def encode(raw: bytes) -> str:
    """Return base64url without padding (RFC 7515, 2)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Return the bytes of base64url, padded or not. Raises ValueError for anything else."""
    return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)


@lru_cache(maxsize=4)
def _key_of(secret: str) -> ec.EllipticCurvePrivateKey:
    # 512 bits for a number below 2^256, as FIPS 186-5, A.2.1 wants them, so that no key is likelier than another.
    drawn = salted_hmac("terrace.kernel.push", "key", secret=secret, algorithm="sha512").digest()
    return ec.derive_private_key(int.from_bytes(drawn) % (_ORDER - 1) + 1, ec.SECP256R1())


def _key() -> ec.EllipticCurvePrivateKey:
    return _key_of(settings.SECRET_KEY)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def application_key() -> str:
    """Return the public key that a browser subscribes with (`applicationServerKey`)."""
    return encode(_point(_key().public_key()))


def check(browser: Browser) -> None:
    """Raise ValueError for an address or keys that no browser gives."""
    parts = urlsplit(browser.endpoint)
    if parts.scheme != "https" or not parts.hostname or len(browser.endpoint) > 1000:
        raise ValueError("the address is not https")
    _public(browser)
    if len(decode(browser.auth)) != 16:
        raise ValueError("the secret has 16 bytes")


def _public(browser: Browser) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(browser.p256dh))


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def encrypt(
    body: bytes, browser: Browser, *, salt: bytes = b"", sender: ec.EllipticCurvePrivateKey | None = None
) -> bytes:
    """Return the body for one browser, as `aes128gcm`. Salt and key of the sender are new each time, but in tests.

    Raises ValueError for a body over LONGEST bytes or keys that are none.
    """
    if len(body) > LONGEST:
        raise ValueError(f"a push message has at most {LONGEST} bytes")
    salt, sender = salt or secrets.token_bytes(16), sender or ec.generate_private_key(ec.SECP256R1())
    theirs, ours = _public(browser), _point(sender.public_key())
    info = b"WebPush: info\0" + _point(theirs) + ours
    secret = _hkdf(decode(browser.auth), sender.exchange(ec.ECDH(), theirs), info, 32)
    key = _hkdf(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _hkdf(salt, secret, b"Content-Encoding: nonce\0", 12)
    sealed = AESGCM(key).encrypt(nonce, body + b"\x02", None)  # 2 ends the last record
    return salt + _RECORD.to_bytes(4) + bytes([len(ours)]) + ours + sealed


def authorization(endpoint: str, *, now: datetime) -> str:
    """Return the header that says who sends, signed for this push service and half a day (RFC 8292, 2 and 3)."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int(now.timestamp()) + SIGNED, "sub": _contact()}
    signed = ".".join(encode(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(_key().sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"vapid t={signed}.{encode(r.to_bytes(32) + s.to_bytes(32))}, k={application_key()}"


def _contact() -> str:
    """Return whom a push service asks when something is wrong: the site, or its mail where it has no https."""
    base = settings.TERRACE_BASE_URL
    return base if base.startswith("https://") else f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"


def send(
    browser: Browser,
    body: bytes,
    *,
    topic: str,
    ttl: int,
    now: datetime,
    urgency: str = "normal",
    fetch: Callable[..., outbound.Response] = outbound.fetch,
) -> None:
    """Hand a message to the push service of a browser, which keeps it for `ttl` seconds.

    A later message with the same `topic` (up to 32 letters of base64url) takes the place of one that waits there. Raises
    Gone, Later, Rejected, and what `outbound.fetch` raises.
    """
    headers = {
        "authorization": authorization(browser.endpoint, now=now),
        "content-encoding": "aes128gcm",
        "content-type": "application/octet-stream",
        "ttl": str(ttl),
        "topic": topic,
        "urgency": urgency,
    }
    answer = fetch(
        browser.endpoint,
        method="POST",
        headers=headers,
        content=encrypt(body, browser),
        timeout=TIMEOUT,
        max_bytes=10_000,
        truncate=True,
    )
    if answer.status in {404, 410}:
        raise Gone
    if answer.status in {408, 425, 429} or answer.status >= 500:
        raise Later(_wait(answer.headers.get("retry-after", ""), now))
    if not 200 <= answer.status < 300:
        raise Rejected(f"{answer.status}: {answer.body[:300].decode('utf-8', 'replace')}")


def _wait(said: str, now: datetime) -> int:
    """Return the seconds of a Retry-After, which is a number of them or a date (RFC 9110, 10.2.3)."""
    try:
        seconds = int(said) if said.strip().isdigit() else (parsedate_to_datetime(said) - now).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return 0
    return int(min(max(seconds, 0), LATEST))
