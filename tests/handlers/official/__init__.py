"""Tests of the desk's conversations."""
