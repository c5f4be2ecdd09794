# Kept word for word, as other sync engines were measured with it; hence its own style.
# ruff: noqa: ANN001, ANN201, D103, DTZ001, DTZ007, E501, PLR0915, PLR2004, PTH103, PTH118, PTH123, SIM905
# mypy: ignore-errors
# fmt: off
"""Seeded field-service data set for sync measurements (standard library only).

Writes, for T technicians, JSONL files that a sync engine can be loaded with:

  base.jsonl    every document: {"doctype","name","scope","modified", ...}  (~1.5 KB JSON each)
  delta.jsonl   20 documents of technician tech-001 as they look after a server-side change
  edits.jsonl   50 offline edits by tech-001: {"op_id","doctype","name","base_modified","set"}
  moves.jsonl   10 jobs reassigned from tech-001 to another technician (or to nobody)
  manifest.json counts, byte totals and a sha256 per file

The same arguments always give byte-identical files.

  python3 make_field_dataset.py --out /tmp/field --technicians 1
"""
import argparse
import datetime as dt
import hashlib
import json
import os
import random
import zlib

WORDS = """access actuator adjust aligned alarm amber ampere anchor annual arrived bearing belt
blocked bolt bracket breaker bypass cabinet cable calibrate call casing certificate chamber check
circuit clamp cleared closed coil cold compressor condensate condenser connection contact control
cooler corroded coupling cover cracked current customer cycle damaged damper daily delay detector
device dial door drain drive duct earth electrode emergency empty end error exhaust exchanger fan
faulty feed fill filter fitted flange flow fluid frame freezer fuse gasket gauge generator glass
ground guard handle heater high hinge hose humidity idle impeller indicator inlet inspect inspected
installed insulation interval isolated joint key label lamp latch leak level lever lid light limit
line load lock loose low lubricate main manual meter missing mixed module monitor motor mounted
nameplate next noise normal nozzle oil open operator order outlet outside oven overheating panel
part passed pipe piston plate plug position power pressure primary probe pump purge quarterly reading
rear receiver record refitted refrigerant regulator relay release removed repair replaced reset
return roof room rotor route rusted safety sample screen screw seal sealed secondary sensor serial
service set shaft shaking shelf shut signal site slow spare speed spindle stable stack start station
status steam stop supply support switch tank temperature terminal test tested thermostat tight timer
torque tray tripped tube unit upper valve vent vibration visit voltage wall warm warning water wear
weekly weld wet wheel winding wire wiring within worn yard zone""".split()
STREETS = ["Mill", "Station", "Harbour", "Church", "Quarry", "Park", "Foundry", "Orchard", "Bridge", "Canal"]
TOWNS = ["Ashford", "Brackley", "Colne", "Dunmore", "Eastleigh", "Farnley", "Glenrock", "Holmwood"]
MAKERS = ["Norvent", "Halden", "Kessler", "Orbit", "Tarn", "Quilter"]
STATUS = ["Dispatched", "Accepted", "En Route", "On Site", "Paused"]
EPOCH = dt.datetime(2025, 1, 6, 6, 0, 0)


def stamp(rng, lo_days=0, hi_days=300):
    sec = rng.randint(lo_days * 86400, hi_days * 86400)
    t = EPOCH + dt.timedelta(seconds=sec, microseconds=rng.randint(0, 999999))
    return t.strftime("%Y-%m-%d %H:%M:%S.%f")


def prose(rng, nbytes):
    out, size = [], 0
    while size < nbytes:
        n = rng.randint(5, 12)
        # skewed word choice: common words repeat, as in real notes
        s = " ".join(WORDS[min(int(rng.expovariate(1 / 45.0)), len(WORDS) - 1)] for _ in range(n))
        s = s.capitalize() + rng.choice([".", ".", ".", f" {rng.randint(2, 480)} {rng.choice(['kPa', 'V', 'A', 'C', 'mm'])}."])
        out.append(s)
        size += len(s) + 1
    return " ".join(out)[:max(nbytes, 0)]


def dump(doc):
    return json.dumps(doc, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


def pad(rng, doc, field, target):
    doc[field] = ""
    doc[field] = prose(rng, target + rng.randint(-160, 160) - len(dump(doc)))
    return doc


def hexid(rng, n):
    return "".join(rng.choice("0123456789abcdef") for _ in range(n))


def build(seed, techs, n_jobs, n_eq, n_loc, n_cust, size):
    rng = random.Random(seed)
    docs = []
    for t in range(1, techs + 1):
        tech = f"tech-{t:03d}"
        cust = [f"CUST-{t:03d}-{i:05d}" for i in range(n_cust)]
        loc = [f"LOC-{t:03d}-{i:05d}" for i in range(n_loc)]
        eq = [f"EQ-{t:03d}-{i:05d}" for i in range(n_eq)]
        for i, name in enumerate(cust):
            d = {"doctype": "Customer", "name": name, "scope": [tech], "modified": stamp(rng),
                 "modified_by": f"office{rng.randint(1, 6)}@example.test", "docstatus": 0,
                 "customer_name": f"{rng.choice(TOWNS)} {rng.choice(['Foods', 'Clinics', 'Hotels', 'Estates', 'Works'])} {i}",
                 "territory": rng.choice(TOWNS), "customer_group": rng.choice(["Commercial", "Public", "Retail"]),
                 "contact": {"name": f"Contact {rng.randint(1, 9999)}", "phone": f"+00 {rng.randint(10**8, 10**9 - 1)}",
                             "email": f"contact{rng.randint(1, 99999)}@example.test"},
                 "credit_hold": rng.random() < .05, "sla_hours": rng.choice([4, 8, 24, 48])}
            docs.append(pad(rng, d, "instructions", size))
        for i, name in enumerate(loc):
            d = {"doctype": "Location", "name": name, "scope": [tech], "modified": stamp(rng),
                 "modified_by": f"office{rng.randint(1, 6)}@example.test", "docstatus": 0,
                 "customer": cust[i % len(cust)],
                 "address": {"line1": f"{rng.randint(1, 240)} {rng.choice(STREETS)} Road", "town": rng.choice(TOWNS),
                             "postcode": f"ZZ{rng.randint(1, 99)} {rng.randint(1, 9)}XX"},
                 "lat": round(rng.uniform(50, 58), 6), "lon": round(rng.uniform(-5, 1), 6),
                 "access_code": str(rng.randint(1000, 9999)), "hazards": rng.sample(["roof", "asbestos", "dogs", "confined", "live"], rng.randint(0, 2))}
            docs.append(pad(rng, d, "directions", size))
        for i, name in enumerate(eq):
            d = {"doctype": "Equipment", "name": name, "scope": [tech], "modified": stamp(rng),
                 "modified_by": f"office{rng.randint(1, 6)}@example.test", "docstatus": 0,
                 "location": loc[i % len(loc)], "customer": cust[(i % len(loc)) % len(cust)],
                 "manufacturer": rng.choice(MAKERS), "model": f"{rng.choice('ABCDEF')}{rng.randint(100, 999)}",
                 "serial_no": hexid(rng, 12).upper(), "installed_on": stamp(rng)[:10], "warranty_until": stamp(rng, 300, 900)[:10],
                 "meters": [{"kind": k, "value": round(rng.uniform(0, 9e4), 1), "at": stamp(rng)[:19]} for k in ("hours", "starts", "kWh")],
                 "parts": [{"item": f"SP-{rng.randint(1000, 9999)}", "qty": rng.randint(1, 4)} for _ in range(4)]}
            docs.append(pad(rng, d, "service_notes", size))
        for i in range(n_jobs):
            e = rng.randrange(n_eq)
            d = {"doctype": "Dispatch Job", "name": f"JOB-{t:03d}-{i:05d}", "scope": [tech], "modified": stamp(rng),
                 "modified_by": f"dispatch{rng.randint(1, 4)}@example.test", "docstatus": 0,
                 "customer": cust[(e % len(loc)) % len(cust)], "location": loc[e % len(loc)], "equipment": eq[e],
                 "status": rng.choice(STATUS), "priority": rng.choice(["Low", "Medium", "High", "Urgent"]),
                 "planned_start": stamp(rng, 300, 330)[:16], "duration_min": rng.choice([30, 45, 60, 90, 120]),
                 "flow": {"id": f"FLOW-{rng.randint(1, 40):03d}", "version": rng.randint(1, 9)},
                 "steps": [{"id": s, "title": prose(rng, 24), "done": False, "value": None} for s in range(1, 7)],
                 "notes_log": [], "attachments": []}
            docs.append(pad(rng, d, "problem", size))
    return docs


def later(rng, base):
    t = dt.datetime.strptime(base, "%Y-%m-%d %H:%M:%S.%f") + dt.timedelta(days=301, seconds=rng.randint(1, 9999))
    return t.strftime("%Y-%m-%d %H:%M:%S.%f")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--out", required=True)
    ap.add_argument("--seed", type=int, default=7)
    ap.add_argument("--technicians", type=int, default=1)
    ap.add_argument("--jobs", type=int, default=300)
    ap.add_argument("--equipment", type=int, default=900)
    ap.add_argument("--locations", type=int, default=300)
    ap.add_argument("--customers", type=int, default=300)
    ap.add_argument("--doc-bytes", type=int, default=1500)
    ap.add_argument("--delta", type=int, default=20)
    ap.add_argument("--edits", type=int, default=50)
    ap.add_argument("--moves", type=int, default=10)
    a = ap.parse_args()
    docs = build(a.seed, a.technicians, a.jobs, a.equipment, a.locations, a.customers, a.doc_bytes)
    rng = random.Random(a.seed * 7919 + 1)
    mine = [d for d in docs if d["scope"] == ["tech-001"]]
    jobs = [d for d in mine if d["doctype"] == "Dispatch Job"]
    others = [d for d in mine if d["doctype"] != "Dispatch Job"]

    n_job_delta = min(len(jobs), a.delta * 3 // 5)
    delta = []
    for d in rng.sample(jobs, n_job_delta) + rng.sample(others, a.delta - n_job_delta):
        n = json.loads(dump(d))
        n["modified"] = later(rng, d["modified"])
        if d["doctype"] == "Dispatch Job":
            n["priority"] = "Urgent"
            n["planned_start"] = stamp(rng, 330, 340)[:16]
        else:
            n["modified_by"] = "office9@example.test"
            key = {"Customer": "instructions", "Location": "directions", "Equipment": "service_notes"}[d["doctype"]]
            n[key] = prose(rng, 60) + " " + n[key]
        delta.append(n)

    taken = {d["name"] for d in delta}
    free = [d for d in jobs if d["name"] not in taken] or jobs
    edits = []
    for i in range(a.edits):
        d = rng.choice(free)
        kind = i % 4
        if kind == 0:
            change = {"status": rng.choice(["On Site", "Completed", "Paused"])}
        elif kind == 1:
            change = {f"steps.{rng.randint(0, 5)}.value": round(rng.uniform(0, 500), 2), f"steps.{rng.randint(0, 5)}.done": True}
        elif kind == 2:
            change = {"notes_log+": {"id": hexid(rng, 32), "at": stamp(rng, 330, 331), "text": prose(rng, 140)}}
        else:
            sha = hashlib.sha256(f"{a.seed}/{i}".encode()).hexdigest()
            change = {"attachments+": {"id": hexid(rng, 32), "sha256": sha, "bytes": rng.randint(80_000, 900_000), "mime": "image/jpeg"}}
        edits.append({"op_id": hexid(rng, 32), "doctype": d["doctype"], "name": d["name"], "base_modified": d["modified"], "set": change})

    left = [d for d in free if d["name"] not in {e["name"] for e in edits}] or free
    moves = []
    for d in rng.sample(left, min(a.moves, len(left))):
        to = f"tech-{rng.randint(2, a.technicians):03d}" if a.technicians > 1 else None
        moves.append({"doctype": d["doctype"], "name": d["name"], "from": "tech-001", "to": to})

    os.makedirs(a.out, exist_ok=True)
    man = {"args": {k: v for k, v in sorted(vars(a).items()) if k != "out"}, "files": {}}
    for fn, rows in (("base.jsonl", docs), ("delta.jsonl", delta), ("edits.jsonl", edits), ("moves.jsonl", moves)):
        blob = "".join(dump(r) + "\n" for r in rows).encode()
        with open(os.path.join(a.out, fn), "wb") as f:
            f.write(blob)
        man["files"][fn] = {"rows": len(rows), "bytes": len(blob), "zlib9_bytes": len(zlib.compress(blob, 9)),
                            "sha256": hashlib.sha256(blob).hexdigest()}
    man["mean_doc_bytes"] = round(sum(len(dump(d)) for d in docs) / len(docs), 1)
    with open(os.path.join(a.out, "manifest.json"), "w") as f:
        json.dump(man, f, indent=1, sort_keys=True)
    print(json.dumps(man, indent=1, sort_keys=True))


if __name__ == "__main__":
    main()
