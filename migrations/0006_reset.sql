-- A projection may be set back: a runner that finds its position elsewhere then looks again instead of giving up, as the change of the
-- catalogue is looked at before the position.
CREATE OR REPLACE FUNCTION runner.move_positions(projections text[], versions integer[], at_partition integer, from_next bigint, to_next bigint,
                                                 leases bigint[], known_end bigint, known_generation bigint, gated boolean)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  moved integer;
BEGIN
  IF gated THEN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('reverie.gate', 0));
  END IF;
  IF known_generation IS NOT NULL AND known_generation <> (SELECT generation FROM runner.catalogue) THEN
    RAISE EXCEPTION 'the versions to follow have changed' USING ERRCODE = 'RV002';
  END IF;
  UPDATE runner.projection_positions p SET next = to_next, log_end = known_end, updated_at = now()
  FROM unnest(projections, versions, leases) AS u(projection, version, lease)
  WHERE p.projection = u.projection AND p.version = u.version AND p.partition = at_partition AND p.next = from_next AND p.lease = u.lease;
  GET DIAGNOSTICS moved = ROW_COUNT;
  IF moved <> cardinality(projections) THEN
    RAISE EXCEPTION 'another runner is ahead in partition %', at_partition USING ERRCODE = 'RV001';
  END IF;
END $$;
