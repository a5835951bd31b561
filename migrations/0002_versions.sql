-- Versions of one projection side by side. `version` is the number of an instance (its schema is `<projection>_v<version>`), `fold_version`
-- the version of the fold that fills it.
ALTER TABLE runner.projection_versions ADD COLUMN fold_version integer;
UPDATE runner.projection_versions SET fold_version = version;
ALTER TABLE runner.projection_versions ALTER COLUMN fold_version SET NOT NULL;
-- building: a rebuild fills it; ready: filled, waits to be switched to; followed: runners keep it up to date, it serves or has served.
ALTER TABLE runner.projection_versions ADD COLUMN state text NOT NULL DEFAULT 'followed' CHECK (state IN ('building', 'ready', 'followed'));
ALTER TABLE runner.projection_versions ADD COLUMN switched_at timestamptz;
ALTER TABLE runner.projection_versions ADD CONSTRAINT projection_versions_followed CHECK (state = 'followed' OR NOT serving);

-- Grows with every change of what runners follow; they look at it in each transaction.
CREATE TABLE runner.catalogue (
  only_one   boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  generation bigint NOT NULL
);
INSERT INTO runner.catalogue (generation) VALUES (1);

-- Whoever changes what is followed or what serves holds the gate alone, whoever moves positions shares it. It is always taken first.
CREATE FUNCTION runner.close_gate() RETURNS void LANGUAGE sql AS $$ SELECT pg_advisory_xact_lock(hashtextextended('reverie.gate', 0)) $$;

CREATE FUNCTION runner.note_change() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE runner.catalogue SET generation = generation + 1;
  NOTIFY reverie_versions;
END $$;

-- Rebuilds as they go, for those who look at them and those who steer them. `wanted` is read by the rebuild.
CREATE TABLE runner.rebuilds (
  projection    text PRIMARY KEY,
  version       integer NOT NULL,
  state         text NOT NULL CHECK (state IN ('running', 'paused', 'done', 'cancelled', 'failed')),
  wanted        text NOT NULL DEFAULT 'run' CHECK (wanted IN ('run', 'pause', 'cancel')),
  step          text NOT NULL DEFAULT '',
  records_done  bigint NOT NULL DEFAULT 0,
  records_total bigint NOT NULL DEFAULT 0,
  events_per_second bigint NOT NULL DEFAULT 0, -- at most; 0: no limit
  message       text NOT NULL DEFAULT '',
  started_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE runner.dead_letters ADD COLUMN reason text NOT NULL DEFAULT '';

DROP FUNCTION runner.move_positions(text[], integer[], integer, bigint, bigint, bigint[], bigint);

-- Moves the positions of some projections of a partition, or fails: somebody else is ahead or has taken over (RV001), or the versions to
-- follow have changed (RV002). A rebuild, whose version nobody follows, gives no generation; at its barrier it holds the gate elsewhere.
CREATE FUNCTION runner.move_positions(projections text[], versions integer[], at_partition integer, from_next bigint, to_next bigint,
                                      leases bigint[], known_end bigint, known_generation bigint, gated boolean)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  moved integer;
BEGIN
  IF gated THEN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('reverie.gate', 0));
  END IF;
  UPDATE runner.projection_positions p SET next = to_next, log_end = known_end, updated_at = now()
  FROM unnest(projections, versions, leases) AS u(projection, version, lease)
  WHERE p.projection = u.projection AND p.version = u.version AND p.partition = at_partition AND p.next = from_next AND p.lease = u.lease;
  GET DIAGNOSTICS moved = ROW_COUNT;
  IF moved <> cardinality(projections) THEN
    IF known_generation IS NOT NULL AND known_generation <> (SELECT generation FROM runner.catalogue)
       AND EXISTS (SELECT FROM unnest(projections, versions) AS u(projection, version)
                   WHERE NOT EXISTS (SELECT FROM runner.projection_positions p
                                     WHERE p.projection = u.projection AND p.version = u.version AND p.partition = at_partition)) THEN
      RAISE EXCEPTION 'a followed version was dropped' USING ERRCODE = 'RV002';
    END IF;
    RAISE EXCEPTION 'another runner is ahead in partition %', at_partition USING ERRCODE = 'RV001';
  END IF;
  IF known_generation IS NOT NULL AND known_generation <> (SELECT generation FROM runner.catalogue) THEN
    RAISE EXCEPTION 'the versions to follow have changed' USING ERRCODE = 'RV002';
  END IF;
END $$;

-- What serves. Versions beside it are seen in `projection_versions`.
CREATE OR REPLACE VIEW reverie.projection_positions AS
  SELECT p.projection, p.version, p.partition, p.next, greatest(p.log_end - p.next, 0) AS lag, p.updated_at
  FROM runner.projection_positions p JOIN runner.projection_versions v USING (projection, version) WHERE v.serving;

CREATE OR REPLACE VIEW reverie.dead_letters AS
  SELECT d.id, d.projection, d.entity, d.partition, d.partition || ':' || d.log_offset AS position, d.code, d.message, d.attempts, d.state,
         d.created_at, d.version, d.sequence, d.reason, d.updated_at
  FROM runner.dead_letters d JOIN runner.projection_versions v USING (projection, version) WHERE v.serving;

CREATE VIEW reverie.projection_versions AS
  SELECT v.projection, v.version, v.schema, v.serving, v.state, v.fold_version, v.created_at, v.switched_at,
         (SELECT sum(p.next) FROM runner.projection_positions p WHERE p.projection = v.projection AND p.version = v.version) AS records
  FROM runner.projection_versions v;
CREATE VIEW reverie.rebuilds AS
  SELECT projection, version, state, step, records_done, records_total, events_per_second, message, started_at, updated_at FROM runner.rebuilds;

-- Events that were given up: no fold of the projection takes them, in any version.
CREATE TABLE runner.discarded_events (
  projection text NOT NULL,
  entity     text NOT NULL,
  sequence   bigint NOT NULL,
  reason     text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (projection, entity, sequence)
);
