"""A scikit-learn estimator that records how its results came to be."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from sklearn.base import BaseEstimator, MetaEstimatorMixin, clone
from sklearn.utils import Tags, get_tags

from dws_sklearn.delegation import like_wrapped
from dws_sklearn.metrics import Metrics, find_metrics
from dws_sklearn.recording import Inputs, Recording


class LineagePredictor(MetaEstimatorMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Wrap an estimator: `fit` begins a step of the lineage, `score` writes `results.json`; else it is the estimator it wraps.

    `metrics` is 'binary_classification', 'multiclass_classification', 'regression' or a subclass of Metrics; without it the
    estimator's own score is recorded. `input_resource` says what it learned from (`dataset.resource`); `results_resource`
    where results go, if there are several such resources; `model_save_file` where in it the fitted estimator is saved.
    Clones never record, so a search or a cross-validation over a wrapped estimator writes nothing; wrap the search to record it.
    The estimator given is not fitted itself: `predictor_` is.
    """

    def __init__(
        self,
        predictor: Any,
        metrics: str | type[Metrics] | None = None,
        input_resource: Inputs = None,
        results_resource: Any = None,
        model_save_file: str | None = None,
        workspace_dir: str | os.PathLike[str] | None = None,
    ) -> None:
        self.predictor = predictor
        self.metrics = metrics
        self.input_resource = input_resource
        self.results_resource = results_resource
        self.model_save_file = model_save_file
        self.workspace_dir = workspace_dir

    @like_wrapped
    def fit(self, X: Any, y: Any = None, *args: Any, **fit_params: Any) -> Self:
        """Fit a clone of the estimator; X is array-like of shape (n_samples, n_features), y of shape (n_samples,)."""
        self._fit_anew("fit", X, y, *args, **fit_params)
        return self

    @like_wrapped
    def fit_transform(self, X: Any, *args: Any, **fit_params: Any) -> Any:
        """Fit a clone of the estimator, and answer what it makes of X, array-like of shape (n_samples, n_features)."""
        return self._fit_anew("fit_transform", X, *args, **fit_params)

    @like_wrapped
    def fit_predict(self, X: Any, *args: Any, **fit_params: Any) -> Any:
        """Fit a clone of the estimator, and answer its predictions for X, array-like of shape (n_samples, n_features)."""
        return self._fit_anew("fit_predict", X, *args, **fit_params)

    @like_wrapped
    def partial_fit(self, X: Any, y: Any = None, *args: Any, **fit_params: Any) -> Self:
        """Go on fitting, from the state of the last call."""
        if not hasattr(self, "predictor_"):
            self._check_metrics()
            self._begin()
            self.predictor_ = clone(self.predictor)
        with self._learning():
            self.predictor_.partial_fit(X, y, *args, **fit_params)
        return self

    @like_wrapped
    def predict(self, X: Any, **params: Any) -> Any:
        """Predict for X, array-like of shape (n_samples, n_features)."""
        return self._at_work.predict(X, **params)

    @like_wrapped
    def score(self, X: Any, y: Any = None, *args: Any, **params: Any) -> float:
        """Answer the estimator's own score, and write the metrics to `results.json`; of several calls the last one counts."""
        recording: Recording | None = self.__dict__.get("_recording")
        if recording is None:
            return float(self._at_work.score(X, y, *args, **params))
        with recording:
            score = float(self._at_work.score(X, y, *args, **params))
            weight = args[0] if args else params.get("sample_weight")
            recording.write(self._measure(X, y, score, weight))
        return score

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Give the parameters; deep ones of the estimator by their own names too: `C` as well as `predictor__C`."""
        own: dict[str, Any] = super().get_params(deep=deep)
        inner = self.predictor.get_params(deep=True) if deep and hasattr(self.predictor, "get_params") else {}
        return {**inner, **own}

    def set_params(self, **params: Any) -> Self:
        """Set parameters, those of the estimator by their own names or as `predictor__NAME`."""
        own = super().get_params(deep=True)
        given = {name if name.split("__")[0] in own else f"predictor__{name}": value for name, value in params.items()}
        super().set_params(**given)
        return self

    def __sklearn_tags__(self) -> Tags:
        return get_tags(self.predictor)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "predictor_")

    def __sklearn_clone__(self) -> Self:
        copy = type(self)(**{name: clone(value, safe=False) for name, value in self.get_params(deep=False).items()})
        copy._is_clone = True
        return copy

    def __getstate__(self) -> Any:
        state = dict(super().__getstate__())
        state.pop("_recording", None)  # a copy in another process, or from a file, is not the run that is being recorded
        state["_is_clone"] = True
        return state

    def __getattr__(self, name: str) -> Any:
        """Everything else is the estimator's: `classes_`, `predict_proba`, `transform`, `coef_` …"""
        if name.startswith("_") or "predictor" not in self.__dict__ or name == "predictor_":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self._at_work, name)

    @property
    def _at_work(self) -> Any:
        return self.__dict__.get("predictor_", self.predictor)

    def _fit_anew(self, method: str, *args: Any, **fit_params: Any) -> Any:
        self._check_metrics()
        fresh = clone(self.predictor)
        self._begin()
        with self._learning():
            answer = getattr(fresh, method)(*args, **fit_params)
            self.predictor_ = fresh
        return answer

    @contextmanager
    def _learning(self) -> Iterator[None]:
        """Record that a block fits the estimator; after one that fails, no score of an earlier fit counts as this run's."""
        recording: Recording | None = self.__dict__.pop("_recording", None)
        if recording is None:
            yield
            return
        with recording:
            yield
            self._record_model(recording)
        self._recording = recording

    def _begin(self) -> None:
        self.__dict__.pop("_recording", None)
        if self.__dict__.get("_is_clone", False):
            return
        recording = Recording.begin(self.predictor.get_params(), self.input_resource, self.results_resource, self.workspace_dir)
        if recording is not None:
            self._recording = recording

    def _check_metrics(self) -> None:
        if self.metrics is not None:
            find_metrics(self.metrics)

    def _record_model(self, recording: Recording) -> None:
        if hasattr(self.predictor_, "best_params_"):
            recording.add_parameter("best_params", self.predictor_.best_params_)
        if self.model_save_file is not None:
            recording.save_model(self.predictor_, self.model_save_file)

    def _measure(self, X: Any, y: Any, score: float, sample_weight: Any) -> dict[str, Any]:
        if self.metrics is None:
            return {"score": score}
        kind = find_metrics(self.metrics)
        classes = getattr(self._at_work, "classes_", None)
        return kind(y, self.predict(X), sample_weight, self._scores(X), classes).to_dict()

    def _scores(self, X: Any) -> Any:
        """Give the confidences of a binary classifier for the class that sorts last, where it has any."""
        if len(getattr(self._at_work, "classes_", ())) != 2:
            return None
        if hasattr(self._at_work, "decision_function"):
            return self._at_work.decision_function(X)
        return self._at_work.predict_proba(X)[:, 1] if hasattr(self._at_work, "predict_proba") else None
