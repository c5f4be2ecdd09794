"""What differs from one machine to the next."""

from pathlib import Path

import pytest

from field_app.device.clock import DeviceClock
from field_app.device.disk import free_bytes
from field_app.device.ids import Ids
from field_app.device.lock import SyncLock
from field_app.device.paths import Places, default_data_dir
from field_app.device.secrets import FileSecrets, KeyringSecrets, open_secrets
from field_core.ids import is_uuid
from field_core.problems import ProblemError


def test_stamps_of_one_boot_can_be_compared() -> None:
    clock = DeviceClock()

    first, second = clock.stamp(), clock.stamp()

    assert first.boot == second.boot == DeviceClock().stamp().boot
    assert (first.mono_ms <= second.mono_ms, 0 < len(first.boot) <= 8) == (True, True)


def test_ids_are_uuids_and_differ() -> None:
    ids = Ids(DeviceClock())
    made = [ids.new() for _ in range(50)]

    assert all(map(is_uuid, made))
    assert len({*made}) == 50
    assert 0 <= ids.jitter() <= 1


@pytest.mark.parametrize(
    ("system", "environment", "folder"),
    [
        ("linux", {"HOME": "/h/m"}, "/h/m/.local/share/gigafibre-field"),
        ("linux", {"HOME": "/h/m", "XDG_DATA_HOME": "/x"}, "/x/gigafibre-field"),
        ("darwin", {"HOME": "/U/m"}, "/U/m/Library/Application Support/gigafibre-field"),
        ("win32", {"USERPROFILE": "/u", "LOCALAPPDATA": "/u/Local"}, "/u/Local/gigafibre-field"),
        ("android", {"FLET_APP_STORAGE_DATA": "/data/app"}, "/data/app"),
    ],
)
def test_data_lies_where_the_platform_keeps_it(
    system: str, environment: dict[str, str], folder: str
) -> None:
    assert default_data_dir(environment, system) == Path(folder)


def test_account_has_a_private_folder_of_its_own(tmp_path: Path) -> None:
    places = Places(tmp_path)
    marc = places.account("https://a.example/", "Marc@Example.com ")

    assert marc.path == places.account("https://a.example", "marc@example.com").path
    assert marc.path != places.account("https://b.example", "marc@example.com").path
    assert marc.path.stat().st_mode & 0o077 == 0
    assert places.every() == []  # nobody has signed in yet


def test_account_in_use_is_remembered(tmp_path: Path) -> None:
    places = Places(tmp_path)
    marc = places.account("https://a.example", "marc@example.com")
    marc.described.write_text("{}")
    places.use(marc)

    assert Places(tmp_path).current() == marc
    places.use(None)
    assert Places(tmp_path).current() is None


def test_installation_keeps_its_identifier(tmp_path: Path) -> None:
    assert Places(tmp_path).installation("one") == "one"
    assert Places(tmp_path).installation("two") == "one"


def test_secret_in_a_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    FileSecrets(path).put("a", "1")
    FileSecrets(path).put("b", "2")

    secrets = FileSecrets(path)

    assert (secrets.get("a"), secrets.get("b"), secrets.get("c")) == ("1", "2", None)
    assert path.stat().st_mode & 0o777 == 0o600
    secrets.put("a", None)
    assert FileSecrets(path).get("a") is None


def test_damaged_secret_file_asks_to_sign_in_again(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text("{torn")

    assert FileSecrets(path).get("a") is None


def test_keyring_is_used_where_there_is_one(tmp_path: Path) -> None:
    opened = open_secrets("auto", tmp_path / "s", has_keyring=lambda: True)

    assert isinstance(opened, KeyringSecrets)
    assert not opened.is_file


def test_file_is_used_where_there_is_no_keyring(tmp_path: Path) -> None:
    opened = open_secrets("auto", tmp_path / "s", has_keyring=lambda: False)

    assert opened.is_file


def test_keyring_that_was_asked_for_and_is_not_there_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(ProblemError):
        open_secrets("keyring", tmp_path / "s", has_keyring=lambda: False)


def test_lock_is_held_by_one_and_free_after(tmp_path: Path) -> None:
    with SyncLock(tmp_path / "lock") as one, SyncLock(tmp_path / "lock") as other:
        assert one.acquire()
        assert not other.acquire()
        one.release()
        assert other.acquire()


def test_free_space_is_told(tmp_path: Path) -> None:
    assert free_bytes(tmp_path) > 0
