"""All that talks to paramiko: the way to a server as the user's ssh configuration says, and connections to it."""

from dws_ssh.connection.configuration import Login, find_login
from dws_ssh.connection.opening import Connection

__all__ = ["Connection", "Login", "find_login"]
