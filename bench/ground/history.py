"""A ward with a long history: cases, what happened to them, who reported them, what was sent; filled in bulk."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime

import asyncpg
from sqlalchemy import make_url

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
# Work in hand does not grow with the years: so many cases are open, so many come in a week, a resident has three.
OPEN_CASES = 300
SECONDS_BETWEEN = 7 * 86400 // 500
CASES_EACH = 3
OFFICIAL_CHAT = "official"
# One plan item as it is read out of a document (domain.plans.ItemContent).
PLAN_CONTENT = {
    "heading": "Hạ tầng", "title": "Sửa đèn đường", "text": "Sửa chữa chiếu sáng các tổ", "lead": None,
    "implementing": [], "period": None, "starts_on": None, "ends_on": None, "regular": False, "deadlines": [],
    "parts": [], "budget": None, "outcome": None, "unsure": [],
}  # fmt: skip
TEXT = "Đèn đường trước nhà số 12 đường Lê Lợi hỏng ba hôm nay, tối om, bà con đi lại rất nguy hiểm"

# {n}: 0 is the oldest; {at}: when that case came in. One ward (1) with units, categories and one plan document.
_FILL = (
    """INSERT INTO person (id, ward_id, name, language, residential_group_asked, consent_version, consent_at,
    created_at) SELECT {first_person} + n, 1, 'Người dân ' || n, 'vi', {true}, '1', {at}, {at} FROM series
    WHERE n < {people}""",
    """INSERT INTO contact_point (channel, account, address, person_id, ward_id, last_seen_at)
    SELECT 'web', 'web', 'resident-' || n, {first_person} + n, 1, {at} FROM series WHERE n < {people}""",
    """INSERT INTO conversation (channel, account, chat, sender, state, updated_at)
    SELECT 'web', 'web', 'resident-' || n, 'resident-' || n,
    '{{"v": 2, "filling": null, "parked": [], "menu": null, "menus": 3}}', {at} FROM series WHERE n < {people}""",
    """INSERT INTO cases (id, ward_id, code, kind, status, category_id, unit_id, resident_id, text, place, language,
    received_at, due_on, answered_at, reopenings, version)
    SELECT n + 1, 1, 'PA-H-' || n, 'report', CASE WHEN n >= {cases} - {open_cases} THEN 'accepted' ELSE 'answered' END,
    (SELECT min(id) FROM category) + n % (SELECT count(*) FROM category),
    (SELECT min(id) FROM unit) + n % (SELECT count(*) FROM unit),
    {first_person} + n % {people}, '{text}', 'số ' || n || ' đường Lê Lợi', 'vi', {at}, {due_on},
    CASE WHEN n >= {cases} - {open_cases} THEN NULL ELSE {answered_at} END, 0, 3 FROM series""",
    """INSERT INTO case_event (ward_id, case_id, at, act, actor_id, actor_name, public, version, text, details)
    SELECT 1, n + 1, {at}, 'submit', {first_person} + n % {people}, '', {true}, 1, '', '{{}}' FROM series""",
    """INSERT INTO case_event (ward_id, case_id, at, act, actor_name, public, version, text, details)
    SELECT 1, n + 1, {at}, 'accept', 'Cán bộ', {true}, 2, '', '{{}}' FROM series""",
    """INSERT INTO case_event (ward_id, case_id, at, act, actor_name, public, version, text, details)
    SELECT 1, n + 1, {answered_at}, 'answer', 'Cán bộ', {true}, 3, 'Đã sửa xong, cảm ơn Ông/Bà.', '{{}}'
    FROM series WHERE n < {cases} - {open_cases}""",
    """INSERT INTO audit (ward_id, at, act, subject, details)
    SELECT 1, {at}, 'case.submit', 'case PA-H-' || n, '{{}}' FROM series""",
    """INSERT INTO outbox (channel, account, chat, ward_id, language, priority, urgency, followed, pieces_sent, units,
    case_id, body, state, attempts, doubts, send_after, sent_as, sent_at, created_at)
    SELECT 'web', 'web', 'resident-' || (n % {people}), 1, 'vi', 0, 0, {false}, 1, 1, n + 1,
    '{{"reply": {{"text": "{text}"}}}}', 'sent', 1, 0, {at}, '' || n, {at}, {at} FROM series""",
    """INSERT INTO outbox (channel, account, chat, ward_id, language, priority, urgency, followed, pieces_sent, units,
    case_id, body, state, attempts, doubts, send_after, sent_as, sent_at, created_at)
    SELECT 'web', 'web', 'group-' || (n % 8), 1, 'vi', 2, 2, {false}, 1, 1, n + 1,
    '{{"notice": "case_card", "params": {{}}}}', 'sent', 1, 0, {at}, 'c' || n, {at}, {at} FROM series""",
    # Two weeks of them at most: older ones are swept out.
    """INSERT INTO inbox (channel, account, update_id, lane, state, attempts, received_at, due_at, done_at)
    SELECT 'web', 'web', 'h' || n, 'web:web:resident-' || (n % {people}), 'done', 0, {at}, {at}, {at}
    FROM series WHERE n >= {cases} - 4000""",
    """INSERT INTO slot (job, key, claimed_at) SELECT 'deadline', (n + 1) || ':near:' || {due_on}, {at} FROM series""",
    """INSERT INTO plan_document (id, ward_id, kind, source_name, data, imported_at)
    SELECT 1000, 1, 'plan', 'plan.pdf', '{{}}', {at} FROM series WHERE n = 0""",
    """INSERT INTO plan_item (id, ward_id, document_id, number, position, status, title, content, title_words,
    text_words, content_hash, withdrawn_reason, published_at, changed_at)
    SELECT n + 1000, 1, 1000, n + 1000, n, 'published', 'Sửa đèn đường số ' || n, '{plan_content}',
    ' sua den duong so ' || n || ' ', ' sua chua chieu sang to ' || n % 20 || ' ', 'h' || n, '', {at}, {at}
    FROM series WHERE n < 300""",
    """INSERT INTO opinion (ward_id, plan_item_id, person_id, text, at)
    SELECT 1, 1000 + n % 300, {first_person} + n % {people}, 'Tôi đồng ý.', {at} FROM series WHERE n % 10 = 0""",
)
_WORDS = {
    "sqlite": {
        "true": "1",
        "false": "0",
        "series": "WITH RECURSIVE series (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM series WHERE n + 1 < {cases}) ",
        "at": "strftime('%Y-%m-%d %H:%M:%S.000000', {now}, (({cases} - n) * -{step}) || ' seconds')",
        "answered_at": "strftime('%Y-%m-%d %H:%M:%S.000000', {now}, (({cases} - n) * -{step} + 300) || ' seconds')",
        "due_on": "date({now}, (({cases} - n) * -{step} + 864000) || ' seconds')",
        "now": "'2026-11-20 03:00:00'",
    },
    "postgresql": {
        "true": "true",
        "false": "false",
        "series": "",
        "at": "({now} - ({cases} - n) * {step} * interval '1 second')",
        "answered_at": "({now} - (({cases} - n) * {step} - 300) * interval '1 second')",
        "due_on": "to_char({now} - (({cases} - n) * {step} - 864000) * interval '1 second', 'YYYY-MM-DD')",
        "now": "timestamptz '2026-11-20 03:00:00+00'",
    },
}


def statements(dialect: str, cases: int, *, first_person: int) -> Sequence[str]:
    """What fills a database whose schema and ward are there."""
    words = _WORDS[dialect]
    numbers = {"cases": cases, "step": SECONDS_BETWEEN, "now": words["now"]}
    filled = {
        "first_person": first_person, "people": max(1, cases // CASES_EACH), "open_cases": OPEN_CASES, "text": TEXT,
        "plan_content": json.dumps(PLAN_CONTENT, ensure_ascii=False), **numbers,
    }  # fmt: skip
    named = ("true", "false", "at", "answered_at", "due_on", "series")
    filled |= {name: words[name].format(**numbers) for name in named}
    made = []
    for statement in _FILL:
        sql = statement.format(**filled)
        if dialect == "sqlite":
            sql = sql.replace("SELECT", filled["series"] + "SELECT", 1)
        else:
            sql = sql.replace("FROM series", f"FROM generate_series(0, {cases - 1}) AS series (n)")
        made.append(sql)
    return made


async def fill(url: str, cases: int, *, first_person: int) -> None:
    """Fill the database at `url`; nothing else is connected to it."""
    address = make_url(url)
    dialect = address.get_backend_name()
    made = statements(dialect, cases, first_person=first_person)
    if dialect == "sqlite":
        connection = sqlite3.connect(str(address.database))
        connection.execute("PRAGMA synchronous=OFF")
        for statement in made:
            connection.execute(statement)
        connection.commit()
        connection.close()
        return
    server = await asyncpg.connect(url.replace("+asyncpg", ""))
    for statement in made:
        await server.execute(statement)
    for table in ("person", "cases", "plan_document", "plan_item"):
        await server.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608  # our own names
    # What autovacuum does in time.
    await server.execute("VACUUM ANALYZE")
    await server.close()
