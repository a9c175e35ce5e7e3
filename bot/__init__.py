"""Moments: a Discord bot that finds, shows and posts moments in history."""
