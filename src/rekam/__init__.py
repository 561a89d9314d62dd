"""Rekam: identity-card enrolment that survives the outage of any of its parts."""
