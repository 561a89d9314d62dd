"""A restored centre is told by its offices what it signed after its backup, before it says anything new (ADR 0033)."""
