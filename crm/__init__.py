"""Everything that talks to Salesforce, and the stand-in that answers like it."""

from crm.soap import leave_out

leave_out()
