-- What an operator has told to stand still: runners leave it where it is, in this partition, until it is resumed.
CREATE TABLE runner.paused_projections (
  projection text NOT NULL,
  partition  integer NOT NULL,
  reason     text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (projection, partition)
);
CREATE VIEW reverie.paused_projections AS SELECT projection, partition, reason, created_at FROM runner.paused_projections;
