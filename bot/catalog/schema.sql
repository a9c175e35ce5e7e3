-- var/catalog.db: made by build.py, read by catalog.py, never changed in between.
-- Every look-up of names works the same way: a table of folded keys (b-tree: exact and prefix) beside a
-- trigram index of '^key$' (substrings and typos). Contentless and detail=none keep them small.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE moment (
    id       INTEGER PRIMARY KEY,
    slug     TEXT NOT NULL UNIQUE,
    title    TEXT NOT NULL,
    body     TEXT NOT NULL,
    tags     TEXT NOT NULL,           -- hashtags as words, for full text
    places   TEXT NOT NULL,           -- English names of the countries, for full text
    top      INTEGER NOT NULL,
    country  TEXT NOT NULL,           -- code of 'its' country
    first    INTEGER,                 -- earliest and latest day, as dates.day_number
    last     INTEGER,
    year     INTEGER,                 -- of the first day; month and day only if known
    month    INTEGER,
    day      INTEGER,
    date     TEXT,                    -- JSON of the date, as dates.MomentDate.to_json
    record   TEXT NOT NULL            -- JSON of the other fields
);
CREATE INDEX moment_first ON moment (first);

CREATE VIRTUAL TABLE fulltext USING fts5 (
    title, body, tags, places,
    content = 'moment', content_rowid = 'id', tokenize = 'porter unicode61 remove_diacritics 2'
);
-- One token a filter: c<code>, k<category number>, h<hash of hashtag>, d<MMDD>, t (Top Moment).
CREATE VIRTUAL TABLE facet USING fts5 (terms, content = '', columnsize = 0, detail = none);
-- The words of title, slug, hashtags, countries and year: 'mongolia 1987' in any order, the last word half typed.
-- They are folded already; the ascii tokenizer cuts at their spaces and nowhere else, in any script.
CREATE VIRTUAL TABLE moment_words USING fts5 (
    words, content = '', columnsize = 0, detail = none, tokenize = 'ascii', prefix = '1 2 3 4 5'
);

CREATE TABLE country (
    code   TEXT PRIMARY KEY,
    name   TEXT NOT NULL,
    flag   TEXT NOT NULL,
    former INTEGER NOT NULL,
    today  TEXT NOT NULL,             -- codes of the countries of its territory today, with a space between
    moments INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE hashtag (key TEXT PRIMARY KEY, name TEXT NOT NULL, moments INTEGER NOT NULL) WITHOUT ROWID;

-- ref: moment.id, country.code, hashtag.key; a word has none. weight breaks ties between equal matches.
CREATE TABLE title_key   (id INTEGER PRIMARY KEY, key TEXT NOT NULL, ref INTEGER NOT NULL, weight INTEGER NOT NULL);
CREATE TABLE country_key (id INTEGER PRIMARY KEY, key TEXT NOT NULL, ref TEXT NOT NULL, weight INTEGER NOT NULL);
CREATE TABLE hashtag_key (id INTEGER PRIMARY KEY, key TEXT NOT NULL, ref TEXT NOT NULL, weight INTEGER NOT NULL);
CREATE TABLE word_key    (id INTEGER PRIMARY KEY, key TEXT NOT NULL, ref TEXT NOT NULL, weight INTEGER NOT NULL);
CREATE INDEX title_key_key   ON title_key (key);
CREATE INDEX country_key_key ON country_key (key);
CREATE INDEX hashtag_key_key ON hashtag_key (key);
CREATE INDEX word_key_key    ON word_key (key);
CREATE VIRTUAL TABLE title_tri   USING fts5 (key, content = '', columnsize = 0, detail = none, tokenize = 'trigram');
CREATE VIRTUAL TABLE country_tri USING fts5 (key, content = '', columnsize = 0, detail = none, tokenize = 'trigram');
CREATE VIRTUAL TABLE hashtag_tri USING fts5 (key, content = '', columnsize = 0, detail = none, tokenize = 'trigram');
CREATE VIRTUAL TABLE word_tri    USING fts5 (key, content = '', columnsize = 0, detail = none, tokenize = 'trigram');
CREATE VIRTUAL TABLE title_df   USING fts5vocab ('title_tri', 'row');
CREATE VIRTUAL TABLE country_df USING fts5vocab ('country_tri', 'row');
CREATE VIRTUAL TABLE hashtag_df USING fts5vocab ('hashtag_tri', 'row');
CREATE VIRTUAL TABLE word_df    USING fts5vocab ('word_tri', 'row');
