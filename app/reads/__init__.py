"""What screens and the command line read: frozen rows by the page, read-only. `app.reads.reads.Reads` is the door."""
