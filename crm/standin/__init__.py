"""A small Salesforce over local HTTP: a program of its own, standard library only, nothing of the app."""
