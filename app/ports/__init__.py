"""The ports: what the core needs from the world outside, with each method's contract.

A port exists where a second implementation really exists. Nothing here has code of its own.
"""
