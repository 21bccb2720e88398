"""A wrapped estimator in the hands of scikit-learn, and what it records."""

import io
import json
import warnings
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from sklearn.base import clone, is_classifier, is_regressor
from sklearn.cluster import KMeans
from sklearn.linear_model import LinearRegression, SGDClassifier
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, StandardScaler
from sklearn.svm import SVC

from dws_core import Role, Workspace, find_workspace
from dws_core.model.step import State
from dws_core.operations.add import add
from dws_sklearn import LineagePredictor, Metrics, load_dataset_from_resource, recording, train_and_predict_with_cv
from dws_sklearn.errors import NoPlaceForResultsError, UnknownMetricsError


def digits() -> Any:
    return load_dataset_from_resource("digits")


def wrapped(estimator: Any, **more: Any) -> LineagePredictor:
    return LineagePredictor(estimator, metrics="multiclass_classification", input_resource=digits().resource, **more)


def joblib_copy(estimator: LineagePredictor) -> Any:
    """The estimator as another process gets it from a file."""
    file = io.BytesIO()
    joblib.dump(estimator, file)
    return joblib.load(io.BytesIO(file.getvalue()))


def results(workspace: Workspace) -> Any:
    return json.loads((workspace.root / "results" / "results.json").read_text())


def test_a_score_writes_the_results_and_says_so(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    data = digits()

    score = wrapped(SVC(gamma=0.001)).fit(data.data, data.target).score(data.data, data.target)

    found = results(workspace)
    assert list(found) == ["step", "start_time", "execution_time_seconds", "parameters", "run_description", "metrics"]
    assert capsys.readouterr().out == "Wrote results to results:results.json\n"
    assert found["metrics"]["accuracy"] == score
    assert found["parameters"] == {**SVC(gamma=0.001).get_params()}
    assert set(found["metrics"]["classification_report"]) >= {"0.0", "9.0", "macro avg"}


def test_the_lineage_knows_data_and_version(workspace: Workspace) -> None:
    data = digits()
    wrapped(SVC()).fit(data.data, data.target).score(data.data, data.target)

    (step,) = find_workspace().current_lineage().steps

    digits_now = workspace.open_resource(workspace.resource("digits")).current().id
    assert [(str(edge.ref), edge.version) for edge in step.inputs] == [("digits", digits_now)]
    assert [str(edge.ref) for edge in step.outputs] == ["results"]
    assert step.state is State.COMPLETE
    assert step.outputs[0].version


def test_the_model_lands_in_the_results(workspace: Workspace) -> None:
    data = digits()

    classifier = wrapped(SVC(), model_save_file="models/svc.joblib").fit(data.data, data.target)

    model = joblib.load(workspace.root / "results" / "models" / "svc.joblib")
    assert np.array_equal(model.predict(data.data), classifier.predict(data.data))


def test_of_several_scores_the_last_one_counts(workspace: Workspace) -> None:
    data = digits()
    classifier = wrapped(SVC()).fit(data.data, data.target)

    classifier.score(data.data, data.target)
    last = classifier.score(data.data[:7], data.target[:7][::-1])

    assert results(workspace)["metrics"]["accuracy"] == last
    assert len(find_workspace().steps.read().steps) == 1


@pytest.mark.parametrize(
    "use",
    [
        lambda one, data: cross_val_score(one, data.data, data.target, cv=3),
        lambda one, data: GridSearchCV(one, {"C": [1, 2]}, cv=3).fit(data.data, data.target).score(data.data, data.target),
        lambda one, data: make_pipeline(StandardScaler(), clone(one)).fit(data.data, data.target).score(data.data, data.target),
        lambda one, data: joblib_copy(one).fit(data.data, data.target).score(data.data, data.target),
    ],
    ids=["cross-validation", "search", "pipeline of a clone", "a copy from a file"],
)
def test_clones_and_copies_never_record(workspace: Workspace, use: Any) -> None:
    """A search or a cross-validation over a wrapped estimator writes nothing."""
    use(wrapped(SVC()), digits())

    assert list((workspace.root / "results").iterdir()) == []
    assert find_workspace().steps.read().steps == ()


def test_a_wrapped_search_is_recorded_once_with_its_best_parameters(workspace: Workspace) -> None:
    data = digits()

    search = wrapped(GridSearchCV(SVC(), {"C": [0.001, 10.0]}, cv=3)).fit(data.data, data.target)
    search.score(data.data, data.target)

    assert results(workspace)["parameters"]["best_params"] == {"C": 10.0}
    assert len(find_workspace().steps.read().steps) == 1


def test_cross_validation_in_one_call_records_once(workspace: Workspace) -> None:
    """Failure 12 of the predecessor: it wrote results once a fold."""
    search = train_and_predict_with_cv(SVC, {"C": [0.001, 10.0]}, digits(), folds=3, random_state=1)

    assert search.best_params_ == {"C": 10.0}
    assert results(workspace)["metrics"]["accuracy"] > 0.8
    assert len(find_workspace().steps.read().steps) == 1


def test_parameters_of_every_kind_are_recorded(workspace: Workspace) -> None:
    """Failure 10 of the predecessor: a Pipeline, numpy scalars or a function left half a file behind."""
    data = digits()
    pipeline = make_pipeline(FunctionTransformer(np.log1p), StandardScaler(), SVC(C=np.float64(2), tol=np.float32(0.5)))

    wrapped(pipeline).fit(data.data, data.target).score(data.data, data.target)

    parameters = results(workspace)["parameters"]
    assert (parameters["svc__C"], parameters["svc__tol"]) == (2.0, 0.5)
    assert "log1p" in parameters["functiontransformer__func"]
    assert parameters["svc"].startswith("SVC(")


def test_a_fit_that_fails_leaves_its_output_unknown(workspace: Workspace) -> None:
    data = digits()

    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        wrapped(SVC()).fit(data.data, data.target[:-1])

    (step,) = find_workspace().steps.read().steps
    assert step.state is State.FAILED
    assert step.outputs[0].version is None


def test_a_score_after_a_fit_that_failed_is_not_recorded_as_its_result(workspace: Workspace) -> None:
    """The estimator still predicts as its earlier fit did, but with other parameters than those of the run that failed."""
    data = digits()
    classifier = wrapped(SVC(C=1.0)).fit(data.data, data.target)
    classifier.set_params(C=-5.0)
    with pytest.raises(ValueError, match="'C' parameter"):
        classifier.fit(data.data, data.target)

    classifier.score(data.data, data.target)

    assert list((workspace.root / "results").iterdir()) == []
    assert find_workspace().steps.read().current().steps[-1].state is State.FAILED


@pytest.mark.parametrize(
    ("estimator", "method"), [(StandardScaler(), "fit_transform"), (KMeans(3, n_init=1, random_state=0), "fit_predict")]
)
def test_fitting_and_using_in_one_call_is_recorded_as_a_fit_is(workspace: Workspace, estimator: Any, method: str) -> None:
    data = digits()
    one = LineagePredictor(estimator, input_resource=data.resource)

    answer = getattr(one, method)(data.data)

    (step,) = find_workspace().steps.read().steps
    assert (step.state, [str(edge.ref) for edge in step.inputs]) == (State.COMPLETE, ["digits"])
    assert np.array_equal(answer, getattr(one, method.removeprefix("fit_"))(data.data))
    assert vars(estimator).keys() == vars(clone(estimator)).keys(), "the estimator given is not fitted itself"


def test_fitting_in_one_call_heeds_parameters_set_since_an_earlier_fit(workspace: Workspace) -> None:
    data = digits()
    scaler = LineagePredictor(MinMaxScaler()).fit(data.data).set_params(feature_range=(0, 9))

    assert scaler.fit_transform(data.data).max() == 9


def test_partial_fit_is_there_where_the_estimator_has_it(workspace: Workspace) -> None:
    data = digits()
    classifier = wrapped(SGDClassifier(random_state=0))

    classifier.partial_fit(data.data[:100], data.target[:100], classes=np.unique(data.target))
    classifier.partial_fit(data.data[100:], data.target[100:])
    classifier.score(data.data, data.target)

    assert len(find_workspace().steps.read().steps) == 1
    assert not hasattr(wrapped(SVC()), "partial_fit")
    assert not hasattr(wrapped(SVC()), "predict_proba")
    assert hasattr(wrapped(SVC(probability=False)), "decision_function")


def test_it_is_what_it_wraps(workspace: Workspace) -> None:
    assert is_classifier(LineagePredictor(SVC()))
    assert is_regressor(LineagePredictor(LinearRegression()))
    assert clone(LineagePredictor(SVC(C=3))).get_params()["C"] == 3
    assert LineagePredictor(SVC()).set_params(C=5, predictor__gamma=2.0).predictor.get_params()["gamma"] == 2.0
    with pytest.raises(ValueError, match="Invalid parameter"):
        LineagePredictor(SVC()).set_params(nonsense=1)


def test_without_a_workspace_it_warns_once_and_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(recording, "_warned", False)
    data, target = [[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]

    with pytest.warns(UserWarning, match="nothing is recorded"):
        classifier = LineagePredictor(SVC(), "binary_classification").fit(data, target)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        LineagePredictor(SVC(), "binary_classification").fit(data, target)

    assert classifier.score(data, target) == SVC().fit(data, target).score(data, target)
    assert list(tmp_path.iterdir()) == []


def test_metrics_of_ones_own_are_recorded(workspace: Workspace) -> None:
    class Hits(Metrics):
        def to_dict(self) -> dict[str, Any]:
            return {"hits": int(np.sum(np.asarray(self.expected) == self.predicted))}

    data = digits()
    LineagePredictor(SVC(), Hits).fit(data.data, data.target).score(data.data, data.target)

    assert results(workspace)["metrics"]["hits"] > 150


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("binary_classification", {"accuracy", "precision", "recall", "roc_auc_score", "f1_score"}),
        ("regression", {"r2_score", "mean_squared_error"}),
    ],
)
def test_each_kind_has_its_metrics(workspace: Workspace, kind: str, names: set[str]) -> None:
    data = digits()
    target = data.target % 2
    estimator = SVC() if kind == "binary_classification" else LinearRegression()

    LineagePredictor(estimator, kind).fit(data.data, target).score(data.data, target)

    assert set(results(workspace)["metrics"]) == names


def test_the_positive_class_is_the_same_where_it_does_not_occur(workspace: Workspace) -> None:
    data = digits()
    target = data.target % 2
    classifier = LineagePredictor(SVC(), "binary_classification").fit(data.data, target)

    classifier.score(data.data[target == 0], target[target == 0])

    metrics = results(workspace)["metrics"]
    assert (metrics["accuracy"], metrics["precision"], metrics["recall"]) == (1.0, 0.0, 0.0)
    assert metrics["roc_auc_score"] is None


def test_an_unknown_kind_of_metrics_is_refused_before_anything_runs(workspace: Workspace) -> None:
    with pytest.raises(UnknownMetricsError) as caught:
        LineagePredictor(SVC(), "nonsense").fit([[0.0]], [0])

    assert "regression" in (caught.value.hint or "")
    assert find_workspace().steps.read().steps == ()


def test_several_results_resources_want_a_name(workspace: Workspace) -> None:
    (workspace.root / "more").mkdir()
    add(workspace, "local-files", {"local_path": "more"}, role=Role.RESULTS)
    data = digits()

    with pytest.raises(NoPlaceForResultsError, match="several"):
        wrapped(SVC()).fit(data.data, data.target)

    wrapped(SVC(), results_resource="more").fit(data.data, data.target).score(data.data, data.target)
    assert (workspace.root / "more" / "results.json").is_file()
