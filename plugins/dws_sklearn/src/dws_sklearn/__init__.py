"""scikit-learn in a Data Workspace: load data from a resource, and record how results came to be."""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dws_sklearn.cross_validation import train_and_predict_with_cv
    from dws_sklearn.dataset import load_dataset_from_resource
    from dws_sklearn.metrics import (
        BinaryClassificationMetrics,
        Metrics,
        MulticlassClassificationMetrics,
        RegressionMetrics,
    )
    from dws_sklearn.predictor import LineagePredictor

__all__ = [
    "BinaryClassificationMetrics",
    "LineagePredictor",
    "Metrics",
    "MulticlassClassificationMetrics",
    "RegressionMetrics",
    "load_dataset_from_resource",
    "train_and_predict_with_cv",
]

_HOMES = {
    "BinaryClassificationMetrics": "metrics",
    "LineagePredictor": "predictor",
    "Metrics": "metrics",
    "MulticlassClassificationMetrics": "metrics",
    "RegressionMetrics": "metrics",
    "load_dataset_from_resource": "dataset",
    "train_and_predict_with_cv": "cross_validation",
}


def __getattr__(name: str) -> object:
    """Resolve a name on first use, so that finding the plugin does not import scikit-learn."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found
