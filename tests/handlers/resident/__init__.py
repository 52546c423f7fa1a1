"""Tests of the resident's conversations."""
