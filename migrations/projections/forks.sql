--- tables
CREATE TABLE {schema}.forks (
  id              uuid PRIMARY KEY,
  origin_id       uuid NOT NULL,
  origin_sequence bigint NOT NULL,
  user_id         uuid NOT NULL,
  character_id    uuid NOT NULL,
  bond_id         uuid NOT NULL,
  model           text NOT NULL,
  state           text NOT NULL,
  messages        bigint NOT NULL,
  created_at      timestamptz NOT NULL,
  updated_at      timestamptz NOT NULL,
  log_partition bigint NOT NULL,
  log_offset    bigint NOT NULL
);
--- indexes
CREATE INDEX forks_origin ON {schema}.forks (origin_id, created_at, id);
CREATE INDEX forks_created ON {schema}.forks (created_at, id);
CREATE INDEX forks_bond ON {schema}.forks (bond_id);
--- views
CREATE OR REPLACE VIEW reverie.forks AS
  SELECT id, origin_id, origin_sequence, user_id, character_id, bond_id, model, state, messages, created_at, updated_at FROM {schema}.forks;
