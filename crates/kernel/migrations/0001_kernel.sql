-- What every object needs: ids, events, jobs, search, files, run-time objects and fields, saved views, settings.

-- only sqlite
CREATE TABLE id_sequence (next_id INTEGER NOT NULL) STRICT;
INSERT INTO id_sequence VALUES (1000);
-- end
-- only postgres
CREATE SEQUENCE id_sequence START 1000 CACHE 1;
-- Text out of JSON, in the order of code points like every column of text.
CREATE DOMAIN ktext AS TEXT COLLATE "C";
-- end

CREATE TABLE settings (key @text PRIMARY KEY, value @text NOT NULL) @strict;

-- The event log: audit, timeline, undo, feed. Never updated, except to note that an event was undone.
-- only sqlite
CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
-- end
-- only postgres
CREATE TABLE events (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
-- end
    xid @xid,
    at @int NOT NULL,
    actor_id @int,
    via @text NOT NULL,
    object @text NOT NULL,
    record_id @int NOT NULL,
    party_id @int,
    kind @text NOT NULL,
    changes @json,
    import_id @int,
    undone_by @int
) @strict;
CREATE INDEX events_by_record ON events (record_id, id);
CREATE INDEX events_by_party ON events (party_id, id) WHERE party_id IS NOT NULL;
CREATE INDEX events_by_import ON events (import_id, id) WHERE import_id IS NOT NULL;
CREATE INDEX events_by_time ON events (at);
-- only postgres
CREATE INDEX events_by_xid ON events (xid, id);
-- end

-- How far each reader of the event log has come.
CREATE TABLE event_cursors (reader @text PRIMARY KEY, xid @int NOT NULL, event_id @int NOT NULL) @strict;

CREATE TABLE jobs (
    id @id,
    kind @text NOT NULL,
    payload @json NOT NULL,
    state @text NOT NULL,
    run_at @int NOT NULL,
    lease_until @int,
    n_attempts @int NOT NULL,
    n_done @int NOT NULL,
    n_total @int NOT NULL,
    message @text,
    subject_id @int,
    created_by @int,
    created_at @int NOT NULL,
    finished_at @int
) @strict;
CREATE INDEX jobs_by_subject ON jobs (subject_id, id) WHERE subject_id IS NOT NULL;
CREATE INDEX jobs_to_run ON jobs (run_at, id) WHERE state = 'waiting';
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE state = 'running';

CREATE TABLE files (
    id @id,
    record_id @int,
    name @text NOT NULL,
    media_type @text NOT NULL,
    size_bytes @int NOT NULL,
    sha256 @text NOT NULL,
    created_at @int NOT NULL,
    created_by @int
) @strict;
CREATE INDEX files_by_record ON files (record_id) WHERE record_id IS NOT NULL;

-- Which object a found id belongs to; words and parts hold what is searched.
-- only sqlite
CREATE TABLE search_docs (id INTEGER PRIMARY KEY, object TEXT NOT NULL) STRICT;
CREATE VIRTUAL TABLE search_words USING fts5(words, content='', contentless_delete=1, tokenize='ascii', prefix='2 3', detail=none);
CREATE VIRTUAL TABLE search_parts USING fts5(parts, content='', contentless_delete=1, tokenize='trigram');
-- end
-- only postgres
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
CREATE TABLE search_docs (id BIGINT PRIMARY KEY, object TEXT COLLATE "C" NOT NULL, words TSVECTOR NOT NULL, parts TEXT NOT NULL);
CREATE INDEX search_docs_by_words ON search_docs USING gin (words);
CREATE INDEX search_docs_by_parts ON search_docs USING gin (parts gin_trgm_ops);
-- end

-- Objects and fields that administrators make at run time.
CREATE TABLE custom_objects (
    id @id,
    key @text NOT NULL UNIQUE,
    definition @json NOT NULL,
    created_at @int NOT NULL
) @strict;
CREATE TABLE custom_fields (
    id @id,
    object @text NOT NULL,
    key @text NOT NULL,
    definition @json NOT NULL,
    created_at @int NOT NULL,
    UNIQUE (object, key)
) @strict;

-- Records of custom objects.
CREATE TABLE records (
    id @id,
    version @int NOT NULL,
    kind @text NOT NULL,
    name @text NOT NULL,
    name_key @text NOT NULL,
    external_id @text,
    owner_id @int,
    created_at @int NOT NULL,
    updated_at @int NOT NULL,
    archived_at @int,
    import_id @int,
    custom @json NOT NULL
) @strict;
CREATE INDEX records_by_name ON records (kind, name_key, id);
CREATE INDEX records_by_time ON records (kind, created_at, id);
CREATE UNIQUE INDEX records_by_external_id ON records (kind, external_id);

CREATE TABLE views (
    id @id,
    object @text NOT NULL,
    name @text NOT NULL,
    query @text NOT NULL,
    owner_id @int,
    created_at @int NOT NULL
) @strict;
CREATE INDEX views_by_object ON views (object, name);
