"""The page and the API with which people send a courier: the same at station, office and centre."""
