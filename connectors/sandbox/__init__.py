"""Stand-ins that speak the real protocols on loopback: ServiceNow, Duo's Admin API, Password Pusher, a mail server.

`world.Sandbox` is all of them with a district of people; `python -m connectors.sandbox FOLDER` runs it on its own.
Nothing here imports a connector, and no connector imports this, so that no mistake is shared.
"""
