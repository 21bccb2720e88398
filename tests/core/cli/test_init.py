"""Tests of `dws init` as it is typed."""

from pathlib import Path

import pytest

from .conftest import Dws


@pytest.mark.parametrize("roles", ["code,results", "c,r", "Code, Results"])
def test_roles_are_given_by_name_or_first_letter(dws: Dws, here: Path, roles: str) -> None:
    """`--create-resources code,results` makes both, as a directory of the same name."""
    ended = dws("--json", "init", "--backend", "plain", "--create-resources", roles)

    assert ended.status == 0
    assert [(each["name"], each["role"]) for each in ended.document["resources"]] == [("code", "code"), ("results", "results")]
    assert (here / "code").is_dir()
    assert ended.document["workspace"] == {"name": "quickstart", "root": str(here), "backend": "plain"}


def test_all_makes_a_resource_of_every_role(dws: Dws, here: Path) -> None:
    """`--create-resources all` needs no list."""
    dws("init", "--backend", "plain", "--create-resources", "all")

    assert [row[0] for row in dws("report", "status").rows[1:]] == ["source-data", "intermediate-data", "code", "results"]


def test_a_name_may_be_given(dws: Dws, here: Path) -> None:
    """`dws init NAME` names the workspace, in the directory that is there."""
    ended = dws("init", "--backend", "plain", "my-project")

    assert ended.out == f"Made the workspace my-project in {here}\n"


def test_a_workspace_is_made_elsewhere_with_workspace_dir(dws: Dws, here: Path) -> None:
    """`--workspace-dir` says where, for `init` as for every command."""
    (here / "there").mkdir()

    assert dws("--workspace-dir", "there", "init", "--backend", "plain").status == 0
    assert dws("--workspace-dir", "there", "status").status == 0
    assert dws("status").status == 1


def test_quiet_says_nothing(dws: Dws, here: Path) -> None:
    """`--quiet` leaves answers that nobody asked for away."""
    assert dws("--quiet", "init", "--backend", "plain").out == ""
