"""The measuring rig: a floor, a load, and a runner that sets the portal against the floor."""
