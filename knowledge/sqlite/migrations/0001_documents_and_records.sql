-- +goose Up
-- Plain SQL that PostgreSQL takes as well, where INTEGER keys then become BIGINT.

-- One row for each name under which something was or is to be read.
CREATE TABLE sources (
    name        TEXT PRIMARY KEY,
    size        BIGINT NOT NULL,             -- bytes, -1 when unknown
    modified    BIGINT NOT NULL,             -- nanoseconds since 1970, 0 when unknown
    status      TEXT NOT NULL CHECK (status IN ('pending', 'read', 'failed')),
    reason      TEXT NOT NULL DEFAULT '',    -- of a failure
    reader      TEXT NOT NULL DEFAULT '',    -- version of the reader that decided the status
    document    BIGINT,                      -- last document read under this name
    job         BIGINT,                      -- of the job that reads it, while pending
    again       BIGINT NOT NULL DEFAULT 0,   -- 1: read even if the bytes are known
    attempts    BIGINT NOT NULL DEFAULT 0    -- readings begun alone, after one that did not come back
);
CREATE INDEX sources_document ON sources (document);
CREATE INDEX sources_job ON sources (job) WHERE status = 'pending';
CREATE INDEX sources_status ON sources (status, name) WHERE status <> 'read';

-- One row for each sequence of bytes that was read.
CREATE TABLE documents (
    id          INTEGER PRIMARY KEY,
    hash        TEXT NOT NULL UNIQUE,        -- document.ID
    name        TEXT NOT NULL,               -- under which it was read
    format      TEXT NOT NULL,
    title       TEXT NOT NULL,
    authors     TEXT NOT NULL,               -- JSON array
    identifiers TEXT NOT NULL,               -- JSON object
    date        TEXT NOT NULL,
    language    TEXT NOT NULL,
    pages       BIGINT NOT NULL,
    warnings    TEXT NOT NULL,               -- JSON array
    size        BIGINT NOT NULL,
    reader      TEXT NOT NULL,
    read_at     BIGINT NOT NULL,             -- milliseconds since 1970
    blocks      BIGINT NOT NULL,             -- number of them
    records     BIGINT NOT NULL
);
CREATE INDEX documents_name ON documents (name);

-- id is the document's id times 2^20 plus the ordinal: blocks of a document lie
-- together, and the document of a block is known without a look at the row.
CREATE TABLE blocks (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL,
    page        BIGINT NOT NULL,
    section     TEXT NOT NULL,               -- JSON array
    text        TEXT NOT NULL,
    payload     TEXT NOT NULL                -- JSON object: shifts, table, box; '' when none
);

CREATE TABLE records (
    id           INTEGER PRIMARY KEY,
    hash         TEXT NOT NULL,              -- record.Record.ID
    document     BIGINT NOT NULL REFERENCES documents (id),
    property     TEXT NOT NULL,
    subject_key  TEXT NOT NULL,              -- knowledge.SubjectKey
    subject      TEXT NOT NULL,
    kind         TEXT NOT NULL,
    formula      TEXT NOT NULL,
    subject_name TEXT NOT NULL,
    elements     TEXT NOT NULL,              -- symbols, divided by spaces
    subject_block BIGINT NOT NULL,
    subject_start BIGINT NOT NULL,
    subject_end   BIGINT NOT NULL,
    text         TEXT NOT NULL,
    low          DOUBLE PRECISION,           -- as in record.Record, in unit
    high         DOUBLE PRECISION,
    error        DOUBLE PRECISION NOT NULL,
    approximate  BIGINT NOT NULL,            -- 0 or 1
    unit         TEXT NOT NULL,
    dimension    TEXT NOT NULL,              -- of unit in base units; '?' and the unit when it is unknown
    least        DOUBLE PRECISION,           -- knowledge.Ends in the coherent SI unit
    greatest     DOUBLE PRECISION,
    elements_low  BIGINT NOT NULL,           -- bit Z: atomic numbers 0 to 63
    elements_high BIGINT NOT NULL,           -- bit Z-64: atomic numbers 64 to 127
    confidence   DOUBLE PRECISION NOT NULL,
    block        BIGINT NOT NULL,
    page         BIGINT NOT NULL,
    span_start   BIGINT NOT NULL,
    span_end     BIGINT NOT NULL,
    evidence     TEXT NOT NULL,
    sentence     TEXT NOT NULL,
    conditions   TEXT NOT NULL,              -- JSON array, '' when empty
    reasons      TEXT NOT NULL,              -- JSON array, '' when empty
    UNIQUE (hash, document)
);
CREATE INDEX records_document ON records (document);
CREATE INDEX records_subject ON records (subject_key, property);
CREATE INDEX records_greatest ON records (property, dimension, greatest, least, elements_low, elements_high, confidence);
CREATE INDEX records_least ON records (property, dimension, least, greatest, elements_low, elements_high, confidence);

CREATE TABLE conditions (
    record      BIGINT NOT NULL REFERENCES records (id),
    ordinal     BIGINT NOT NULL,
    name        TEXT NOT NULL,
    text        TEXT NOT NULL,
    low         DOUBLE PRECISION,            -- knowledge.Ends as stored
    high        DOUBLE PRECISION,
    dimension   TEXT NOT NULL,
    least       DOUBLE PRECISION,            -- the same in the coherent SI unit
    greatest    DOUBLE PRECISION,
    PRIMARY KEY (record, ordinal)
);

-- Counting the records of each property would go through all of them.
CREATE TABLE property_counts (
    property    TEXT PRIMARY KEY,
    records     BIGINT NOT NULL
);

-- +goose Down
DROP TABLE property_counts;
DROP TABLE conditions;
DROP TABLE records;
DROP TABLE blocks;
DROP TABLE documents;
DROP TABLE sources;
