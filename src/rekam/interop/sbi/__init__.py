"""MOSIP Secure Biometric Interface 0.9.5: devices that are small HTTP services of this machine (ADR 0043)."""
