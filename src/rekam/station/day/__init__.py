"""The day's work at the counter: its plan, its queue, its pace."""
