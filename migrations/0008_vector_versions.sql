-- Which embedding model's vectors searches go by. Each version has a table of its own beside the memories (`memory_vectors_<dimension>_<model>`,
-- with its own index), so that a memory that goes takes all its vectors along in the same transaction.
CREATE TABLE runner.vector_versions (
  version     integer PRIMARY KEY,
  model       text NOT NULL,
  dimension   integer NOT NULL,
  state       text NOT NULL CHECK (state IN ('building', 'ready', 'serving', 'kept')),
  comparison  jsonb,                -- with the one that served when it was made; never texts
  created_at  timestamptz NOT NULL DEFAULT now(),
  switched_at timestamptz,
  UNIQUE (model, dimension)
);
CREATE UNIQUE INDEX vector_versions_serving ON runner.vector_versions ((true)) WHERE state = 'serving';

CREATE VIEW reverie.vector_versions AS SELECT version, model, dimension, state, comparison, created_at, switched_at FROM runner.vector_versions;
