"""What this console keeps about itself: paths, config.toml, profiles, keys, session, views."""
