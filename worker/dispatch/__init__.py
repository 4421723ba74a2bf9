"""Who advances due requests: threads of one process."""
