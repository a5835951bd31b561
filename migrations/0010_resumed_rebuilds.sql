-- Whether a server, not a tool, works on a rebuild: the next server goes on with it when that one ends, as it was begun, but not for ever.
ALTER TABLE runner.rebuilds ADD COLUMN by_server boolean NOT NULL DEFAULT false;
ALTER TABLE runner.rebuilds ADD COLUMN despite_parked boolean NOT NULL DEFAULT false;
ALTER TABLE runner.rebuilds ADD COLUMN resumptions integer NOT NULL DEFAULT 0; -- by servers, since somebody began or resumed it
