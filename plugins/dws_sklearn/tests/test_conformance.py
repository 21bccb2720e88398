"""A wrapped estimator is as good an estimator as the bare one."""

from pathlib import Path
from typing import Any

import pytest
from sklearn.cluster import KMeans
from sklearn.ensemble import IsolationForest
from sklearn.linear_model import LinearRegression, LogisticRegression, SGDClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.utils.estimator_checks import check_clusterer_compute_labels_predict, check_clustering, check_estimator

from dws_sklearn import LineagePredictor

ESTIMATORS = [SVC(), LogisticRegression(), SGDClassifier(), LinearRegression(), StandardScaler(), IsolationForest(n_estimators=5)]


def outcomes(estimator: Any) -> dict[str, set[str]]:
    """Every outcome of each check: some are run more than once, with other arguments."""
    found: dict[str, set[str]] = {}
    for each in check_estimator(estimator, on_fail=None, on_skip=None):
        found.setdefault(each["check_name"], set()).add(each["status"])
    return found


@pytest.mark.filterwarnings("ignore")  # the checks provoke every warning there is
@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda each: type(each).__name__)
def test_every_check_that_the_bare_one_passes_is_passed(estimator: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """scikit-learn's own checks; those that ask for the class of a linear model cannot be asked of a wrapper."""
    monkeypatch.chdir(tmp_path)
    bare = outcomes(estimator)

    wrapped = outcomes(LineagePredictor(estimator))

    assert len(bare) - len(wrapped) <= 1
    assert [name for name, found in wrapped.items() if found != {"passed"} and bare.get(name) == {"passed"}] == []


@pytest.mark.filterwarnings("ignore")  # as above
@pytest.mark.parametrize("check", [check_clustering, check_clusterer_compute_labels_predict], ids=lambda each: each.__name__)
def test_the_checks_of_clusterers_are_passed(check: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """scikit-learn asks them by class alone, so a wrapper has to be given to them."""
    monkeypatch.chdir(tmp_path)

    check("LineagePredictor", LineagePredictor(KMeans(n_init=1)))
