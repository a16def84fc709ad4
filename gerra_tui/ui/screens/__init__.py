"""What stands beside the review: outbox, audit log, statistics, help."""
