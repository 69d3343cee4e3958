"""A month's run while workers are killed, frozen and cut off; and the record that long trials leave."""
