// A database of its own for each server under test, on the Postgres that REVERIE_TEST_DATABASE_URL names.
import pg from "pg";
import { randomBytes } from "node:crypto";

const shared_url = process.env.REVERIE_TEST_DATABASE_URL;
if (!shared_url) throw new Error("REVERIE_TEST_DATABASE_URL must name a Postgres superuser connection; ops/test sets it");

/** The connection URL with another database name. */
function named(admin_url, name) {
  const query = admin_url.includes("?") ? admin_url.slice(admin_url.indexOf("?")) : "";
  const host = admin_url.match(/^postgres(?:ql)?:\/\/([^/?]*)/)[1];
  return `postgresql://${host}/${name}${query}`;
}

async function run(url, statement) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

export async function fresh_database(admin_url = shared_url) {
  const name = `e2e_${randomBytes(6).toString("hex")}`;
  const url = named(admin_url, name);
  await run(admin_url, `CREATE DATABASE ${name}`);
  return {
    name,
    url,
    query: (statement) => run(url, statement),
    /** Ends and refuses all connections: Postgres is gone as far as the server can tell. */
    refuse: async () => {
      await run(admin_url, `ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`);
      await run(admin_url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
    },
    accept: () => run(admin_url, `ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`),
    drop: () => run(admin_url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}
