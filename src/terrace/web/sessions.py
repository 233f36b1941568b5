"""Sessions in the database, read by one prepared query: every page of a member asks for one."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField, QuerySet

from terrace.kernel import clock
from terrace.kernel.prepared import Given, Prepared


def _by_key() -> QuerySet:
    alive = Session.objects.filter(session_key=Given("key", CharField()), expire_date__gt=Given("now", DateTimeField()))
    return alive.values_list("session_key", "session_data", "expire_date")


_read = Prepared(_by_key)


class SessionStore(db.SessionStore):
    """Django's store, but for how a session is found."""

    def _get_session_from_db(self) -> Session | None:
        rows = _read(key=self.session_key, now=clock.now())
        if rows:
            key, data, until = rows[0]
            return Session(session_key=key, session_data=data, expire_date=until)
        self._session_key = None
        return None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the table, which is Django's own."""
        return Session
