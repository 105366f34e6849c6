"""A PostgreSQL of a test's own, with the settings that a real one has, which can be torn down under load."""

from pathlib import Path

from own_cluster import Cluster, _choose_account, _find_binaries, _run

RESTART_SECONDS = 30


def restart_immediately(data_dir: Path) -> None:
    """`pg_ctl restart -m immediate`: as after a power cut, every connection dies and the log is played back."""
    cluster = Cluster(data_dir.absolute())
    pg_ctl = [str(_find_binaries(cluster.major) / "pg_ctl"), "restart", "-s", "-w", "-m", "immediate"]
    where = ["-D", str(cluster.directory), "-l", str(cluster.log_file), "-t", str(RESTART_SECONDS)]
    _run([*_choose_account(cluster).prefix, *pg_ctl, *where])
