-- How much of the full-text index is gathered in memory before it is written, and how many parts wait to be merged.
-- Only bulk work gathers so much; whatever is gathered is written when its transaction ends.

-- only sqlite
INSERT INTO search_words (search_words, rank) VALUES ('hashsize', 16777216), ('automerge', 8);
INSERT INTO search_parts (search_parts, rank) VALUES ('hashsize', 16777216), ('automerge', 8);
-- end
