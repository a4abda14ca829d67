-- What Today and timelines read, in the order in which they read it.

CREATE INDEX cases_by_status ON cases (status, created_at, id) WHERE archived_at IS NULL;
