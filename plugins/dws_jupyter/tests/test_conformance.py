"""The plugin's hook keeps its promise: it says nothing where no notebook runs."""

from dws_jupyter.hooks import dws_step_context


def test_code_that_is_no_notebook_is_left_to_others() -> None:
    assert dws_step_context() is None
