-- The domain: parties and what happens between them and us. Every record table has the same seven columns first.

CREATE TABLE teams (
    id @id, version @int NOT NULL, created_at @int NOT NULL, updated_at @int NOT NULL, archived_at @int,
    import_id @int, custom @json NOT NULL, name @text NOT NULL, name_key @text NOT NULL
) @strict;

CREATE TABLE roles (
    id @id, version @int NOT NULL, created_at @int NOT NULL, updated_at @int NOT NULL, archived_at @int,
    import_id @int, custom @json NOT NULL, name @text NOT NULL, name_key @text NOT NULL, rights @text NOT NULL
) @strict;
CREATE UNIQUE INDEX roles_by_name ON roles (name);

CREATE TABLE users (
    id @id, version @int NOT NULL, created_at @int NOT NULL, updated_at @int NOT NULL, archived_at @int,
    import_id @int, custom @json NOT NULL, name @text NOT NULL, name_key @text NOT NULL,
    email @text NOT NULL, role_id @int NOT NULL, team_id @int, password_hash @text, settings @json
) @strict;
CREATE UNIQUE INDEX users_by_email ON users (email);

CREATE TABLE sessions (
    token_hash @text PRIMARY KEY, user_id @int NOT NULL, created_at @int NOT NULL, seen_at @int NOT NULL,
    expires_at @int NOT NULL, agent @text
) @strict;
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE api_tokens (
    id @id, name @text NOT NULL, token_hash @text NOT NULL UNIQUE, user_id @int, role_id @int NOT NULL,
    created_at @int NOT NULL, seen_at @int, revoked_at @int
) @strict;

-- One answer for each repeated request that carries the same Idempotency-Key.
CREATE TABLE idempotent_answers (
    key @text NOT NULL, actor @text NOT NULL, request_hash @text NOT NULL, status @int NOT NULL, body @text NOT NULL,
    created_at @int NOT NULL, PRIMARY KEY (actor, key)
) @strict;

CREATE TABLE parties (
    id @id, version @int NOT NULL, created_at @int NOT NULL, updated_at @int NOT NULL, archived_at @int,
    import_id @int, custom @json NOT NULL, kind @text NOT NULL, name @text NOT NULL, name_key @text NOT NULL,
    external_id @text, owner_id @int,
    given_name @text, family_name @text, job_title @text, company_id @int, birth_on @int, language @text,
    industry @text, n_employees @int, tax_id @text, website @text,
    email @text, phone @text, street @text, city @text, postal_code @text, region @text, country @text,
    source @text, source_detail @text, market_roles @text, tags @text, about @text,
    customer_since @int, last_order_on @int, n_orders @int, total_spent @int
) @strict;
CREATE UNIQUE INDEX parties_by_external_id ON parties (kind, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX contacts_by_name ON parties (name_key, id) WHERE kind = 'contact' AND archived_at IS NULL;
CREATE INDEX companies_by_name ON parties (name_key, id) WHERE kind = 'company' AND archived_at IS NULL;
CREATE INDEX customers_by_name ON parties (name_key, id) WHERE customer_since IS NOT NULL AND archived_at IS NULL;
CREATE INDEX contacts_by_time ON parties (created_at, id) WHERE kind = 'contact' AND archived_at IS NULL;
CREATE INDEX companies_by_time ON parties (created_at, id) WHERE kind = 'company' AND archived_at IS NULL;
CREATE INDEX customers_by_last_order ON parties (last_order_on, id) WHERE customer_since IS NOT NULL AND archived_at IS NULL;
CREATE INDEX customers_by_spent ON parties (total_spent, id) WHERE customer_since IS NOT NULL AND archived_at IS NULL;
CREATE INDEX customers_by_orders ON parties (n_orders, id) WHERE customer_since IS NOT NULL AND archived_at IS NULL;
CREATE INDEX parties_by_owner ON parties (owner_id, name_key, id) WHERE owner_id IS NOT NULL;
CREATE INDEX parties_by_company ON parties (company_id, name_key, id) WHERE company_id IS NOT NULL;
CREATE INDEX parties_by_city ON parties (city) WHERE city IS NOT NULL;
CREATE INDEX parties_by_import ON parties (import_id) WHERE import_id IS NOT NULL;

CREATE TABLE contact_points (
    id @id, version @int NOT NULL, created_at @int NOT NULL, updated_at @int NOT NULL, archived_at @int,
    import_id @int, custom @json NOT NULL, party_id @int NOT NULL, kind @text NOT NULL, value @text NOT NULL,
    value_key @text NOT NULL, label @text, main @int NOT NULL, state @text NOT NULL, verified_at @int
) @strict;
CREATE INDEX contact_points_by_value ON contact_points (value_key, kind);
CREATE INDEX contact_points_by_party ON contact_points (party_id, kind);

CREATE TABLE relationships (
    id @id, version @int NOT NULL, created_at @int NOT NULL, updated_at @int NOT NULL, archived_at @int,
    import_id @int, custom @json NOT NULL, from_id @int NOT NULL, to_id @int NOT NULL, kind @text NOT NULL,
    since_on @int, until_on @int, remark @text
) @strict;
CREATE INDEX relationships_by_from ON relationships (from_id);
CREATE INDEX relationships_by_to ON relationships (to_id);

CREATE TABLE products (
    id @id, version @int NOT NULL, created_at @int NOT NULL, updated_at @int NOT NULL, archived_at @int,
    import_id @int, custom @json NOT NULL, name @text NOT NULL, name_key @text NOT NULL, sku @text,
    category @text, price @int, cost @int, currency @text, active @int, description @text
) @strict;
CREATE UNIQUE INDEX products_by_sku ON products (sku) WHERE sku IS NOT NULL;
CREATE INDEX products_by_name ON products (name_key, id);
CREATE INDEX products_by_category ON products (category, id);

CREATE TABLE orders (
    id @id, version @int NOT NULL, created_at @int NOT NULL, updated_at @int NOT NULL, archived_at @int,
    import_id @int, custom @json NOT NULL, number @text NOT NULL, external_id @text, party_id @int NOT NULL,
    placed_on @int NOT NULL, placed_at @int, channel @text, status @text NOT NULL, currency @text NOT NULL,
    total @int NOT NULL, discount @int, cost @int, n_items @real, remark @text
) @strict;
CREATE UNIQUE INDEX orders_by_external_id ON orders (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX orders_by_number ON orders (number, id);
CREATE INDEX orders_by_party ON orders (party_id, placed_on);
CREATE INDEX orders_by_day ON orders (placed_on, id) WHERE archived_at IS NULL;
CREATE INDEX orders_by_import ON orders (import_id) WHERE import_id IS NOT NULL;

CREATE TABLE order_lines (
    id @id, version @int NOT NULL, created_at @int NOT NULL, updated_at @int NOT NULL, archived_at @int,
    import_id @int, custom @json NOT NULL, order_id @int NOT NULL, product_id @int, description @text NOT NULL,
    quantity @real NOT NULL, unit_price @int, discount @int, amount @int NOT NULL, cost @int, returned @int
) @strict;
CREATE INDEX order_lines_by_order ON order_lines (order_id);
CREATE INDEX order_lines_by_product ON order_lines (product_id) WHERE product_id IS NOT NULL;

CREATE TABLE touchpoints (
    id @id, version @int NOT NULL, created_at @int NOT NULL, updated_at @int NOT NULL, archived_at @int,
    import_id @int, custom @json NOT NULL, party_id @int NOT NULL, kind @text NOT NULL, direction @text,
    at @int NOT NULL, summary @text NOT NULL, body @text, owner_id @int, source @text
) @strict;
CREATE INDEX touchpoints_by_party ON touchpoints (party_id, at);
CREATE INDEX touchpoints_by_time ON touchpoints (at, id) WHERE archived_at IS NULL;

CREATE TABLE notes (
    id @id, version @int NOT NULL, created_at @int NOT NULL, updated_at @int NOT NULL, archived_at @int,
    import_id @int, custom @json NOT NULL, body @text NOT NULL, party_id @int, deal_id @int, case_id @int,
    owner_id @int
) @strict;
CREATE INDEX notes_by_party ON notes (party_id, created_at) WHERE party_id IS NOT NULL;
CREATE INDEX notes_by_deal ON notes (deal_id) WHERE deal_id IS NOT NULL;
CREATE INDEX notes_by_case ON notes (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX notes_by_time ON notes (created_at, id);

CREATE TABLE tasks (
    id @id, version @int NOT NULL, created_at @int NOT NULL, updated_at @int NOT NULL, archived_at @int,
    import_id @int, custom @json NOT NULL, name @text NOT NULL, name_key @text NOT NULL, due_on @int,
    status @text NOT NULL, done_at @int, owner_id @int, party_id @int, deal_id @int, case_id @int, body @text
) @strict;
CREATE INDEX tasks_open ON tasks (owner_id, due_on, id) WHERE status = 'open' AND archived_at IS NULL;
CREATE INDEX tasks_by_due ON tasks (due_on, id) WHERE archived_at IS NULL;
CREATE INDEX tasks_by_party ON tasks (party_id) WHERE party_id IS NOT NULL;
CREATE INDEX tasks_by_deal ON tasks (deal_id) WHERE deal_id IS NOT NULL;
CREATE INDEX tasks_by_case ON tasks (case_id) WHERE case_id IS NOT NULL;

CREATE TABLE pipelines (
    id @id, version @int NOT NULL, created_at @int NOT NULL, updated_at @int NOT NULL, archived_at @int,
    import_id @int, custom @json NOT NULL, name @text NOT NULL, name_key @text NOT NULL, position @int
) @strict;

CREATE TABLE stages (
    id @id, version @int NOT NULL, created_at @int NOT NULL, updated_at @int NOT NULL, archived_at @int,
    import_id @int, custom @json NOT NULL, name @text NOT NULL, name_key @text NOT NULL, pipeline_id @int NOT NULL,
    position @int, probability @real, outcome @text NOT NULL
) @strict;
CREATE INDEX stages_by_pipeline ON stages (pipeline_id, position);

CREATE TABLE deals (
    id @id, version @int NOT NULL, created_at @int NOT NULL, updated_at @int NOT NULL, archived_at @int,
    import_id @int, custom @json NOT NULL, name @text NOT NULL, name_key @text NOT NULL, external_id @text,
    party_id @int, contact_id @int, pipeline_id @int NOT NULL, stage_id @int NOT NULL, status @text NOT NULL,
    amount @int, currency @text, probability @real, expected_close_on @int, closed_at @int, stage_since @int,
    lost_reason @text, source @text, owner_id @int, body @text
) @strict;
CREATE UNIQUE INDEX deals_by_external_id ON deals (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX deals_by_party ON deals (party_id) WHERE party_id IS NOT NULL;
CREATE INDEX deals_by_stage ON deals (stage_id, id);
CREATE INDEX deals_by_time ON deals (created_at, id);
CREATE INDEX deals_open ON deals (stage_since, id) WHERE status = 'open' AND archived_at IS NULL;

CREATE TABLE cases (
    id @id, version @int NOT NULL, created_at @int NOT NULL, updated_at @int NOT NULL, archived_at @int,
    import_id @int, custom @json NOT NULL, name @text NOT NULL, name_key @text NOT NULL, external_id @text,
    party_id @int, product_id @int, kind @text NOT NULL, status @text NOT NULL, priority @text NOT NULL,
    closed_at @int, owner_id @int, body @text
) @strict;
CREATE UNIQUE INDEX cases_by_external_id ON cases (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX cases_by_party ON cases (party_id) WHERE party_id IS NOT NULL;
CREATE INDEX cases_by_time ON cases (created_at, id);
CREATE INDEX cases_open ON cases (created_at, id) WHERE status <> 'closed' AND archived_at IS NULL;

-- What the models say of each party; one row each, replaced as a whole by a scoring run.
CREATE TABLE scores (
    party_id @id, lifetime_value @int, lifetime_value_low @int, lifetime_value_high @int, p_alive @real,
    expected_purchases_90d @real, expected_spend @int, tier @text, rfm @text, rfm_segment @text, stage @text,
    stage_reason @text, value_method @text, model @text, as_of @int, scored_at @int, run_id @int
) @strict;
CREATE INDEX scores_by_value ON scores (lifetime_value, party_id);
CREATE INDEX scores_by_tier ON scores (tier, lifetime_value, party_id);
CREATE INDEX scores_by_alive ON scores (p_alive, party_id);
CREATE INDEX scores_by_expected ON scores (expected_purchases_90d, party_id);
CREATE INDEX scores_by_rfm ON scores (rfm, party_id);
CREATE INDEX scores_by_segment ON scores (rfm_segment, lifetime_value, party_id);
CREATE INDEX scores_by_stage ON scores (stage, lifetime_value, party_id);

-- One scoring run and its model cards as JSON.
CREATE TABLE score_runs (
    id @id, as_of @int NOT NULL, unit @text NOT NULL, n_customers @int NOT NULL, cards @json NOT NULL,
    summary @json NOT NULL, created_at @int NOT NULL, created_by @int
) @strict;

CREATE TABLE imports (
    id @id, object @text NOT NULL, file_name @text NOT NULL, sha256 @text NOT NULL, file_id @int,
    size_bytes @int NOT NULL, mapping @json NOT NULL, state @text NOT NULL, n_done @int NOT NULL, undo_event_id @int,
    counts @json NOT NULL, created_at @int NOT NULL, created_by @int, finished_at @int, undone_at @int, message @text
) @strict;
CREATE INDEX imports_by_time ON imports (created_at);
CREATE INDEX imports_by_file ON imports (sha256, object);
CREATE TABLE import_problems (
    import_id @int NOT NULL, row_number @int NOT NULL, field @text NOT NULL, message @text NOT NULL,
    severity @text NOT NULL, content @text, PRIMARY KEY (import_id, row_number, field)
) @strict;
-- Rows without a key of their own: what they said, and the record that was made of them, so that a file imported again
-- makes nothing twice.
CREATE TABLE import_rows (fingerprint @bytes PRIMARY KEY, record_id @int NOT NULL) @strict;
CREATE INDEX import_rows_by_record ON import_rows (record_id);
-- The mapping that a person chose for a file with these column names, to be offered again.
CREATE TABLE import_maps (columns_hash @text PRIMARY KEY, object @text NOT NULL, mapping @json NOT NULL, created_at @int NOT NULL) @strict;
