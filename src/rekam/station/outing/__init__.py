"""The mobile unit: outings, whom they expect, how fast they record, what is to do on coming back."""
