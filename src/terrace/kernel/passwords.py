"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id at 19 MiB, two passes, one lane: the first choice of OWASP's Password Storage Cheat Sheet."""

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1
