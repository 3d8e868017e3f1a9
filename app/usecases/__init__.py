"""What the product does: window, command line and tests call the same use cases, on the main thread."""
