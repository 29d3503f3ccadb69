"""What Slack sends, as functions: full payloads, with every field Slack includes and its odd types."""
