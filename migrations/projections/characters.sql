--- tables
CREATE TABLE {schema}.characters (
  id         uuid PRIMARY KEY,
  owner_id   uuid,
  published  boolean NOT NULL,
  name       text NOT NULL,
  tagline    text NOT NULL,
  greeting   text NOT NULL,
  tags       text[] NOT NULL,
  version    bigint NOT NULL,
  media_type text NOT NULL,
  card_spec  text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  log_partition bigint NOT NULL,
  log_offset    bigint NOT NULL
);
CREATE TABLE {schema}.character_cards (
  id         uuid PRIMARY KEY,
  media_type text NOT NULL,
  card       bytea NOT NULL,
  log_partition bigint NOT NULL,
  log_offset    bigint NOT NULL
);
--- indexes
CREATE INDEX characters_created ON {schema}.characters (created_at, id);
CREATE INDEX characters_owner ON {schema}.characters (owner_id);
--- views
CREATE OR REPLACE VIEW reverie.characters AS
  SELECT id, owner_id, published, name, tagline, greeting, tags,
         CASE WHEN media_type = 'image/png' THEN '/api/v1/characters/' || id || '/avatar' END AS avatar_url,
         version, media_type, created_at, updated_at
  FROM {schema}.characters;
CREATE OR REPLACE VIEW reverie.character_cards AS SELECT id, media_type, card FROM {schema}.character_cards;
