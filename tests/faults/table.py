"""The table of faults and outcomes."""


def table(results, language): return ""
def publish(results, *, seed, minutes): ...
