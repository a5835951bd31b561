--- tables
CREATE TABLE {schema}.threads (
  id           uuid PRIMARY KEY,
  user_id      uuid NOT NULL,
  character_id uuid NOT NULL,
  leaf_id      uuid,
  log_partition bigint NOT NULL,
  log_offset    bigint NOT NULL
);
CREATE TABLE {schema}.messages (
  id              uuid PRIMARY KEY,
  conversation_id uuid NOT NULL,
  parent_id       uuid,
  depth           bigint NOT NULL,
  on_branch       boolean NOT NULL,
  role            text NOT NULL,
  state           text NOT NULL,
  content         text NOT NULL,
  attempt         bigint NOT NULL,
  model           text NOT NULL,
  finish_reason   text NOT NULL,
  error_code      text NOT NULL,
  manifest        text NOT NULL,
  position_offset bigint NOT NULL,
  position_sequence bigint NOT NULL,
  created_at      timestamptz NOT NULL,
  updated_at      timestamptz NOT NULL,
  log_partition bigint NOT NULL,
  log_offset    bigint NOT NULL
);
-- A branch switch loads all of a conversation by this one, so it is needed during a rebuild too.
CREATE INDEX messages_conversation ON {schema}.messages (conversation_id, on_branch, depth);
--- indexes
CREATE INDEX threads_user ON {schema}.threads (user_id);
--- views
CREATE OR REPLACE VIEW reverie.message_threads AS SELECT id, user_id, character_id, leaf_id FROM {schema}.threads;
CREATE OR REPLACE VIEW reverie.message_nodes AS
  SELECT id, conversation_id, parent_id, depth, on_branch, role, content, state, attempt, model, finish_reason, error_code, manifest,
         created_at, updated_at, log_partition || ':' || position_offset || ':' || position_sequence AS position
  FROM {schema}.messages;
-- What a person sees: the active branch, without a reply that is still being made.
CREATE OR REPLACE VIEW reverie.messages AS
  SELECT id, conversation_id, parent_id, role, content, state, created_at, updated_at, position, depth
  FROM reverie.message_nodes WHERE on_branch AND state <> 'generating';
