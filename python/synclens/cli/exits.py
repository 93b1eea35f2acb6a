"""The exit codes of the contract."""

OK = 0
FOUND = 1
USAGE = 2
NOTHING = 3
PARTIAL = 4
INTERRUPTED = 130
