"""What tests/mutate_judgement.py changes, which changes nothing can notice and why, and which rule each belongs to."""
