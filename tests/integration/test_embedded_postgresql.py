"""The PostgreSQL that comes along, on a cluster of its own: killed, left over, started by many."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from config import embedded, embedded_server
from config.embedded import Cluster, EmbeddedDatabaseError, ensure_cluster

pytestmark = pytest.mark.usefixtures("other_checkout")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Another checkout path, hence another cluster; it is ended and removed afterwards."""
    path = tmp_path_factory.mktemp("checkout")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedded, "CHECKOUT", path)
        place = embedded.place_of("test")
        yield path
        embedded_server.stop(place)
        shutil.rmtree(place.root)


@pytest.fixture
def other_checkout(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "CHECKOUT", checkout)


def ask(url: str, question: str) -> object:
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(question)
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None
    finally:
        connection.close()


def server_processes() -> list[int]:
    return [number for number, _ in embedded_server.processes(embedded.place_of("test"))]


def server_process(cluster: Cluster) -> int:
    return int((cluster.data_dir / "postmaster.pid").read_text().split()[0])


def test_several_processes_asking_at_once_get_one_server(checkout: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from config import embedded; "
        "embedded.CHECKOUT = Path(sys.argv[1]); print(embedded.ensure_cluster('test').app_url)"
    )
    command = [sys.executable, "-c", program, str(checkout)]
    root = Path(embedded.__file__).parent.parent
    askers = [subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    answers = {asker.communicate(timeout=120)[0] for asker in askers}
    assert len(answers) == 1
    assert ask(answers.pop().strip(), "SELECT current_user") == "curbstop_app"


def test_neither_role_is_a_superuser_and_only_the_owner_passes_row_security() -> None:
    cluster = ensure_cluster("test")
    rights = "SELECT array[rolsuper, rolbypassrls, rolcreatedb] FROM pg_roles WHERE rolname = current_user"
    assert ask(cluster.owner_url, rights) == [False, True, True]
    assert ask(cluster.app_url, rights) == [False, False, False]


def test_a_login_needs_its_own_password() -> None:
    cluster = ensure_cluster("test")
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(cluster.app_url.replace("curbstop_app", "curbstop_owner"))


def test_passwords_can_be_read_by_their_owner_alone() -> None:
    ensure_cluster("test")
    kept = embedded.place_of("test").logins.stat()
    assert kept.st_mode & 0o777 == 0o600
    assert kept.st_uid == os.geteuid()


def test_the_app_role_cannot_make_tables() -> None:
    cluster = ensure_cluster("test")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(cluster.app_url, "CREATE TABLE scribble (note text)")


def test_a_running_server_is_found_within_a_few_milliseconds() -> None:
    ensure_cluster("test")
    began = time.perf_counter()
    ensure_cluster("test")
    assert time.perf_counter() - began < 0.05


def test_a_killed_server_comes_back_with_everything_committed() -> None:
    cluster = ensure_cluster("test")
    ask(cluster.owner_url, "CREATE TABLE kept AS SELECT 42 AS answer")
    killed = server_process(cluster)
    os.kill(killed, signal.SIGKILL)
    while embedded.running_cluster(embedded.place_of("test")):  # a dying process still holds its socket
        time.sleep(0.01)
    cluster = ensure_cluster("test")
    assert server_process(cluster) != killed
    assert ask(cluster.owner_url, "SELECT answer FROM kept") == 42


def test_a_process_number_left_over_from_before_a_reboot_is_not_believed() -> None:
    cluster = ensure_cluster("test")
    place = embedded.place_of("test")
    left_over = (cluster.data_dir / "postmaster.pid").read_text()
    embedded_server.stop(place)
    bystander = subprocess.Popen(["sleep", "60"], user=place.data_dir.owner() if os.geteuid() == 0 else None)
    try:
        number = str(bystander.pid)
        mark = cluster.data_dir / "postmaster.pid"
        mark.write_text("\n".join([number, *left_over.splitlines()[1:]]) + "\n")
        place.socket_path.with_name(".s.PGSQL.5432.lock").write_text(mark.read_text())
        assert ask(ensure_cluster("test").app_url, "SELECT 1") == 1
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_files_removed_under_a_running_server_are_made_anew() -> None:
    before = server_process(ensure_cluster("test"))
    shutil.rmtree(embedded.place_of("test").folder)
    cluster = ensure_cluster("test")
    assert ask(cluster.app_url, "SELECT current_user") == "curbstop_app"
    assert before not in server_processes()


def test_a_making_cut_short_is_begun_again() -> None:
    place = embedded.place_of("test")
    ensure_cluster("test")
    embedded_server.stop(place)
    shutil.rmtree(place.data_dir)
    (place.folder / "pgdata.new").mkdir()
    (place.folder / "pgdata.new" / "PG_VERSION").write_text("18")
    assert ask(ensure_cluster("test").app_url, "SELECT 1") == 1


def test_a_stopped_server_says_so_and_starts_again() -> None:
    ensure_cluster("test")
    embedded_server.stop(embedded.place_of("test"))
    assert embedded.running_cluster(embedded.place_of("test")) is None
    assert ask(ensure_cluster("test").app_url, "SELECT 1") == 1


def test_a_folder_that_others_may_write_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "CHECKOUT", tmp_path)
    root = embedded.place_of("test").root
    root.mkdir()
    root.chmod(0o777)
    try:
        with pytest.raises(EmbeddedDatabaseError, match="may be written by others"):
            ensure_cluster("test")
    finally:
        root.rmdir()


def test_the_socket_path_is_short_enough_whatever_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "CHECKOUT", Path("/" + "a-deep-folder/" * 40))
    assert len(os.fsencode(embedded.place_of("test").socket_path)) <= 107


def test_the_programs_are_copied_where_the_servers_account_cannot_reach_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_server, "_may_execute", lambda program, account: False)
    programs = embedded_server.programs_for(embedded.Place("test", tmp_path), "an account without rights")
    assert programs.is_relative_to(tmp_path)
    said = subprocess.run([programs / "initdb", "--version"], capture_output=True, text=True, check=True)
    assert said.stdout.startswith("initdb (PostgreSQL)")
