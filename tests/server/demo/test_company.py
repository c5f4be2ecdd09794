"""How much there is, that it is the same each time, and that the stories' documents are there."""

from datetime import date, timedelta

from server_sync.demo import Company, company
from tests.server.demo.reading import day, named, rows


def test_company_around_any_date_has_the_promised_volume(any_company: Company) -> None:
    counts = {doctype: len(bodies) for doctype, bodies in any_company.documents.items()}
    exact = {"Dispatch Technician": 6, "Customer": 60, "Service Location": 75}
    exact |= {"Service Equipment": 150, "Flow Template": 5}
    assert counts.items() >= exact.items()
    assert all(counts.values())


def test_company_made_twice_is_equal() -> None:
    assert company(date(2026, 4, 27), 3) == company(date(2026, 4, 27), 3)


def test_company_of_another_seed_differs() -> None:
    one, other = company(date(2026, 4, 27), 1), company(date(2026, 4, 27), 2)
    assert one.documents["Dispatch Job"] != other.documents["Dispatch Job"]
    assert one.documents["Service Equipment"] != other.documents["Service Equipment"]


def test_story_of_marc_starts_at_nine_at_lucies_with_nine_steps(any_company: Company) -> None:
    cast = any_company.cast
    job = named(any_company, "Dispatch Job", cast.install_job)
    assert named(any_company, "Customer", cast.lucie)["customer_name"] == "Lucie T."
    assert (job["scheduled_date"], job["scheduled_time"]) == (
        any_company.today.isoformat(),
        "09:00:00",
    )
    assert (job["flow_template"], job["flow_version"]) == ("Installation fibre résidentielle", 4)
    assert [row["step"] for row in rows(job["checklist"])] == [f"s{n}" for n in range(1, 10)]
    assert job["assigned_technician"] == cast.marc
    assert job["service_subscription"] == cast.subscription


def test_story_of_the_swap_has_an_old_box_on_the_wall_and_a_new_one_in_the_van(
    any_company: Company,
) -> None:
    cast = any_company.cast
    old = named(any_company, "Service Equipment", cast.equipment.old_box)
    new = named(any_company, "Service Equipment", cast.equipment.new_box)
    job = named(any_company, "Dispatch Job", cast.install_job)
    assert (old["service_location"], old["status"]) == (cast.location, "Installed")
    assert (new["mac_address"], new["status"]) == ("00:1A:79:33:10:B2", "In Stock")
    assert [(r["equipment"], r["action"]) for r in rows(job["equipment"])] == [
        (cast.equipment.old_box, "Remove")
    ]


def test_story_of_the_scan_knows_the_label_of_the_new_ont(story: Company) -> None:
    ont = named(story, "Service Equipment", story.cast.equipment.new_ont)
    assert (ont["mac_address"], ont["gpon_serial"]) == ("A4:2B:B0:1C:9F:3E", "TPLGA1B2C3D4")


def test_story_of_the_wrong_place_has_an_ont_installed_elsewhere(story: Company) -> None:
    ont = named(story, "Service Equipment", story.cast.equipment.elsewhere)
    assert ont["equipment_type"] == "ONT"
    assert ont["service_location"] != story.cast.location
    assert ont["installed_on"] == "2025-11-03"


def test_story_of_two_at_one_address_sends_nadia_to_lucies_today(any_company: Company) -> None:
    job = named(any_company, "Dispatch Job", any_company.cast.nadia_job)
    assert job["assigned_technician"] == any_company.cast.nadia
    assert job["service_location"] == any_company.cast.location
    assert day(job["scheduled_date"]) == any_company.today


def test_story_of_the_termination_has_its_dates_and_benefits(story: Company) -> None:
    contract = named(story, "Service Contract", story.cast.contracts.with_goods)
    benefits = [(b["benefit_type"], b["regular_price"]) for b in rows(contract["benefits"])]
    assert (contract["start_date"], contract["duration_months"]) == ("2025-06-15", 24)
    assert contract["monthly_rate"] == 79.95
    assert benefits == [("Goods", 240.0), ("Service", 149.95)]


def test_story_of_no_goods_has_a_contract_without_goods(any_company: Company) -> None:
    name = any_company.cast.contracts.without_goods
    contract = named(any_company, "Service Contract", name)
    assert [b["benefit_type"] for b in rows(contract["benefits"])] == ["Service"]


def test_story_of_the_total_has_two_active_one_cancelled_one_suspended(
    any_company: Company,
) -> None:
    held = [
        str(body["status"])
        for body in any_company.documents["Service Subscription"]
        if body["customer"] == any_company.cast.mixed_customer
    ]
    assert sorted(held) == ["Active", "Active", "Cancelled", "Suspended"]


def test_story_of_the_slots_asks_for_fibre_three_two_hours_in_the_afternoon(
    any_company: Company,
) -> None:
    job = named(any_company, "Dispatch Job", any_company.cast.jobs.to_place)
    assert {"tag": "Fibre", "level": 3} in rows(job["tags"])
    assert (job["status"], job["duration_minutes"]) == ("Open", 120)
    assert str(job["scheduled_time"]) >= "12:00:00"
    assert "assigned_technician" not in job


def test_story_of_the_offers_ends_on_the_next_friday_at_five(any_company: Company) -> None:
    for name in any_company.cast.jobs.offered:
        until = named(any_company, "Dispatch Job", name)["offered_until"]
        ahead = day(until) - any_company.today
        assert timedelta(0) < ahead <= timedelta(days=7)
        assert (day(until).strftime("%A"), str(until)[11:]) == ("Friday", "17:00:00")


def test_story_of_the_chain_follows_one_job_with_the_next(any_company: Company) -> None:
    first, second, third = (
        named(any_company, "Dispatch Job", name) for name in any_company.cast.jobs.chain
    )
    assert "follows_job" not in first
    assert (second["follows_job"], third["follows_job"]) == (first["name"], second["name"])
