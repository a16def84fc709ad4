"""Between the socket and the calls: requests, answers, faults, and the record of verdicts."""
