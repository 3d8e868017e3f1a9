"""The far end: a carrier in a box on 127.0.0.1, a program of its own for the demo and for tests.

It imports nothing of the application. `python -m sip.standin --help` shows what each number does.
"""
