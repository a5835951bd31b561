-- How projections read some events otherwise than they lie in the log, which nobody changes: an operator's rule for a type and version: one
-- event, those of an entity from there on, or all. No projection: nothing that is rebuilt touches it, and every rebuild reads by it. Values that a person's field is
-- set to are sealed with that person's key, as in the log.
CREATE SCHEMA rules;
CREATE TABLE rules.event_rules (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  projection    text NOT NULL,
  entity        text,                       -- null: of every entity
  event_type    text NOT NULL,
  event_version integer NOT NULL,
  from_sequence bigint NOT NULL,            -- of the entity; events before it are read as they lie there
  to_sequence   bigint,                     -- and events after this one; null: there is no end
  operations    jsonb NOT NULL,
  reason        text NOT NULL,
  author        text NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  retired_at    timestamptz,
  retire_reason text,
  CHECK ((retired_at IS NULL) = (retire_reason IS NULL))
);

-- A rule is never edited: it is retired, and another one made. So what was folded can always be explained.
CREATE FUNCTION rules.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.retired_at IS NULL
     AND (NEW.id, NEW.projection, NEW.entity, NEW.event_type, NEW.event_version, NEW.from_sequence, NEW.to_sequence, NEW.operations, NEW.reason, NEW.author, NEW.created_at)
         IS NOT DISTINCT FROM
         (OLD.id, OLD.projection, OLD.entity, OLD.event_type, OLD.event_version, OLD.from_sequence, OLD.to_sequence, OLD.operations, OLD.reason, OLD.author, OLD.created_at) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a rule is retired, never changed' USING ERRCODE = 'RV003';
END $$;
CREATE TRIGGER event_rules_stay BEFORE UPDATE OR DELETE ON rules.event_rules FOR EACH ROW EXECUTE FUNCTION rules.refuse_change();

CREATE VIEW reverie.event_rules AS
  SELECT id, projection, entity, event_type, event_version, from_sequence, to_sequence, reason, author, created_at, retired_at, retire_reason FROM rules.event_rules;
