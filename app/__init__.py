"""Ringdown: a desktop softphone with your Salesforce beside the call."""

VERSION = "0.1.0"
