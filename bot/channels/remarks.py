"""What a look at an account brings up for `danban check`: how it is, in Vietnamese and in English."""

GOOD, DOUBTFUL, BAD = "good", "doubtful", "bad"

# How it looks, in Vietnamese and in English.
Remark = tuple[str, str, str]
