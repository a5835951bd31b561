-- The parts of the database that are no projection of the log, and what the projections are run with.
CREATE EXTENSION IF NOT EXISTS vector;

CREATE SCHEMA IF NOT EXISTS reverie; -- stable views over whatever versions serve
CREATE SCHEMA vault;                 -- accounts and wrapped data keys: never in the log, erasable
CREATE SCHEMA cache;                 -- what can be made again at a price
CREATE SCHEMA runner;                -- positions, leases, dead letters

CREATE TABLE vault.accounts (
  user_id       uuid PRIMARY KEY,
  email         text NOT NULL,
  email_folded  text NOT NULL UNIQUE,
  password_hash text NOT NULL,
  state         text NOT NULL CHECK (state IN ('pending', 'active', 'erased')),
  roles         text[] NOT NULL DEFAULT '{}',
  created_at    timestamptz NOT NULL
);
CREATE INDEX accounts_pending ON vault.accounts (created_at) WHERE state = 'pending';

CREATE TABLE vault.refresh_tokens (
  token_hash text PRIMARY KEY,
  family     uuid NOT NULL,
  user_id    uuid NOT NULL,
  expires_at timestamptz NOT NULL,
  used       boolean NOT NULL DEFAULT false
);
CREATE INDEX refresh_tokens_family ON vault.refresh_tokens (family);
CREATE INDEX refresh_tokens_user ON vault.refresh_tokens (user_id);

CREATE TABLE vault.api_keys (
  key_hash   text PRIMARY KEY,
  user_id    uuid NOT NULL,
  label      text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX api_keys_user ON vault.api_keys (user_id);

-- A destroyed key leaves its row as a mark that it will never come back.
CREATE TABLE vault.data_keys (
  user_id uuid PRIMARY KEY,
  wrapped text NOT NULL,
  erased  boolean NOT NULL DEFAULT false,
  CHECK (erased = (wrapped = ''))
);

-- Vectors by owner, model and keyed hash of the text: a rebuild calls no model. Goes with its owner.
CREATE TABLE cache.embeddings (
  user_id      uuid NOT NULL,
  model        text NOT NULL,
  content_hash bytea NOT NULL,
  embedding    vector NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, model, content_hash)
);

-- Which version of a projection is instantiated, and from which template.
CREATE TABLE runner.projection_versions (
  projection text NOT NULL,
  version    integer NOT NULL,
  schema     text NOT NULL UNIQUE,
  checksum   text NOT NULL,
  serving    boolean NOT NULL,
  indexed    boolean NOT NULL DEFAULT true, -- false while the bulk of a rebuild goes in
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (projection, version)
);
CREATE UNIQUE INDEX projection_versions_serving ON runner.projection_versions (projection) WHERE serving;

CREATE TABLE runner.projection_positions (
  projection text NOT NULL,
  version    integer NOT NULL,
  partition  integer NOT NULL,
  next       bigint NOT NULL DEFAULT 0,
  log_end    bigint NOT NULL DEFAULT 0,
  lease      bigint NOT NULL DEFAULT 0,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (projection, version, partition)
);

-- What the epoch rule knows at a position of the serving projections: the pair that counts, and each entity's next sequence.
CREATE TABLE runner.log_states (
  partition integer PRIMARY KEY,
  next      bigint NOT NULL,
  epoch     bigint NOT NULL,
  writer    uuid NOT NULL
);
CREATE TABLE runner.entity_sequences (
  partition     integer NOT NULL,
  entity_kind   smallint NOT NULL,
  entity_id     uuid NOT NULL,
  next_sequence bigint NOT NULL,
  PRIMARY KEY (partition, entity_kind, entity_id)
);

CREATE TABLE runner.dead_letters (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  projection text NOT NULL,
  version    integer NOT NULL,
  entity     text NOT NULL,
  partition  integer NOT NULL,
  log_offset bigint NOT NULL,
  sequence   bigint NOT NULL,
  code       text NOT NULL,
  message    text NOT NULL,
  attempts   integer NOT NULL DEFAULT 1,
  state      text NOT NULL DEFAULT 'parked' CHECK (state IN ('parked', 'retried', 'discarded')),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (projection, version, partition, log_offset, sequence, entity)
);
CREATE INDEX dead_letters_parked ON runner.dead_letters (projection, version, partition, entity) WHERE state = 'parked';

CREATE VIEW reverie.projection_positions AS
  SELECT projection, version, partition, next, greatest(log_end - next, 0) AS lag, updated_at
  FROM runner.projection_positions;

CREATE VIEW reverie.dead_letters AS
  SELECT id, projection, entity, partition, partition || ':' || log_offset AS position, code, message, attempts, state, created_at
  FROM runner.dead_letters;

-- Moves the positions of some projections of a partition, or fails: somebody else is ahead, or has taken over.
CREATE FUNCTION runner.move_positions(projections text[], versions integer[], at_partition integer, from_next bigint, to_next bigint,
                                      leases bigint[], known_end bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  moved integer;
BEGIN
  UPDATE runner.projection_positions p SET next = to_next, log_end = known_end, updated_at = now()
  FROM unnest(projections, versions, leases) AS u(projection, version, lease)
  WHERE p.projection = u.projection AND p.version = u.version AND p.partition = at_partition AND p.next = from_next AND p.lease = u.lease;
  GET DIAGNOSTICS moved = ROW_COUNT;
  IF moved <> cardinality(projections) THEN
    RAISE EXCEPTION 'another runner is ahead in partition %', at_partition USING ERRCODE = 'RV001';
  END IF;
END $$;

-- A vector that goes takes what the cache kept of it along (forgetting, deletion; not the dropping of a whole version).
CREATE FUNCTION runner.forget_cached_embedding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM cache.embeddings WHERE user_id = OLD.user_id AND model = TG_ARGV[0] AND content_hash = OLD.content_hash;
  RETURN OLD;
END $$;
