"""What an exchange does: take operations, give news, hand out snapshots, settle differences."""
