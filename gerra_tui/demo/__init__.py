"""An embedded service that speaks the datasets API over loopback, for demos and tests."""
