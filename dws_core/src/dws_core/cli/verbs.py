"""Which verbs there are: the one line of help for each, and the module that is imported when it is used."""

VERBS: dict[str, tuple[str, str]] = {
    "init": ("dws_core.cli.init", "Make a new workspace here."),
    "add": ("dws_core.cli.add", "Add a resource to the workspace."),
    "snapshot": ("dws_core.cli.snapshot", "Record the version of every resource."),
    "restore": ("dws_core.cli.restore", "Bring resources back to a snapshot."),
    "undo": ("dws_core.cli.undo", "Bring back the state before an operation."),
    "redo": ("dws_core.cli.redo", "Take back the last undo."),
    "log": ("dws_core.cli.log", "List the operations that can be taken back."),
    "status": ("dws_core.cli.status", "Compare each resource with the last snapshot."),
    "diff": ("dws_core.cli.diff", "Show what differs between two snapshots."),
    "delete-snapshot": ("dws_core.cli.delete_snapshot", "Take a snapshot out of the history."),
    "report": ("dws_core.cli.report", "Show a report on the workspace."),
    "publish": ("dws_core.cli.publish", "Give the workspace its origin."),
    "clone": ("dws_core.cli.clone", "Copy a workspace from its origin."),
    "push": ("dws_core.cli.push", "Send what others lack."),
    "pull": ("dws_core.cli.pull", "Take what others pushed."),
    "store": ("dws_core.cli.store", "Say where content goes when it is pushed."),
    "config": ("dws_core.cli.config", "Show or change settings."),
    "verify": ("dws_core.cli.verify", "Find damage, and repair it."),
    "gc": ("dws_core.cli.gc", "Remove stored content that nothing needs."),
    "plugins": ("dws_core.cli.plugins", "Show plugins, switch them off and on."),
}
