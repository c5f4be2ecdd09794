"""The circuit: opens after failures in a row, lets one probe through, closes on an answer."""

from server_sync.erp.breaker import FAILURES_MAX, PAUSE_MS, PAUSE_MS_MAX, Breaker, State, backoff_ms


def broken() -> Breaker:
    breaker = Breaker(rand=lambda: 1.0)
    for _ in range(FAILURES_MAX):
        breaker.failed(0)
    return breaker


def test_circuit_opens_after_failures_in_a_row_and_not_before() -> None:
    breaker = Breaker(rand=lambda: 1.0)
    for _ in range(FAILURES_MAX - 1):
        breaker.failed(0)
    breaker.succeeded()
    breaker.failed(0)
    assert (breaker.allows(0), breaker.is_open(0)) == (True, False)
    assert broken().allows(0) is False


def test_one_probe_goes_through_after_the_pause() -> None:
    breaker = broken()
    assert breaker.is_open(PAUSE_MS - 1)
    assert not breaker.is_open(PAUSE_MS)
    assert [breaker.allows(PAUSE_MS), breaker.allows(PAUSE_MS)] == [True, False]
    assert breaker.state is State.HALF_OPEN
    breaker.succeeded()
    assert breaker.allows(PAUSE_MS)


def test_failed_probe_opens_it_for_longer() -> None:
    breaker = broken()
    assert breaker.allows(PAUSE_MS)
    breaker.failed(PAUSE_MS)
    assert not breaker.allows(PAUSE_MS + 2 * PAUSE_MS - 1)
    assert breaker.allows(PAUSE_MS + 2 * PAUSE_MS)


def test_site_that_asks_for_silence_gets_it() -> None:
    breaker = Breaker(rand=lambda: 1.0)
    breaker.hold(500)
    assert [breaker.allows(499), breaker.allows(500)] == [False, True]


def test_backoff_doubles_to_a_ceiling_and_half_of_it_is_chance() -> None:
    assert [
        backoff_ms(n, base_ms=PAUSE_MS, max_ms=PAUSE_MS_MAX, rand=lambda: 1.0)
        for n in (0, 1, 2, 99)
    ] == [5_000, 10_000, 20_000, 120_000]
    assert backoff_ms(0, base_ms=1000, max_ms=9000, rand=lambda: 0.0) == 500
