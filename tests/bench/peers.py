"""Other ways to look titles up, as other bots have them, set up as well as their documentation allows."""

import sqlite3
from collections.abc import Sequence

import tantivy
from rapidfuzz import fuzz, process

from tests.bench.measure import LookUp

LIMIT = 25


def peers(titles: Sequence[str]) -> dict[str, LookUp]:
    """Each peer by name, ready to look into folded titles."""
    return {
        "substring loop": substring_loop(titles),
        "rapidfuzz WRatio": weighted_ratio(titles),
        "SQLite trigram LIKE": trigram_like(titles),
        "tantivy fuzzy": tantivy_fuzzy(titles),
    }


def substring_loop(titles: Sequence[str]) -> LookUp:
    """The first titles that hold the text."""

    def look_up(text: str) -> list[int]:
        return [place for place, title in enumerate(titles) if text in title][:LIMIT]

    return look_up


def weighted_ratio(titles: Sequence[str]) -> LookUp:
    """All titles compared with rapidfuzz's default scorer."""

    def look_up(text: str) -> list[int]:
        return [place for _, _, place in process.extract(text, titles, scorer=fuzz.WRatio, limit=LIMIT)]

    return look_up


def trigram_like(titles: Sequence[str]) -> LookUp:
    """SQLite's trigram index, asked with LIKE."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE title USING fts5 (name, tokenize = 'trigram')")
    db.executemany("INSERT INTO title (rowid, name) VALUES (?, ?)", enumerate(titles))
    db.execute("INSERT INTO title (title) VALUES ('optimize')")

    def look_up(text: str) -> list[int]:
        rows = db.execute("SELECT rowid FROM title WHERE name LIKE ? LIMIT ?", (f"%{text}%", LIMIT))
        return [row[0] for row in rows]

    return look_up


def tantivy_fuzzy(titles: Sequence[str]) -> LookUp:
    """tantivy's fuzzy terms, one for each word, the last half typed; words that are right count by their rarity."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("name", stored=False, tokenizer_name="default")
    builder.add_unsigned_field("place", stored=True)
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer()
    for place, title in enumerate(titles):
        writer.add_document(tantivy.Document(name=[title], place=[place]))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def look_up(text: str) -> list[int]:
        words = text.split()
        parts = []
        for at, word in enumerate(words):
            slips = 0 if len(word) < 3 else 1 if len(word) < 8 else 2
            fuzzy = tantivy.Query.fuzzy_term_query(schema, "name", word, slips, True, at == len(words) - 1)
            exact = tantivy.Query.term_query(schema, "name", word)
            parts += [(tantivy.Occur.Should, fuzzy), (tantivy.Occur.Should, exact)]
        hits = searcher.search(tantivy.Query.boolean_query(parts), LIMIT).hits if parts else []
        return [searcher.doc(address)["place"][0] for _, address in hits]

    return look_up
