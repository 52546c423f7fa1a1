"""Importing a ward's data: twice changes nothing, a change is written down, a unit with open cases stays."""

from dataclasses import fields
from datetime import datetime

from domain.errors import DomainError
from domain.ward import Ward
from storage import audit, cases, wards
from storage.database import Transaction


async def import_ward(tx: Transaction, ward: Ward, *, now: datetime) -> list[str]:
    """Write a ward as given; the names of the parts that changed, none if nothing did.

    DomainError `unit_has_open_cases` (with the codes) if a unit that still has open cases is missing.
    """
    ward_id = await wards.find(tx, ward.code)
    if ward_id is None:
        ward_id = await wards.write(tx, ward)
        await audit.write(tx, ward_id=ward_id, act="ward.import", subject=f"ward {ward.code}", now=now, changed=["*"])
        return ["*"]
    stored = await wards.load(tx, ward_id)
    changed = [field.name for field in fields(ward) if getattr(ward, field.name) != getattr(stored.ward, field.name)]
    if not changed:
        return []
    await _keep_units_with_open_cases(tx, stored, ward)
    await wards.write(tx, ward)
    await audit.write(tx, ward_id=ward_id, act="ward.import", subject=f"ward {ward.code}", now=now, changed=changed)
    return changed


async def _keep_units_with_open_cases(tx: Transaction, stored: wards.StoredWard, ward: Ward) -> None:
    kept = {unit.code for unit in ward.units}
    gone = [stored.unit_ids[unit.code] for unit in stored.ward.units if unit.code not in kept]
    found = await cases.open_codes(tx, ward_id=stored.id, unit_ids=gone)
    for unit_id, codes in found.items():
        raise DomainError(
            "unit_has_open_cases", unit=stored.unit_names[unit_id], count=len(codes), codes=", ".join(codes)
        )
