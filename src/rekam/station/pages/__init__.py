"""What staff see and do at a station. Every page is a form that also works without scripts."""
