"""Equipment belongs to the location; an act writes device and job together (FA-05, FA-06)."""

from field_app.sync.acts import Acts, done
from field_app.sync.replica import Replica
from field_core.problems import Problem
from tests.app.acts.hands import ONT, body, kinds, rows
from tests.app.making import key


def test_equipment_put_in_belongs_to_the_location_of_the_job(replica: Replica, acts: Acts) -> None:
    """FA-06. It is shown under a provisional label until the ERP names it (FA-03)."""
    made = done(acts.add_equipment(key(1), ONT))

    device = body(replica, made[0].key)
    assert (device["service_location"], device["status"], "customer" in device) == (
        "LOC-00001",
        "Installed",
        False,
    )
    assert rows(replica, "equipment")[0]["equipment"] == made[0].key
    assert [kind for kind, _ in kinds(replica)] == ["create", "append"]


def test_swap_takes_one_out_and_puts_one_in_as_one_act(replica: Replica, acts: Acts) -> None:
    """FA-05, T-15."""
    done(acts.swap_equipment(key(1), key(5), ONT, " panne "))

    old = body(replica, key(5))
    assert (old["status"], old["removal_reason"], "service_location" in old) == (
        "To Return",
        "panne",
        False,
    )
    found = [(r["action"], r.get("reason"), r.get("serial_no")) for r in rows(replica, "equipment")]
    assert found == [("Remove", "panne", "TV-3310"), ("Install", None, None)]
    assert len({group for _, group in kinds(replica)}) == 1


def test_swap_that_fails_in_its_last_part_stores_nothing(replica: Replica, acts: Acts) -> None:
    """T-15: a swap is one act. The job is gone, so its own row cannot be written."""
    replica.db.conn.execute("DELETE FROM view WHERE key = ?", (key(1),))

    assert acts.swap_equipment(key(1), key(5), ONT, "panne") == Problem("unknown-document")
    assert replica.outbox.entries() == []
    assert body(replica, key(5))["status"] == "Installed"


def test_device_recorded_elsewhere_is_moved_here_with_the_reason(
    replica: Replica, acts: Acts
) -> None:
    """T-11: what the alarm offers when the device really came from there."""
    done(acts.move_equipment(key(1), key(6), "déménagement"))

    device = body(replica, key(6))
    assert (device["service_location"], device["installed_on"]) == ("LOC-00001", "2026-04-27")
    row = rows(replica, "equipment")[0]
    assert (row["equipment"], row["action"], row["reason"]) == (
        "EQP-05120",
        "Install",
        "déménagement",
    )


def test_job_without_a_location_takes_no_equipment(replica: Replica, acts: Acts) -> None:
    replica.db.conn.execute(
        "UPDATE view SET body = json_remove(body, '$.service_location') WHERE key = ?", (key(1),)
    )

    problem = Problem("invalid-value", {"field": "service_location"})
    assert acts.add_equipment(key(1), ONT) == problem
