"""x."""
import json, collections
from sqlalchemy import event
from dataclasses import replace
import asyncpg
from storage.base import metadata
import storage.schema
from storage.database import Database
from tests.handlers.driver import Talk, sample_ward
from tests.plans_ground import document, imported, item
from domain.people import Role

async def test_x(ready_postgres_url):
    db = Database.open(ready_postgres_url)
    for code in ("TML","BBB","CCC"):
        await Talk.begin(db, ward=replace(sample_ward(code)))
    talk = await Talk.begin(db, ward=sample_ward())
    await talk.official("lan","KT"); await talk.official("sau", None, Role.LEADER)
    await talk.group("room-kt","KT"); await talk.group("room-ward")
    log = []
    def note(c,cu,st,params,ctx,many):
        if not many: log.append((st, params))
    event.listen(db.engine.sync_engine, "before_cursor_execute", note)
    r = await talk.known("hoa") if hasattr(talk,"known") else None
    case = await talk.submitted()
    for who, words in (("hoa","đèn đường trước nhà số 5 hỏng"),):
        for w in ("/start",words,"gửi","bỏ qua","gửi","/viec","/hoso"):
            for m in await talk.say(w, who=who): pass
    for w in ("/viec", f"/traloi {case.code} Đã sửa xong đèn", f"/hoso {case.code}"):
        for m in await talk.say(w, who="lan", chat="room-kt"): print(m.text[:80].replace("\n"," "))
    await db.close()
    c = await asyncpg.connect(ready_postgres_url.replace("+asyncpg",""))
    await c.execute("CREATE SCHEMA spread")
    for t in metadata.sorted_tables:
        if "ward_id" in t.c:
            await c.execute(f'CREATE TABLE spread."{t.name}" (LIKE public."{t.name}" INCLUDING DEFAULTS) PARTITION BY HASH (ward_id)')
            for n in range(4):
                await c.execute(f'CREATE TABLE spread."{t.name}__p{n}" PARTITION OF spread."{t.name}" FOR VALUES WITH (MODULUS 4, REMAINDER {n})')
            await c.execute(f'INSERT INTO spread."{t.name}" SELECT * FROM public."{t.name}"')
    await c.execute("SET search_path=spread,public")
    seen = {}
    def walk(p, out):
        if "Relation Name" in p and "__p" in p["Relation Name"] and p.get("Actual Loops",1):
            out.add(p["Relation Name"])
        for k in p.get("Plans",[]): walk(k,out)
        return out
    bad = collections.Counter(); good=collections.Counter()
    for st, params in log:
        head = st.lstrip().split()[0].upper()
        if head not in ("SELECT","UPDATE","DELETE","WITH"): continue
        tx = c.transaction(); await tx.start()
        try:
            plan = json.loads(await c.fetchval("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) "+st, *params))
        except Exception as e:
            print("ERR", e, st[:100]); await tx.rollback(); continue
        await tx.rollback()
        rels = walk(plan[0]["Plan"], set())
        per = collections.Counter(r.split("__")[0] for r in rels)
        suff = {r.split("__")[1] for r in rels}
        (bad if len(suff)>1 else good)[(" ".join(st.split()), tuple(sorted(per.items())))] += 1
    print("GOOD", len(good), "BAD", len(bad), "turn statements", len(log))
    for (st, per), n in bad.most_common(): print(n, dict(per)); print("     ", st[:60], "...", st[st.find(" FROM "):][:600])
    await c.close()
