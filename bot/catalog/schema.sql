-- var/catalog.db: made by build.py, read by catalog.py, never changed in between.
-- Moments are numbered in order of time, so that every list of numbers is in order of time without sorting.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- What lists and choices need, small enough that many fit a page of the file; the rest is in `story`.
CREATE TABLE moment (
    id       INTEGER PRIMARY KEY,
    slug     TEXT NOT NULL UNIQUE,
    title    TEXT NOT NULL,
    top      INTEGER NOT NULL,
    countries TEXT NOT NULL,          -- codes with a space between; the first is 'its' country
    first    INTEGER,                 -- earliest and latest day, as dates.day_number
    last     INTEGER,
    year     INTEGER,                 -- of the first day; month and day only if known
    month    INTEGER,
    day      INTEGER,
    date     TEXT                     -- JSON of the date, as dates.MomentDate.to_json
);
CREATE INDEX moment_first ON moment (first);
-- A moment as a choice: JSON of its number, slug, title, date and first country. Every keystroke reads 25 of them.
CREATE TABLE choice (id INTEGER PRIMARY KEY, row TEXT NOT NULL);
CREATE TABLE story (
    id       INTEGER PRIMARY KEY,
    body     TEXT NOT NULL,
    tags     TEXT NOT NULL,           -- hashtags as words, for full text
    places   TEXT NOT NULL,           -- English names of the countries, for full text
    record   TEXT NOT NULL            -- JSON of the other fields
);
-- What is not indexed is there to be read with the text that is found: one look into each table instead of two.
CREATE VIEW searched AS
    SELECT moment.id, title, body, tags, places, slug, date, record FROM moment JOIN story ON story.id = moment.id;
CREATE VIRTUAL TABLE fulltext USING fts5 (
    title, body, tags, places, slug UNINDEXED, date UNINDEXED, record UNINDEXED,
    content = 'searched', content_rowid = 'id', prefix = '3', tokenize = 'porter unicode61 remove_diacritics 2'
);
-- One token a filter, see schema.facet. Contentless and detail=none keep this and the indexes below small.
CREATE VIRTUAL TABLE facet USING fts5 (terms, content = '', columnsize = 0, detail = none, tokenize = 'ascii');

-- Looking up titles: words in any order with the last half typed, substrings and typos by trigrams of
-- '^title$^slug$'. The texts are folded already; the ascii tokenizer cuts at their spaces and
-- nowhere else, in any script. `packed` holds what titles.py and parts.py keep in memory. The tables `…_df` say in how
-- many rows of an index a term is.
CREATE VIRTUAL TABLE moment_words USING fts5 (
    words, content = '', columnsize = 0, detail = none, tokenize = 'ascii', prefix = '1 2 3 4 5'
);
CREATE TABLE moment_words_df (term TEXT PRIMARY KEY, doc INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE title_tri USING fts5 (key, content = '', columnsize = 0, detail = none, tokenize = 'trigram');
CREATE TABLE title_df (term TEXT PRIMARY KEY, doc INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE packed (name TEXT PRIMARY KEY, data BLOB NOT NULL);

CREATE TABLE country (
    code   TEXT PRIMARY KEY,
    name   TEXT NOT NULL,
    flag   TEXT NOT NULL,
    former INTEGER NOT NULL,
    today  TEXT NOT NULL,             -- codes of the countries of its territory today, with a space between
    moments INTEGER NOT NULL
) WITHOUT ROWID;
-- What a text stands for before any other language is asked: English names, aliases, codes and flags. own: it is the
-- country's own name. A word that is taken for no country, however like one it looks, has no code.
CREATE TABLE country_english (key TEXT PRIMARY KEY, code TEXT NOT NULL, own INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE hashtag (key TEXT PRIMARY KEY, name TEXT NOT NULL, moments INTEGER NOT NULL) WITHOUT ROWID;

-- Looking up names works the same way everywhere: a table of folded keys (b-tree: exact and prefix) beside a trigram
-- index of '^key$' (substrings and typos) and its counts. ref: country.code, hashtag.key, a word as it is written;
-- weight: in how many moments.
CREATE TABLE country_key (id INTEGER PRIMARY KEY, key TEXT NOT NULL, ref TEXT NOT NULL, weight INTEGER NOT NULL);
CREATE TABLE hashtag_key (id INTEGER PRIMARY KEY, key TEXT NOT NULL, ref TEXT NOT NULL, weight INTEGER NOT NULL);
CREATE TABLE word_key    (id INTEGER PRIMARY KEY, key TEXT NOT NULL, ref TEXT NOT NULL, weight INTEGER NOT NULL);
CREATE INDEX country_key_key ON country_key (key);
CREATE INDEX hashtag_key_key ON hashtag_key (key);
CREATE INDEX word_key_key    ON word_key (key);
CREATE VIRTUAL TABLE country_tri USING fts5 (key, content = '', columnsize = 0, detail = none, tokenize = 'trigram');
CREATE VIRTUAL TABLE hashtag_tri USING fts5 (key, content = '', columnsize = 0, detail = none, tokenize = 'trigram');
CREATE VIRTUAL TABLE word_tri    USING fts5 (key, content = '', columnsize = 0, detail = none, tokenize = 'trigram');
CREATE TABLE country_df (term TEXT PRIMARY KEY, doc INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE hashtag_df (term TEXT PRIMARY KEY, doc INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE word_df    (term TEXT PRIMARY KEY, doc INTEGER NOT NULL) WITHOUT ROWID;
