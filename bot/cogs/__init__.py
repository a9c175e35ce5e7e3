"""Slash commands: parse what was typed, ask the catalogue or the daily posts, draw a screen, send it."""
