"""Pages of accounts and profiles."""
