"""The reports themselves, one small file each; ``reports.catalogue`` lists them."""
