from tests.server.contract_store.making import *
def test_a(office, phone):
    loc = office.erp("Service Location", "LOC-1", city="Laval")
    job = office.job(service_location="LOC-1")
    phone.pull()
    assert phone.held() == {loc, job}
    assert phone.verdicts(phone.note(job, "hello"), phone.edit(job, "work_notes", None, "x")) == [("applied", None)]*2
