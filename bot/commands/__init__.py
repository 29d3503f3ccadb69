"""One file per slash command: a request in, a reply out. No Slack, no SQL."""
