"""A common workflow in one call: search for parameters by cross-validation, then train, predict and record once."""

from collections.abc import Mapping, Sequence
from typing import Any

from sklearn.base import is_regressor
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.utils import Bunch

from dws_sklearn.metrics import Metrics
from dws_sklearn.predictor import LineagePredictor


def train_and_predict_with_cv(
    classifier_class: type[Any],
    param_grid: Mapping[str, Sequence[Any]] | Sequence[Mapping[str, Sequence[Any]]],
    dataset: Bunch,
    results_resource: Any = None,
    *,
    metrics: str | type[Metrics] | None = None,
    test_size: float = 0.2,
    folds: int = 5,
    random_state: int | None = None,
    model_save_file: str | None = None,
) -> LineagePredictor:
    """Search the grid by cross-validation on one part of the data, and record how the best predicts the other part.

    `test_size` is the fraction that is held back, from 0 to 1. The search is one step with one `results.json`; its best
    parameters are recorded as `best_params`. Answers the wrapped search, fitted; its `best_estimator_` predicts.
    """
    estimator = classifier_class()
    kind = metrics or ("regression" if is_regressor(estimator) else "multiclass_classification")
    search = LineagePredictor(
        GridSearchCV(estimator, param_grid, cv=folds),
        metrics=kind,
        input_resource=getattr(dataset, "resource", None),
        results_resource=results_resource,
        model_save_file=model_save_file,
    )
    train, test, target, expected = train_test_split(dataset.data, dataset.target, test_size=test_size, random_state=random_state)
    search.fit(train, target)
    search.score(test, expected)
    return search
