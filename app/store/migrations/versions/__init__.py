"""One module a schema version, in the order of `app.store.schema.VERSIONS`."""
