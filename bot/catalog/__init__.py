"""What happened: moments, their countries and dates, and the catalogue that finds them. Knows no Discord."""

from bot.catalog.catalog import Catalog
from bot.catalog.query import Query

__all__ = ["Catalog", "Query"]
