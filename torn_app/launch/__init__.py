"""Starting Torn on a machine: database, frontend, server. The only package besides settings.py that knows the
environment of processes. Nothing in torn_app imports it, except rxconfig.py for its build plugin."""
