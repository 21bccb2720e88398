"""What this plugin brings: the kit for scikit-learn."""

from collections.abc import Sequence

from dws_core.plugin import KitDescriptor, hookimpl


@hookimpl
def dws_kits() -> Sequence[KitDescriptor]:
    return [
        KitDescriptor(
            name="scikit-learn",
            help="Estimators that record parameters, metrics, the model and their lineage.",
            framework="scikit-learn",
            import_line="from dws_sklearn import LineagePredictor, load_dataset_from_resource",
        )
    ]
