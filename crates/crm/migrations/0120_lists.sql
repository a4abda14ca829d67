-- Indexes for the lists that people look at most: the order first, then what such a list is often filtered by, so that a
-- walk along the order need not look at each record. And one for each link to a record.

-- A scoring run renames those of scores; see rebuild.rs.
DROP INDEX IF EXISTS scores_by_value;
DROP INDEX IF EXISTS scores_by_value_2;
CREATE INDEX scores_by_value ON scores (lifetime_value, party_id, tier, stage, p_alive);

-- Long texts do not fit an index of PostgreSQL, which needs these less.
-- only sqlite
DROP INDEX customers_by_spent;
CREATE INDEX customers_by_spent ON parties (total_spent, id, country, city) WHERE customer_since IS NOT NULL AND archived_at IS NULL;
DROP INDEX customers_by_last_order;
CREATE INDEX customers_by_last_order ON parties (last_order_on, id, country, city) WHERE customer_since IS NOT NULL AND archived_at IS NULL;
DROP INDEX companies_by_name;
CREATE INDEX companies_by_name ON parties (name_key, id, industry, country) WHERE kind = 'company' AND archived_at IS NULL;
-- end

DROP INDEX orders_by_day;
CREATE INDEX orders_by_day ON orders (placed_on, id, status, channel) WHERE archived_at IS NULL;

CREATE INDEX deals_by_contact ON deals (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX deals_by_pipeline ON deals (pipeline_id, stage_id, id);
CREATE INDEX deals_by_owner ON deals (owner_id, id) WHERE owner_id IS NOT NULL;
CREATE INDEX deals_by_close ON deals (expected_close_on, id) WHERE archived_at IS NULL;
CREATE INDEX deals_by_amount ON deals (amount, id) WHERE archived_at IS NULL;
CREATE INDEX cases_by_product ON cases (product_id) WHERE product_id IS NOT NULL;
CREATE INDEX cases_by_owner ON cases (owner_id, id) WHERE owner_id IS NOT NULL;
CREATE INDEX tasks_by_owner ON tasks (owner_id, id) WHERE owner_id IS NOT NULL;
CREATE INDEX users_by_team ON users (team_id) WHERE team_id IS NOT NULL;

-- Filters compare texts in lower case, and without these PostgreSQL takes each for rare.
-- only postgres
CREATE STATISTICS parties_lower_city ON (LOWER(city)) FROM parties;
CREATE STATISTICS parties_lower_country ON (LOWER(country)) FROM parties;
CREATE STATISTICS parties_lower_industry ON (LOWER(industry)) FROM parties;
CREATE STATISTICS parties_lower_job_title ON (LOWER(job_title)) FROM parties;
CREATE STATISTICS parties_lower_language ON (LOWER(language)) FROM parties;
CREATE STATISTICS parties_lower_region ON (LOWER(region)) FROM parties;
CREATE STATISTICS parties_lower_source ON (LOWER(source)) FROM parties;
-- end
