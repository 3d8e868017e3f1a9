"""The components' tests run without a screen, with the theme laid over the application."""

from tests.window import look

__all__ = ["look"]
