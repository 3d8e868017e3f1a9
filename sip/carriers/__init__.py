"""The ways to text."""
