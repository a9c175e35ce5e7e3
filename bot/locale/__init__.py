"""Every text that a user sees, one folder a language, through Fluent; dates and numbers through Babel."""

from bot.locale.texts import Locales, Texts

__all__ = ["Locales", "Texts"]
