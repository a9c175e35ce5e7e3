"""What servers and their admins did: settings, schedules and the ledger of posts. Knows no Discord."""
