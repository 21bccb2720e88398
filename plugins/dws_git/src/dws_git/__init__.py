"""Git for Data Workspaces: the git backend, and the resource types git and git-subdirectory."""
