"""Buttons, one file a screen: what each carries, and how they are laid out."""
