#include "projections/postgres/vector_tables.hpp"

#include "projections/postgres/advisory_lock.hpp"
#include "projections/postgres/bulk_session.hpp"

#include <charconv>

namespace reverie::projections {
namespace {

constexpr std::size_t longest_slug = 36; // with the rest of the name below Postgres' 63 bytes

std::string quoted(const std::string& text) {
  std::string made = "'";
  for (const char each : text) made.append(each == '\'' ? 2 : 1, each);
  return made + "'";
}

std::string table_sql(const std::string& schema, const std::string& name, const std::string& type) {
  const auto full = schema + "." + name;
  return "CREATE TABLE IF NOT EXISTS " + full + " (memory_id uuid PRIMARY KEY REFERENCES " + schema + ".memories (id) ON DELETE CASCADE, "
         "bond_id uuid NOT NULL, user_id uuid NOT NULL, ordinal bigint NOT NULL, content_hash bytea NOT NULL, embedding " + type + " NOT NULL);"
         "ALTER TABLE " + full + " ALTER COLUMN embedding SET STORAGE PLAIN;";
}

std::string indexes_sql(const std::string& schema, const std::string& name) {
  const auto full = schema + "." + name;
  return "CREATE UNIQUE INDEX IF NOT EXISTS " + name + "_bond ON " + full + " (bond_id, ordinal);"
         "CREATE INDEX IF NOT EXISTS " + name + "_near ON " + full + " USING hnsw (embedding vector_cosine_ops);";
}

std::string trigger_sql(const std::string& schema, const std::string& name, const std::string& call) {
  return "CREATE OR REPLACE TRIGGER forget_cached AFTER DELETE ON " + schema + "." + name + " FOR EACH ROW EXECUTE FUNCTION " + call + ";";
}

std::string view_sql(const std::string& schema, const std::string& name) {
  return "CREATE OR REPLACE VIEW reverie." + name + " AS SELECT memory_id, bond_id, user_id, ordinal, embedding FROM " + schema + "." + name + ";";
}

struct vector_table {
  std::string name, type, trigger; ///< trigger: the function with its argument
};

outcome<std::vector<vector_table>> vector_tables_of(connection& database, const std::string& schema) {
  const auto rows = database.run("SELECT c.relname, format_type(a.atttypid, a.atttypmod), split_part(pg_get_triggerdef(t.oid), 'EXECUTE FUNCTION ', 2) "
                                 "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                                 "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'embedding' "
                                 "JOIN pg_trigger t ON t.tgrelid = c.oid AND t.tgname = 'forget_cached' "
                                 "WHERE n.nspname = $1 AND c.relkind = 'r' AND c.relname LIKE 'memory\\_vectors\\_%' ORDER BY 1", {schema});
  if (!rows) return std::unexpected(rows.error());
  std::vector<vector_table> found;
  for (std::size_t i = 0; i < rows->rows(); ++i) found.push_back({std::string(rows->text(i, 0)), std::string(rows->text(i, 1)), std::string(rows->text(i, 2))});
  return found;
}

} // namespace

std::string vector_table_name(const std::string& model, std::size_t dimension) {
  std::string slug;
  for (const char each : model) {
    const bool upper = each >= 'A' && each <= 'Z';
    const bool kept = (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9');
    if (upper || kept) slug += upper ? static_cast<char>(each - 'A' + 'a') : each;
    else if (!slug.empty() && slug.back() != '_') slug += '_';
  }
  slug.resize(std::min(slug.size(), longest_slug));
  return "memory_vectors_" + std::to_string(dimension) + "_" + slug;
}

std::string cached_model_name(const std::string& model, std::size_t dimension) { return model + "/" + std::to_string(dimension); }

std::string vector_text(const std::vector<float>& components) {
  std::string text = "[";
  for (const float each : components) {
    if (text.size() > 1) text += ',';
    char digits[32];
    text.append(digits, std::to_chars(digits, digits + sizeof digits, each).ptr);
  }
  return text + "]";
}

outcome<void> ensure_vector_table(connection& database, const std::string& schema, const std::string& model, std::size_t dimension, unsigned index_workers) {
  const auto lock = advisory_lock::wait(database, "schemas");
  if (!lock) return std::unexpected(lock.error());
  const auto name = vector_table_name(model, dimension);
  const auto there = database.run("SELECT to_regclass($1) IS NOT NULL AND to_regclass($2) IS NOT NULL", {schema + "." + name, "reverie." + name});
  if (!there) return std::unexpected(there.error());
  if (there->boolean(0, 0)) return {};
  return run_with_index_memory(database, schema + "." + name, index_workers,
                               "BEGIN;" + table_sql(schema, name, "vector(" + std::to_string(dimension) + ")") + indexes_sql(schema, name) +
                                   trigger_sql(schema, name, "runner.forget_cached_embedding(" + quoted(cached_model_name(model, dimension)) + ")") +
                                   view_sql(schema, name) + "COMMIT");
}

outcome<void> prepare_vector_table(connection& database, const std::string& schema, const std::string& model, std::size_t dimension) {
  const auto lock = advisory_lock::wait(database, "schemas");
  if (!lock) return std::unexpected(lock.error());
  const auto name = vector_table_name(model, dimension);
  return database.run_script("BEGIN;" + table_sql(schema, name, "vector(" + std::to_string(dimension) + ")") +
                             "CREATE UNIQUE INDEX IF NOT EXISTS " + name + "_bond ON " + schema + "." + name + " (bond_id, ordinal);" +
                             trigger_sql(schema, name, "runner.forget_cached_embedding(" + quoted(cached_model_name(model, dimension)) + ")") + "COMMIT");
}

outcome<void> point_vector_views(connection& database, const std::string& schema) {
  const auto tables = vector_tables_of(database, schema);
  if (!tables) return std::unexpected(tables.error());
  std::string script;
  for (const auto& each : *tables) script += view_sql(schema, each.name);
  return script.empty() ? outcome<void>{} : database.run_script(script);
}

outcome<void> copy_vectors(connection& database, const std::string& from, const std::string& to, unsigned index_workers) {
  const auto tables = vector_tables_of(database, from);
  if (!tables) return std::unexpected(tables.error());
  for (const auto& each : *tables) {
    if (auto made = database.run_script(table_sql(to, each.name, each.type)); !made) return made;
    const auto copied = database.run_script(
        "INSERT INTO " + to + "." + each.name + " (memory_id, bond_id, user_id, ordinal, content_hash, embedding) "
        "SELECT m.id, m.bond_id, m.user_id, m.ordinal, v.content_hash, v.embedding FROM " + to + ".memories m JOIN " + from + ".memories o "
        "ON o.id = m.id AND o.text = m.text JOIN " + from + "." + each.name + " v ON v.memory_id = m.id "
        "WHERE NOT EXISTS (SELECT FROM " + to + "." + each.name + " h WHERE h.memory_id = m.id) ON CONFLICT DO NOTHING");
    if (!copied) return copied;
    const auto indexed = run_with_index_memory(database, to + "." + each.name, index_workers, indexes_sql(to, each.name) + trigger_sql(to, each.name, each.trigger));
    if (!indexed) return indexed;
  }
  return {};
}

} // namespace reverie::projections
