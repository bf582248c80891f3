"""Certification before the tax service: its test texts become documents, one envelope per set, and printed samples."""
