"""The commands, one file each. The only part that imports `wiring`, prints, and ends the process."""
