"""The engine: a process of its own with every pjsua2 object and all sound."""
