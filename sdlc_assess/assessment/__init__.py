"""What the product's words and rules are, pure: states, roles, responses, reviews, snapshots."""
