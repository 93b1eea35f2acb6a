"""The exit codes of the contract, and the severities that --fail-on looks at, the worst first."""

OK = 0
FOUND = 1
USAGE = 2
NOTHING = 3
PARTIAL = 4
INTERRUPTED = 130

SEVERITIES = ("critical", "high", "medium", "low", "info")
