-- What operators did and read. Append-only: nobody changes or removes an entry, not even this server.
CREATE SCHEMA audit;
CREATE TABLE audit.entries (
  number     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id         uuid NOT NULL UNIQUE,
  at         timestamptz NOT NULL,
  actor_id   uuid NOT NULL,
  actor_email text NOT NULL,
  action     text NOT NULL,
  subject    text NOT NULL,
  privacy    text CHECK (privacy IN ('none', 'masked', 'full')),
  reason     text NOT NULL,
  outcome    text NOT NULL CHECK (outcome IN ('begun', 'done', 'refused', 'failed')),
  detail     jsonb NOT NULL,
  request_id text NOT NULL,
  address    text NOT NULL
);
CREATE INDEX entries_at ON audit.entries (at);
CREATE INDEX entries_actor ON audit.entries (actor_id, number);
CREATE INDEX entries_action ON audit.entries (action text_pattern_ops, number);

CREATE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'RV003';
END $$;
CREATE TRIGGER entries_stay BEFORE UPDATE OR DELETE ON audit.entries FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER entries_stay_all BEFORE TRUNCATE ON audit.entries FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
