"""Acts at one moment, as two people do them."""

import threading

from django.db import connections
from django.utils import translation


def at_once(*acts):
    """Run each act in a thread of its own with a connection of its own; return what each returned or raised."""
    start, results, language = threading.Barrier(len(acts)), [None] * len(acts), translation.get_language()

    def one(number, act):
        try:
            start.wait(10)
            with translation.override(language):
                results[number] = act()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results
