-- How live commands fare, as each server says every few seconds: a rebuild goes by it, wherever it runs. Nothing is lost with it.
CREATE UNLOGGED TABLE runner.live_latency (
  node           text PRIMARY KEY,
  command_p99_ms double precision NOT NULL, -- of the time since the last word
  commands       bigint NOT NULL,           -- answered in that time
  at             timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE runner.rebuilds ADD COLUMN live_p99_limit_ms bigint NOT NULL DEFAULT 0; -- 0: no limit
ALTER TABLE runner.rebuilds ADD COLUMN live_p99_ms double precision;                -- last heard of; null: nobody says
ALTER TABLE runner.rebuilds ADD COLUMN work_share double precision NOT NULL DEFAULT 1; -- of the time; below 1 it is throttled

CREATE OR REPLACE VIEW reverie.rebuilds AS
  SELECT projection, version, state, step, records_done, records_total, events_per_second, message, started_at, updated_at,
         live_p99_limit_ms, live_p99_ms, work_share, work_share < 1 AS throttled
  FROM runner.rebuilds;
