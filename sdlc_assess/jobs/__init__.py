"""Work outside the request: one elected leader, one render child."""
