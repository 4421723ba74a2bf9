"""Pure decisions: values in, a decision with its reasons out. No input or output, no clock, no logging."""
