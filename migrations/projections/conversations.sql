--- tables
CREATE TABLE {schema}.conversations (
  id               uuid PRIMARY KEY,
  user_id          uuid NOT NULL,
  character_id     uuid NOT NULL,
  title            text NOT NULL,
  title_message_id uuid,
  state            text NOT NULL,
  last_offset      bigint NOT NULL,
  last_sequence    bigint NOT NULL,
  created_at       timestamptz NOT NULL,
  updated_at       timestamptz NOT NULL,
  log_partition bigint NOT NULL,
  log_offset    bigint NOT NULL
);
--- indexes
CREATE INDEX conversations_user ON {schema}.conversations (user_id, updated_at, id);
--- views
CREATE OR REPLACE VIEW reverie.conversations AS
  SELECT id, user_id, character_id, title, state, log_partition || ':' || last_offset || ':' || last_sequence AS last_position, created_at, updated_at
  FROM {schema}.conversations;
--- later indexes
CREATE INDEX IF NOT EXISTS conversations_updated ON {schema}.conversations (updated_at DESC NULLS LAST, id DESC);
