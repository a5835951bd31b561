--- tables
CREATE TABLE {schema}.bonds (
  id           uuid PRIMARY KEY,
  user_id      uuid NOT NULL,
  character_id uuid NOT NULL,
  axes         jsonb NOT NULL,
  level        text NOT NULL,
  created_at   timestamptz NOT NULL,
  updated_at   timestamptz NOT NULL,
  log_partition bigint NOT NULL,
  log_offset    bigint NOT NULL
);
CREATE TABLE {schema}.bond_causes (
  bond_id     uuid NOT NULL,
  sequence    bigint NOT NULL,
  axis        text NOT NULL,
  delta       double precision NOT NULL,
  value_after double precision NOT NULL,
  reason      text NOT NULL,
  sentence    text NOT NULL,
  message_id  uuid,
  conversation_id uuid,
  at          timestamptz NOT NULL,
  log_partition bigint NOT NULL,
  log_offset    bigint NOT NULL
);
--- indexes
CREATE UNIQUE INDEX bonds_user ON {schema}.bonds (user_id, character_id);
CREATE UNIQUE INDEX bond_causes_bond ON {schema}.bond_causes (bond_id, sequence);
--- views
CREATE OR REPLACE VIEW reverie.bond_causes AS
  SELECT bond_id, sequence, axis, delta, value_after, reason, sentence, message_id, conversation_id, at FROM {schema}.bond_causes;
CREATE OR REPLACE VIEW reverie.bonds AS
  SELECT b.id, b.user_id, b.character_id, b.axes, b.level,
         (SELECT coalesce(jsonb_agg(jsonb_build_object('axis', c.axis, 'delta', c.delta, 'reason', c.reason, 'message_id', c.message_id,
                                                       'conversation_id', c.conversation_id, 'at', c.at) ORDER BY c.sequence DESC), '[]')
            FROM (SELECT * FROM {schema}.bond_causes WHERE bond_id = b.id ORDER BY sequence DESC LIMIT 50) c) AS causes,
         b.created_at, b.updated_at
  FROM {schema}.bonds b;
