-- +goose Up
-- Plain SQL that PostgreSQL takes as well. What these columns hold of documents
-- and records that are there already cannot be computed in SQL; the program
-- does so for the documents whose traits are ''.

-- A work is one or several documents; it has the id of one of them.
ALTER TABLE documents ADD COLUMN work BIGINT NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN traits TEXT NOT NULL DEFAULT '';      -- works.Traits, JSON
ALTER TABLE documents ADD COLUMN joined TEXT NOT NULL DEFAULT '';      -- why it belongs to its work; '' for the first
ALTER TABLE documents ADD COLUMN notice TEXT NOT NULL DEFAULT '';      -- document.Notice of the document
ALTER TABLE documents ADD COLUMN work_notice TEXT NOT NULL DEFAULT ''; -- the gravest of its work
ALTER TABLE documents ADD COLUMN license TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN about TEXT NOT NULL DEFAULT '';       -- JSON object
CREATE INDEX documents_work ON documents (work);
CREATE INDEX documents_untold ON documents (id) WHERE traits = '';

-- By which works are found: works.Key of all their documents.
CREATE TABLE work_keys (
    hash        BIGINT NOT NULL,
    work        BIGINT NOT NULL,
    PRIMARY KEY (hash, work)
);

-- The records of a work with the same fact state the same; the best of them
-- has place 0, the next 1. readings is the number of them.
ALTER TABLE records ADD COLUMN fact BIGINT NOT NULL DEFAULT 0;         -- hash of knowledge.Fact
ALTER TABLE records ADD COLUMN precedence BIGINT NOT NULL DEFAULT 0;   -- knowledge.Precedence
ALTER TABLE records ADD COLUMN place BIGINT NOT NULL DEFAULT 0;
ALTER TABLE records ADD COLUMN readings BIGINT NOT NULL DEFAULT 1;
DROP INDEX records_document;
CREATE INDEX records_document ON records (document, fact);

ALTER TABLE property_counts ADD COLUMN facts BIGINT NOT NULL DEFAULT 0;
UPDATE property_counts SET facts = records;

-- +goose Down
ALTER TABLE property_counts DROP COLUMN facts;
DROP INDEX records_document;
CREATE INDEX records_document ON records (document);
ALTER TABLE records DROP COLUMN readings;
ALTER TABLE records DROP COLUMN place;
ALTER TABLE records DROP COLUMN precedence;
ALTER TABLE records DROP COLUMN fact;
DROP TABLE work_keys;
DROP INDEX documents_untold;
DROP INDEX documents_work;
ALTER TABLE documents DROP COLUMN about;
ALTER TABLE documents DROP COLUMN origin;
ALTER TABLE documents DROP COLUMN license;
ALTER TABLE documents DROP COLUMN work_notice;
ALTER TABLE documents DROP COLUMN notice;
ALTER TABLE documents DROP COLUMN joined;
ALTER TABLE documents DROP COLUMN traits;
ALTER TABLE documents DROP COLUMN work;
