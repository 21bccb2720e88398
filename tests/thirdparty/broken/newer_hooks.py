"""A plugin written for hooks that this core does not have yet."""

DWS_API_VERSION = 999
