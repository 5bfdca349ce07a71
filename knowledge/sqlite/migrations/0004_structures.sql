-- +goose Up
-- Plain SQL that PostgreSQL takes as well.

-- The structure of a subject that is a molecule or a polymer; '' if not known.
ALTER TABLE records ADD COLUMN smiles TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE records DROP COLUMN smiles;
