"""Accounts and comparisons as people read them: words, a report, and the page of every place."""
