--- tables
CREATE TABLE {schema}.threads (
  id           uuid PRIMARY KEY,
  user_id      uuid NOT NULL,
  character_id uuid NOT NULL,
  leaf_id      uuid,
  bond_id      uuid NOT NULL,
  log_partition bigint NOT NULL,
  log_offset    bigint NOT NULL
);
CREATE TABLE {schema}.turns (
  id              uuid PRIMARY KEY,
  conversation_id uuid NOT NULL,
  parent_id       uuid,
  depth           bigint NOT NULL,
  on_branch       boolean NOT NULL,
  role            text NOT NULL,
  state           text NOT NULL,
  barred          boolean NOT NULL,
  log_partition bigint NOT NULL,
  log_offset    bigint NOT NULL
);
CREATE INDEX turns_conversation ON {schema}.turns (conversation_id);
CREATE TABLE {schema}.memories (
  id              uuid PRIMARY KEY,
  bond_id         uuid NOT NULL,
  user_id         uuid NOT NULL,
  character_id    uuid NOT NULL,
  ordinal         bigint NOT NULL,
  kind            text NOT NULL,
  attribute       text NOT NULL,
  text            text NOT NULL,
  speaker         text NOT NULL,
  conversation_id uuid NOT NULL,
  message_id      uuid NOT NULL,
  place           bigint NOT NULL,
  length          bigint NOT NULL,
  terms           text[] NOT NULL,
  valid_from      timestamptz,
  valid_to        timestamptz,
  superseded_by   uuid,
  recorded_at     timestamptz NOT NULL,
  updated_at      timestamptz NOT NULL,
  log_partition bigint NOT NULL,
  log_offset    bigint NOT NULL
);
CREATE TABLE {schema}.shelves (
  id           uuid PRIMARY KEY,
  user_id      uuid NOT NULL,
  character_id uuid NOT NULL,
  next_ordinal bigint NOT NULL,
  generation   bigint NOT NULL,
  log_partition bigint NOT NULL,
  log_offset    bigint NOT NULL
);
CREATE TABLE {schema}.postings (
  bond_id   uuid NOT NULL,
  term      text COLLATE "C" NOT NULL,
  ordinal   bigint NOT NULL,
  frequency bigint NOT NULL,
  log_partition bigint NOT NULL,
  log_offset    bigint NOT NULL
);
-- Which reply had recalled which memory: forgetting the memory takes out the reply's episode too.
CREATE TABLE {schema}.recalls (
  id         uuid PRIMARY KEY,
  memory_id  uuid NOT NULL,
  message_id uuid NOT NULL,
  log_partition bigint NOT NULL,
  log_offset    bigint NOT NULL
);
-- Ids alone: a reply that had recalled one of them and ends only later never becomes an episode.
CREATE TABLE {schema}.forgotten (
  id uuid PRIMARY KEY,
  log_partition bigint NOT NULL,
  log_offset    bigint NOT NULL
);
--- indexes
CREATE UNIQUE INDEX memories_bond ON {schema}.memories (bond_id, ordinal);
CREATE INDEX memories_user ON {schema}.memories (user_id, recorded_at, id);
-- By this the embedding worker finds what is new.
CREATE INDEX memories_cause ON {schema}.memories (log_partition, log_offset);
CREATE INDEX shelves_user ON {schema}.shelves (user_id, character_id);
CREATE UNIQUE INDEX postings_term ON {schema}.postings (bond_id, term, ordinal) INCLUDE (frequency);
CREATE INDEX recalls_memory ON {schema}.recalls (memory_id);
--- views
-- Every memory that may be seen: its turn is on its conversation's active branch and is not forgotten.
CREATE OR REPLACE VIEW reverie.memory_documents AS
  SELECT m.id, m.bond_id, m.user_id, m.character_id, m.ordinal, m.kind, m.attribute, m.text, m.speaker, m.conversation_id, m.message_id,
         m.place, m.length, m.valid_from, m.valid_to, m.superseded_by, m.recorded_at, m.updated_at
  FROM {schema}.memories m JOIN {schema}.turns t ON t.id = m.message_id
  WHERE t.on_branch AND NOT t.barred;
CREATE OR REPLACE VIEW reverie.memories AS
  SELECT id, user_id, character_id, text, kind, NULL::double precision AS score, valid_from, valid_to, recorded_at,
         jsonb_build_array(jsonb_build_object('conversation_id', conversation_id, 'message_id', message_id)) AS sources,
         recorded_at AS created_at, updated_at
  FROM reverie.memory_documents;
CREATE OR REPLACE VIEW reverie.memory_postings AS SELECT bond_id, term, ordinal, frequency FROM {schema}.postings;
CREATE OR REPLACE VIEW reverie.memory_shelves AS SELECT id, user_id, character_id, next_ordinal, generation FROM {schema}.shelves;
