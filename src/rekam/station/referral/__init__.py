"""What a resident is sent to the family card counter with, when the biodata do not agree with their papers."""
