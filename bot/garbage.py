"""Python's collector of garbage in a process that stays: it looks at what came since the start, not at everything."""

import gc

# Objects made between two looks at the youngest. Python's own number is for programs that make few; a turn makes
# thousands, nearly all of which go without the collector's help.
YOUNGEST = 20_000


def keep_the_start() -> None:
    """Leave what is here now (libraries, word tables, statements) out of every later look.

    A full look through all of it holds everybody up for as long as an answer may take.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNGEST, 10, 10)
