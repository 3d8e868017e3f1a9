"""The company's own directory: colleagues from a CSV list or a CardDAV address book, beside Salesforce's users."""
