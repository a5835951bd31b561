--- tables
CREATE TABLE {schema}.users (
  id         uuid PRIMARY KEY,
  email      text NOT NULL,
  name       text NOT NULL,
  roles      text[] NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  log_partition bigint NOT NULL,
  log_offset    bigint NOT NULL
);
--- indexes
CREATE INDEX users_created ON {schema}.users (created_at, id);
--- views
CREATE OR REPLACE VIEW reverie.users AS SELECT id, email, name, roles, created_at, updated_at FROM {schema}.users;
