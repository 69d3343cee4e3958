"""The forms of a report: screen, PDF, CSV and XLSX of the same lines."""
