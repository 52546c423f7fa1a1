"""What a ward holds that no other row points at, as JSON: calendar, digest hour, emergency numbers, address."""

from dataclasses import asdict
from datetime import date, time
from typing import Any

from domain.ward import EmergencyNumbers, Ward
from domain.workdays import WorkCalendar, WorkPeriod


def to_json(ward: Ward) -> dict[str, Any]:
    """The JSON kept in `ward.data`."""
    return {
        "calendar": _calendar_to_json(ward.calendar),
        "digest_weekday": ward.digest_weekday,
        "digest_at": ward.digest_at.isoformat(timespec="minutes"),
        "emergency": asdict(ward.emergency),
        "address": ward.address,
        "phone": ward.phone,
        "reception_weekdays": sorted(ward.reception_weekdays),
    }


def from_json(data: dict[str, Any]) -> dict[str, Any]:
    """The fields of `domain.ward.Ward` that were kept in `ward.data`."""
    return {
        "calendar": _calendar_from_json(data["calendar"]),
        "digest_weekday": data["digest_weekday"],
        "digest_at": time.fromisoformat(data["digest_at"]),
        "emergency": EmergencyNumbers(**data["emergency"]),
        "address": data["address"],
        "phone": data["phone"],
        "reception_weekdays": frozenset(data["reception_weekdays"]),
    }


def _calendar_to_json(calendar: WorkCalendar) -> dict[str, Any]:
    return {
        "timezone": calendar.timezone,
        "workweek": sorted(calendar.workweek),
        "periods": [
            [period.weekday, period.opens.isoformat("minutes"), period.closes.isoformat("minutes")]
            for period in calendar.periods
        ],
        "holidays": sorted(day.isoformat() for day in calendar.holidays),
        "extra_workdays": sorted(day.isoformat() for day in calendar.extra_workdays),
    }


def _calendar_from_json(data: dict[str, Any]) -> WorkCalendar:
    return WorkCalendar(
        timezone=data["timezone"],
        workweek=frozenset(data["workweek"]),
        periods=tuple(
            WorkPeriod(weekday=day, opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))
            for day, opens, closes in data["periods"]
        ),
        holidays=frozenset(date.fromisoformat(day) for day in data["holidays"]),
        extra_workdays=frozenset(date.fromisoformat(day) for day in data["extra_workdays"]),
    )
