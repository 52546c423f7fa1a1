"""A stand-in for Zalo's Bot Platform, strict where the real one is documented to be, and as forgetful as it is."""
