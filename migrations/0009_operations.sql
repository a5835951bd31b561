-- What was stored of the epoch rule could be beside the wrong place: after a reset of all projections with sequences of a later one, after a
-- rebuild without a server with those of an earlier one. It is derived from the log again at the next start, once.
TRUNCATE runner.log_states, runner.entity_sequences;

-- A rebuild that was interrupted goes on as it was begun, and what its comparison found stays with it, for whoever looks, on any node.
ALTER TABLE runner.rebuilds ADD COLUMN switch_over boolean NOT NULL DEFAULT true;
ALTER TABLE runner.rebuilds ADD COLUMN comparison jsonb; -- keys and columns of rows, never their contents; null: none was made

-- Conversations of all people by the last change. New versions get it by their template's later indexes; this is for those that are there.
DO $$
DECLARE
  found text;
BEGIN
  FOR found IN SELECT schema FROM runner.projection_versions WHERE projection = 'conversations' AND indexed LOOP
    EXECUTE format('CREATE INDEX IF NOT EXISTS conversations_updated ON %I.conversations (updated_at DESC NULLS LAST, id DESC)', found);
  END LOOP;
END $$;
