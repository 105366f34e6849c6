"""What people are told to type is a command that there is where they are."""

from pathlib import Path

from installation import name_command


def test_in_a_checkout_it_is_make(tmp_path: Path) -> None:
    (tmp_path / "Makefile").touch()
    assert (name_command("backup", tmp_path), name_command("doctor", tmp_path)) == ("make backup", "make doctor")


def test_the_targets_of_make_are_there() -> None:
    makefile = (Path(__file__).resolve().parents[2] / "Makefile").read_text()
    for command in (name_command("backup"), name_command("doctor")):
        assert f"\n{command.removeprefix('make ')}: " in makefile


def test_installed_it_is_the_command_that_the_installer_puts_there(tmp_path: Path) -> None:
    release = tmp_path / "releases/1a2b3c"
    release.mkdir(parents=True)
    (tmp_path / "current").symlink_to(release)
    assert name_command("backup", release) == "sudo shift-bot -m backup make --now"
    assert name_command("doctor", release) == "sudo shift-bot doctor.py"


def test_anywhere_else_it_is_python(tmp_path: Path) -> None:
    assert name_command("backup", tmp_path) == "python -m backup make --now"
    assert name_command("doctor", tmp_path) == "python doctor.py"
