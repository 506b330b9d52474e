"""Litfass: Markdown posts become a blog, and the blog announces itself."""

__version__ = "0.1.0"
