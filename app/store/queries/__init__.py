"""The SELECTs behind the lists: statements built once, rows by the page, read on a `Database.reader()`.

A page is found by key, never by counting rows off: ``before`` and ``after`` are the keys of a row (`keys`).
"""
