-- +goose Up
-- SQLite alone: an FTS5 index beside the blocks, which keeps no copy of the text.
CREATE VIRTUAL TABLE blocks_text USING fts5 (
    text, content = 'blocks', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
-- +goose StatementBegin
CREATE TRIGGER blocks_inserted AFTER INSERT ON blocks BEGIN
    INSERT INTO blocks_text (rowid, text) VALUES (new.id, new.text);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER blocks_deleted AFTER DELETE ON blocks BEGIN
    INSERT INTO blocks_text (blocks_text, rowid, text) VALUES ('delete', old.id, old.text);
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER blocks_deleted;
DROP TRIGGER blocks_inserted;
DROP TABLE blocks_text;
