"""Telephony: the client side of the engine process, carriers and the far end for tests and demo."""
