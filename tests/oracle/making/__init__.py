"""Random tables over every mechanism of the rate language, and random accounts at the edges of them."""
