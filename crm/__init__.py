"""Everything that talks to Salesforce, and the stand-in that answers like it."""
