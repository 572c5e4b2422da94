"""A day and a time of day, as people type them into a form."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time

from tashika_tui.i18n import Wording, say
from tashika_tui.presenting.wording import JAPAN
from tashika_tui.widgets.form import Check, Field, Kind, Value
from tashika_tui.widgets.values import fold

_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")


def moment_fields(day_label: str, time_label: str) -> tuple[Field, Field]:
    """The fields `day` and `time`."""
    return (
        Field("day", Kind.DAY, label=day_label, required=True),
        Field("time", label=time_label, hint="contractor.record_time_hint", max_length=5),
    )


def moment_of(values: Mapping[str, Value], today: date) -> datetime | None:
    """When it was; None: just now. Raises ValueError for a time that is none, or missing on an earlier day."""
    day, typed = values["day"], fold(str(values["time"] or ""))
    if not isinstance(day, date) or (not typed and day == today):
        return None
    found = _TIME.fullmatch(typed)
    if found is None:
        raise ValueError(typed)
    return datetime.combine(day, time(int(found[1]), int(found[2])), JAPAN)


def moment_check(today: date) -> Check:
    """The form's check that the time is one."""

    def check(values: Mapping[str, Value]) -> Mapping[str, Wording]:
        try:
            moment_of(values, today)
        except ValueError:
            return {"time": say("contractor.record_time_wrong")}
        return {}

    return check
