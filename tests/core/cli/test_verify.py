"""`dws verify`: what it tells, and how it ends."""

from pathlib import Path

from .conftest import Dws


def test_damage_ends_it_with_status_1_and_one_document(dws: Dws, workspace: Path) -> None:
    """Until all is repaired."""
    dws("snapshot", "V1")
    for pack in (workspace / ".dataworkspace" / "local" / "objects" / "packs").glob("*.pack"):
        pack.write_bytes(pack.read_bytes().replace(b"1,2\n", b"1,3\n"))

    told, document, repaired, again = dws("verify"), dws("--json", "verify"), dws("verify", "--repair"), dws("verify")

    assert (told.status, document.status, repaired.status, again.status) == (1, 1, 0, 0)
    assert "there is damage" in told.out and "V1" in told.out and told.err == ""
    assert document.document["report"] == "verify" and document.document["damaged"] == 1
    assert "Repaired" in repaired.out and "all is well" in repaired.out
    assert "all is well" in again.out
