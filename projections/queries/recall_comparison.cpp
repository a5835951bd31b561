#include "projections/queries/recall_comparison.hpp"

#include "projections/postgres/vector_tables.hpp"
#include "projections/queries/postgres_recall.hpp"

#include <algorithm>
#include <chrono>
#include <set>

namespace reverie::projections {
namespace {

constexpr std::size_t worst_shown = 5;
constexpr double rows_looked_at_max = 200'000, rows_drawn = 50'000;
constexpr const char* drawing_timeout = "SET LOCAL statement_timeout = '2min'"; // longer than a reader's connection may take
constexpr std::uint64_t evidence_extra = 2; // a fact recalls itself and its like: looked for among this many times as many

struct question {
  events::user_id user{};
  events::character_id character{};
  std::string text;
  events::message_id message{};
  events::log_position position{};
};

/// A table whose rows questions are drawn from.
struct drawn_table {
  std::string schema;
  std::string sample; ///< `TABLESAMPLE …`; empty: all rows are looked at
};

/// Of a large table some pages are read, the same ones as long as it does not change: looking at all rows would take minutes there.
outcome<drawn_table> table_of(connection& database, const std::string& projection) {
  const auto rows = database.run("SELECT v.schema, greatest(c.reltuples, pg_stat_get_live_tuples(c.oid), 0)::double precision FROM runner.projection_versions v "
                                 "JOIN pg_class c ON c.oid = to_regclass(v.schema || '.' || v.projection) WHERE v.projection = $1 AND v.serving", {projection});
  if (!rows) return std::unexpected(rows.error());
  if (rows->rows() == 0) return events::fail(failure_code::not_found, "the projection " + projection + " is not there");
  drawn_table found{std::string(rows->text(0, 0)), {}};
  if (const auto there = rows->real(0, 1); there > rows_looked_at_max) found.sample = " TABLESAMPLE SYSTEM (" + std::to_string(100 * rows_drawn / there) + ") REPEATABLE (17)";
  return found;
}

std::string asked_sql(const drawn_table& from) {
  return "SELECT t.user_id, t.character_id, n.content, n.id, n.log_partition, n.position_offset FROM " + from.schema + ".messages n" + from.sample +
         " JOIN reverie.message_threads t ON t.id = n.conversation_id WHERE n.on_branch AND n.role = 'user' AND n.content <> '' "
         "ORDER BY hashtextextended(n.id::text, 17), n.id LIMIT $1";
}

std::string facts_sql(const drawn_table& from) {
  return "SELECT m.user_id, m.character_id, m.text, m.message_id, 0::bigint, 0::bigint FROM " + from.schema + ".memories m" + from.sample + " JOIN " + from.schema +
         ".turns t ON t.id = m.message_id WHERE t.on_branch AND NOT t.barred AND m.kind = 'fact' AND m.text <> '' "
         "ORDER BY hashtextextended(m.id::text, 17), m.id LIMIT $1";
}

/// Texts of the person, evenly drawn and the same ones each time.
outcome<std::vector<question>> questions_from(connection& database, const std::string& sql, std::uint64_t most) {
  const statement patient[] = {{"BEGIN"}, {drawing_timeout}, {sql, {std::to_string(most)}}, {"COMMIT"}};
  const auto answers = database.run_all(patient);
  if (!answers) {
    const auto why = answers.error();
    database.roll_back();
    return std::unexpected(why);
  }
  const auto& rows = (*answers)[2];
  std::vector<question> all;
  for (std::size_t i = 0; i < rows.rows(); ++i)
    all.push_back({{rows.uuid(i, 0)}, {rows.uuid(i, 1)}, std::string(rows.text(i, 2)), {rows.uuid(i, 3)},
                   {{static_cast<std::uint32_t>(rows.integer(i, 4))}, {static_cast<std::uint64_t>(rows.integer(i, 5))}}});
  return all;
}

/// Draws from a sample, and from all where the pages that were drawn had none.
outcome<std::vector<question>> draw(connection& database, const std::string& projection, std::string (*sql)(const drawn_table&), std::uint64_t most) {
  auto from = table_of(database, projection);
  if (!from) return std::unexpected(from.error());
  auto drawn = questions_from(database, sql(*from), most);
  if (!drawn || !drawn->empty() || from->sample.empty()) return drawn;
  from->sample.clear();
  return questions_from(database, sql(*from), most);
}

struct answer {
  std::set<events::uuid> memories;
  std::vector<actors::recalled_memory> ranked;
  double ms = 0;
};

outcome<answer> ask(postgres_recall& recall, const question& one, std::uint64_t nearest, bool leave_own_out) {
  actors::recall_query query{.user = one.user, .character = one.character, .text = one.text, .session = {}, .exclude = {}, .limit = static_cast<std::size_t>(nearest), .min_position = {}};
  if (leave_own_out) query.exclude.push_back(one.message);
  const auto began = std::chrono::steady_clock::now();
  auto found = recall.find(query);
  if (!found) return std::unexpected(found.error());
  if (!found->semantic_used && !found->memories.empty() && !found->ranking.contains('+')) return events::fail(failure_code::unavailable, "the embedding model can't be asked");
  answer made{.memories = {}, .ranked = std::move(found->memories), .ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count()};
  for (const auto& each : made.ranked) made.memories.insert(each.memory.value);
  return made;
}

/// The nearest by the vectors alone, exactly; none where none were made yet.
outcome<std::set<events::uuid>> nearest_of(connection& database, const compared_vectors& by, const question& one, std::uint64_t nearest) {
  const auto vectors = by.with->embed({one.text});
  if (!vectors) return std::unexpected(vectors.error());
  if (vectors->size() != 1) return events::fail(failure_code::malformed, "the embedder gave another number of vectors than texts");
  const auto view = "reverie." + vector_table_name(by.version.of.model, by.version.of.dimension);
  const auto there = database.run("SELECT to_regclass($1) IS NOT NULL", {view});
  if (!there) return std::unexpected(there.error());
  if (!there->boolean(0, 0)) return std::set<events::uuid>{};
  const auto rows = database.run("SELECT v.memory_id FROM " + view + " v JOIN reverie.memory_documents m ON m.id = v.memory_id WHERE v.bond_id = $1 AND m.message_id <> $4 "
                                 "ORDER BY (v.embedding <=> $2::vector) + 0, v.memory_id LIMIT $3",
                                 {events::to_string(events::bond_of(one.user, one.character).value), vector_text(vectors->front()), std::to_string(nearest), to_string(one.message)});
  if (!rows) return std::unexpected(rows.error());
  std::set<events::uuid> found;
  for (std::size_t i = 0; i < rows->rows(); ++i) found.insert(rows->uuid(i, 0));
  return found;
}

std::size_t both(const std::set<events::uuid>& a, const std::set<events::uuid>& b) {
  return static_cast<std::size_t>(std::ranges::count_if(a, [&](const auto& each) { return b.contains(each); }));
}

double share(std::size_t part, std::size_t whole) { return whole == 0 ? 1 : static_cast<double>(part) / static_cast<double>(whole); }

bool holds_turn(const answer& found, events::message_id message) {
  return std::ranges::any_of(found.ranked, [&](const auto& each) { return each.kind == "episode" && std::ranges::contains(each.sources, message); });
}

/// Sums over questions, and what comes of them.
class tally {
public:
  tally(connection_pool& pool, const compared_vectors& serving, const compared_vectors& fresh, std::uint64_t nearest)
      : pool_(pool), serving_(serving), fresh_(fresh), nearest_(nearest), by_serving_(pool, serving.with.get()), by_fresh_(pool, fresh.with.get()) {}

  outcome<void> compare(const question& one) {
    const auto now = ask(by_serving_, one, nearest_, true), then = ask(by_fresh_, one, nearest_, true);
    if (!now || !then) return std::unexpected((now ? then : now).error());
    auto database = pool_.borrow();
    if (!database) return std::unexpected(database.error());
    const auto near_now = nearest_of(**database, serving_, one, nearest_), near_then = nearest_of(**database, fresh_, one, nearest_);
    if (!near_now || !near_then) return std::unexpected((near_now ? near_then : near_now).error());
    const auto common = both(now->memories, then->memories);
    const auto overlap = share(common, now->memories.size() + then->memories.size() - common);
    found.recall_of_serving += share(common, now->memories.size());
    found.overlap += overlap;
    found.semantic_recall += share(both(*near_now, *near_then), near_now->size());
    found.serving_ms += now->ms;
    found.fresh_ms += then->ms;
    ++found.queries;
    found.worst.push_back({one.position, overlap});
    return {};
  }

  outcome<void> look_for_evidence(const question& one) {
    const auto now = ask(by_serving_, one, nearest_ * evidence_extra, false), then = ask(by_fresh_, one, nearest_ * evidence_extra, false);
    if (!now || !then) return std::unexpected((now ? then : now).error());
    found.evidence_serving += holds_turn(*now, one.message) ? 1 : 0;
    found.evidence_fresh += holds_turn(*then, one.message) ? 1 : 0;
    ++found.evidence_queries;
    return {};
  }

  recall_comparison done() {
    const auto mean = [](double& sum, std::uint64_t count) { sum = count == 0 ? 0 : sum / static_cast<double>(count); };
    for (auto* each : {&found.recall_of_serving, &found.overlap, &found.semantic_recall, &found.serving_ms, &found.fresh_ms}) mean(*each, found.queries);
    for (auto* each : {&found.evidence_serving, &found.evidence_fresh}) mean(*each, found.evidence_queries);
    std::ranges::stable_sort(found.worst, {}, &recall_comparison::worst_query::overlap);
    if (found.worst.size() > worst_shown) found.worst.resize(worst_shown);
    return std::move(found);
  }

  recall_comparison found;

private:
  connection_pool& pool_;
  const compared_vectors& serving_;
  const compared_vectors& fresh_;
  std::uint64_t nearest_;
  postgres_recall by_serving_, by_fresh_;
};

} // namespace

outcome<recall_comparison> compare_recall(connection_pool& pool, const compared_vectors& serving, const compared_vectors& fresh, std::uint64_t queries,
                                          std::uint64_t nearest, std::stop_token stop, const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  if (!serving.with || !fresh.with) return events::fail(failure_code::unavailable, "an embedding model of the two can't be asked here");
  std::vector<question> asked, facts;
  {
    auto database = pool.borrow();
    if (!database) return std::unexpected(database.error());
    auto said = draw(**database, "messages", asked_sql, queries), known = draw(**database, "memories", facts_sql, queries);
    if (!said || !known) return std::unexpected((said ? known : said).error());
    asked = std::move(*said);
    facts = std::move(*known);
  }
  if (asked.empty()) return events::fail(failure_code::not_found, "nobody has said anything yet: there is nothing to compare by");
  tally sums(pool, serving, fresh, nearest);
  sums.found.serving = serving.version.number;
  sums.found.fresh = fresh.version.number;
  sums.found.nearest = nearest;
  std::uint64_t done_with = 0;
  const auto told = [&] {
    if (progress) progress(++done_with, asked.size() + facts.size());
  };
  for (const auto& each : asked) {
    if (stop.stop_requested()) return events::fail(failure_code::cancelled, "stopped on request");
    if (auto done = sums.compare(each); !done) return std::unexpected(done.error());
    told();
  }
  for (const auto& each : facts) {
    if (stop.stop_requested()) return events::fail(failure_code::cancelled, "stopped on request");
    if (auto done = sums.look_for_evidence(each); !done) return std::unexpected(done.error());
    told();
  }
  return sums.done();
}

} // namespace reverie::projections
