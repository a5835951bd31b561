#include "projections/postgres/vector_tables.hpp"

#include "projections/postgres/advisory_lock.hpp"

#include <charconv>

namespace reverie::projections {
namespace {

constexpr std::size_t longest_slug = 36; // with the rest of the name below Postgres' 63 bytes

std::string quoted(const std::string& text) {
  std::string made = "'";
  for (const char each : text) made.append(each == '\'' ? 2 : 1, each);
  return made + "'";
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

outcome<void> ensure_vector_table(connection& database, const std::string& schema, const std::string& model, std::size_t dimension) {
  const auto lock = advisory_lock::wait(database, "schemas");
  if (!lock) return std::unexpected(lock.error());
  const auto name = vector_table_name(model, dimension);
  const auto there = database.run("SELECT to_regclass($1) IS NOT NULL AND to_regclass($2) IS NOT NULL", {schema + "." + name, "reverie." + name});
  if (!there) return std::unexpected(there.error());
  if (there->boolean(0, 0)) return {};
  const auto full = schema + "." + name;
  return database.run_script(
      "BEGIN; CREATE TABLE IF NOT EXISTS " + full + " (memory_id uuid PRIMARY KEY REFERENCES " + schema + ".memories (id) ON DELETE CASCADE, "
      "bond_id uuid NOT NULL, user_id uuid NOT NULL, ordinal bigint NOT NULL, content_hash bytea NOT NULL, "
      "embedding vector(" + std::to_string(dimension) + ") NOT NULL);"
      "ALTER TABLE " + full + " ALTER COLUMN embedding SET STORAGE PLAIN;"
      "CREATE UNIQUE INDEX IF NOT EXISTS " + name + "_bond ON " + full + " (bond_id, ordinal);"
      "CREATE INDEX IF NOT EXISTS " + name + "_near ON " + full + " USING hnsw (embedding vector_cosine_ops);"
      "CREATE OR REPLACE TRIGGER forget_cached AFTER DELETE ON " + full + " FOR EACH ROW EXECUTE FUNCTION runner.forget_cached_embedding(" + quoted(cached_model_name(model, dimension)) + ");"
      "CREATE OR REPLACE VIEW reverie." + name + " AS SELECT memory_id, bond_id, user_id, ordinal, embedding FROM " + full + "; COMMIT");
}

} // namespace reverie::projections
