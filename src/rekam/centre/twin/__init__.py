"""The recovery twin: a second machine that has everything before anybody is told, and takes over with it (ADR 0033)."""
