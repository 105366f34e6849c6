"""What every update needs before its handler."""
