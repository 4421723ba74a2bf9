"""Recording of cassettes: one module a system, each telling how to record it anew."""
