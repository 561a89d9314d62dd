"""Papers for residents: proof of recording, suket, card; each a PDF with a code that a phone verifies offline."""
