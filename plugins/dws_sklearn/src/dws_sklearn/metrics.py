"""How well predictions fit: the metrics of each kind of task."""

from abc import ABC, abstractmethod
from typing import Any, TypeAlias

import numpy as np
from sklearn import metrics as sk

from dws_sklearn.errors import UnknownMetricsError

Array: TypeAlias = Any
"""Array-like of shape (n_samples,), unless said otherwise."""


class Metrics(ABC):
    """Compare what was predicted with what is so; subclass it, answer `to_dict`, and give the class to LineagePredictor.

    `scores` are confidences of a binary classifier for the class that sorts last, shape (n_samples,), where it gives them;
    `classes` are those that it learned, sorted, shape (n_classes,), whether or not they occur in what it was scored on.
    """

    def __init__(
        self,
        expected: Array,
        predicted: Array,
        sample_weight: Array | None = None,
        scores: Array | None = None,
        classes: Array | None = None,
    ) -> None:
        self.expected = expected
        self.predicted = predicted
        self.sample_weight = sample_weight
        self.scores = scores
        self.classes = classes

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Give the metrics by name, as they are recorded."""


class BinaryClassificationMetrics(Metrics):
    """accuracy, precision, recall, roc_auc_score and f1_score; the class that sorts last counts as positive."""

    def to_dict(self) -> dict[str, Any]:
        weight: dict[str, Any] = {"sample_weight": self.sample_weight}
        positive: dict[str, Any] = {**weight, "pos_label": self._positive, "zero_division": 0.0}
        return {
            "accuracy": sk.accuracy_score(self.expected, self.predicted, **weight),
            "precision": sk.precision_score(self.expected, self.predicted, **positive),
            "recall": sk.recall_score(self.expected, self.predicted, **positive),
            "roc_auc_score": self._area_under_curve(),
            "f1_score": sk.f1_score(self.expected, self.predicted, **positive),
        }

    @property
    def _positive(self) -> Any:
        if self.classes is not None:
            return self.classes[-1]
        return np.unique(np.concatenate([np.asarray(self.expected), np.asarray(self.predicted)]))[-1]

    def _area_under_curve(self) -> float | None:
        """The area under the ROC curve; None where only one class occurs, for which it is not defined."""
        actual = np.asarray(self.expected) == self._positive
        if actual.all() or not actual.any():
            return None
        scores = self.scores if self.scores is not None else np.asarray(self.predicted) == self._positive
        return float(sk.roc_auc_score(actual, scores, sample_weight=self.sample_weight))


class MulticlassClassificationMetrics(Metrics):
    """accuracy and scikit-learn's classification report, as a dictionary by class."""

    def to_dict(self) -> dict[str, Any]:
        weight: dict[str, Any] = {"sample_weight": self.sample_weight}
        return {
            "accuracy": sk.accuracy_score(self.expected, self.predicted, **weight),
            "classification_report": sk.classification_report(
                self.expected, self.predicted, output_dict=True, zero_division=0.0, **weight
            ),
        }


class RegressionMetrics(Metrics):
    """r2_score and mean_squared_error."""

    def to_dict(self) -> dict[str, Any]:
        weight: dict[str, Any] = {"sample_weight": self.sample_weight}
        return {
            "r2_score": sk.r2_score(self.expected, self.predicted, **weight),
            "mean_squared_error": sk.mean_squared_error(self.expected, self.predicted, **weight),
        }


KINDS: dict[str, type[Metrics]] = {
    "binary_classification": BinaryClassificationMetrics,
    "multiclass_classification": MulticlassClassificationMetrics,
    "regression": RegressionMetrics,
}


def find_metrics(kind: str | type[Metrics]) -> type[Metrics]:
    """Find a kind by its name; UnknownMetricsError if there is none."""
    if isinstance(kind, type) and issubclass(kind, Metrics):
        return kind
    if isinstance(kind, str) and kind in KINDS:
        return KINDS[kind]
    raise UnknownMetricsError(kind, KINDS)
