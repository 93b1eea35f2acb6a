"""report: findings as text and as data. Nothing here computes anything new."""
