-- +goose Up
-- Plain SQL that PostgreSQL takes as well.

-- What a service says of works, whatever their documents say.
CREATE TABLE notices (
    doi         TEXT PRIMARY KEY,            -- as works.Normalise has it
    notice      TEXT NOT NULL,               -- document.Notice
    origin      TEXT NOT NULL,               -- who says so
    stated_at   BIGINT NOT NULL              -- milliseconds since 1970
);

-- +goose Down
DROP TABLE notices;
