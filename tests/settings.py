"""The product's settings with an environment of the tests' own: a folder and a key that nobody else has."""

import os
import secrets
import tempfile

os.environ.setdefault("TERRACE_DATA", tempfile.mkdtemp(prefix="terrace-test-"))
os.environ.setdefault("TERRACE_SECRET_KEY", secrets.token_hex(32))
os.environ.setdefault("TERRACE_HOSTS", "testserver,127.0.0.1,localhost")
os.environ.setdefault("TERRACE_LOG_LEVEL", "CRITICAL")
os.environ.pop("TERRACE_DEMO", None)

from terrace.kernel.catalogues import compile_stale

compile_stale()

from terrace.web.settings import *  # noqa: E402, F403
