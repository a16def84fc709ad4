"""The service's HTTP and JSON stop here: beyond it are only the domain's values and failures."""
