"""A command line as anybody may read it."""

from pathlib import Path

from dws_core.lineage.invocation import describe_command_line, describe_script


def test_paths_go_from_the_top_of_the_workspace() -> None:
    """Nothing that only this machine knows is in a record."""
    found = describe_command_line(
        ["/home/me/ws/code/a.py", "/home/me/ws/data", "--out=/home/me/x", "/etc/y", "b/c"], Path("/home/me/ws")
    )

    assert found == ("code/a.py", "data", "--out=…/x", "…/y", "b/c")


def test_secrets_are_hidden_however_they_are_given() -> None:
    found = describe_command_line(
        ["a.py", "--password", "one", "--api-key=two", "TOKEN=three", "--token", "--verbose", "https://me:four@host"], Path("/ws")
    )

    assert found == (
        "a.py",
        "--password",
        "(not recorded)",
        "--api-key=(not recorded)",
        "TOKEN=(not recorded)",
        "--token",
        "--verbose",
        "https://host",
    )


def test_a_script_is_known_by_name_and_hash(tmp_path: Path) -> None:
    script = tmp_path / "a.py"
    script.write_bytes(b"")

    assert describe_script(script) == {
        "name": "a.py",
        "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    }
    assert describe_script(tmp_path / "gone.py") == {}
