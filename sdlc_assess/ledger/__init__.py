"""What can be proven, pure: canonical bytes, Merkle roots, salted digests."""
