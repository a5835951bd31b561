#include "projections/queries/postgres_recall.hpp"

#include "events/model/limits.hpp"
#include "events/model/text_terms.hpp"
#include "projections/postgres/array_text.hpp"
#include "projections/postgres/vector_tables.hpp"
#include "projections/queries/retrieval/query.hpp"

#include <algorithm>
#include <future>
#include <set>

namespace reverie::projections {
namespace {

namespace limits = events::limits;
using postings_list = std::vector<std::pair<std::int64_t, std::uint32_t>>;
constexpr std::size_t all_vectors_below = 2'000; ///< documents; then every cosine is fetched
constexpr std::size_t nearest_vectors = 400;

/// Numbers of a SQL array in text form, `{1,2,3}`.
std::vector<std::int64_t> numbers_in(std::string_view text) {
  std::vector<std::int64_t> all;
  std::int64_t number = 0;
  bool any = false;
  for (const char each : text) {
    if (each >= '0' && each <= '9') {
      number = number * 10 + (each - '0');
      any = true;
    } else if (any) {
      all.push_back(number);
      number = 0;
      any = false;
    }
  }
  return all;
}

std::vector<document_cosine> cosines_in(const result& rows, const bond_index& index) {
  std::vector<document_cosine> found;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const auto document = index.document_of(rows.integer(i, 0));
    if (document != bond_index::absent) found.push_back({document, static_cast<float>(rows.real(i, 1))});
  }
  return found;
}

} // namespace

/// A question with what was found out about it once.
struct postgres_recall::search {
  const actors::recall_query& query;
  std::string vector; ///< empty: by words only
  std::string vector_view;
  bool* semantic_used;
};

outcome<void> postgres_recall::wait_for(events::log_position position) {
  if (progress_ == nullptr) return {};
  auto reached = std::make_shared<std::promise<bool>>();
  auto answer = reached->get_future();
  progress_->when_folded(position, limits::read_own_writes_wait_ms, [reached](bool there) { reached->set_value(there); });
  if (answer.get()) return {};
  return events::fail(failure_code::unavailable, "the memories are behind the asked position");
}

/// The question's vector; without one it is answered by words.
void postgres_recall::embed(search& asked, actors::recall_result& found) {
  const auto held = active_ != nullptr ? active_->now() : nullptr;
  auto* with = active_ != nullptr ? held.get() : embedder_;
  if (with == nullptr) return;
  const auto vectors = with->embed({asked.query.text});
  if (!vectors || vectors->size() != 1 || vectors->front().size() != with->dimension()) return;
  asked.vector = vector_text(vectors->front());
  asked.vector_view = "reverie." + vector_table_name(with->model(), with->dimension());
  found.ranking += "+" + with->model();
}

events::outcome<actors::recall_result> postgres_recall::find(const actors::recall_query& query) {
  if (query.min_position) {
    if (auto waited = wait_for(*query.min_position); !waited) return std::unexpected(waited.error());
  }
  actors::recall_result found;
  found.ranking = "windowed-bm25f/1";
  search asked{query, {}, {}, &found.semantic_used};
  embed(asked, found);
  auto held = pool_.borrow();
  if (!held) return std::unexpected(held.error());
  auto& database = **held;
  std::vector<events::character_id> characters{query.character};
  if (query.character.is_nil()) {
    const auto rows = database.run("SELECT character_id FROM reverie.memory_shelves WHERE user_id = $1", {to_string(query.user)});
    if (!rows) return std::unexpected(rows.error());
    characters.clear();
    for (std::size_t i = 0; i < rows->rows(); ++i) characters.push_back({rows->uuid(i, 0)});
  }
  for (const auto& character : characters) {
    auto some = find_in(database, asked, query.user, character);
    if (!some) return std::unexpected(some.error());
    std::ranges::move(*some, std::back_inserter(found.memories));
  }
  if (characters.size() > 1) std::ranges::stable_sort(found.memories, std::ranges::greater{}, &actors::recalled_memory::score);
  if (found.memories.size() > query.limit) found.memories.resize(query.limit);
  return found;
}

outcome<std::shared_ptr<const bond_index>> postgres_recall::index_of(connection& database, const events::uuid& bond, std::int64_t generation,
                                                                     std::int64_t next_ordinal,
                                                                     const std::array<std::vector<std::string>, 2>& names) {
  auto held = cache_.find(bond);
  const bool grows = held && held->generation() == generation && held->names() == names && held->next_ordinal() <= next_ordinal;
  if (grows && held->next_ordinal() == next_ordinal) return held;
  std::vector<indexed_document> documents;
  std::unordered_map<events::uuid, std::uint32_t> conversations;
  if (grows) {
    documents = held->stored();
    conversations = held->conversations();
  }
  const auto rows = database.run("SELECT ordinal, kind = 'fact', speaker = 'character', conversation_id, place, length "
                                 "FROM reverie.memory_documents WHERE bond_id = $1 AND ordinal >= $2",
                                 {events::to_string(bond), std::to_string(grows ? held->next_ordinal() : 0)});
  if (!rows) return std::unexpected(rows.error());
  documents.reserve(documents.size() + rows->rows());
  for (std::size_t i = 0; i < rows->rows(); ++i) {
    const auto number = conversations.try_emplace(rows->uuid(i, 3), static_cast<std::uint32_t>(conversations.size())).first->second;
    const bool fact = rows->boolean(i, 1);
    documents.push_back({{number, static_cast<std::uint32_t>(rows->integer(i, 4)), static_cast<std::uint32_t>(rows->integer(i, 5)),
                          static_cast<std::uint16_t>(rows->boolean(i, 2) ? 1 : 0), fact ? memory_kind::fact : memory_kind::turn},
                         static_cast<std::uint32_t>(rows->integer(i, 0))});
  }
  auto fresh = std::make_shared<const bond_index>(generation, next_ordinal, std::move(documents), names, std::move(conversations));
  cache_.put(bond, fresh);
  return std::shared_ptr(fresh);
}

outcome<std::vector<document_cosine>> postgres_recall::cosines(connection& database, const search& asked, const events::uuid& bond,
                                                               const bond_index& index) {
  const auto id = events::to_string(bond);
  const auto select = "SELECT ordinal, 1 - (embedding <=> $2::vector) FROM " + asked.vector_view + " WHERE bond_id = $1";
  const auto count = index.documents().size();
  if (count <= all_vectors_below) {
    const auto rows = database.run(select, {id, asked.vector});
    if (!rows) return std::unexpected(rows.error());
    return cosines_in(*rows, index);
  }
  // Plus 0 keeps the planner from the HNSW index where an exact scan is asked for.
  const bool exact = count <= limits::exact_scan_vectors;
  const auto depth = std::to_string(nearest_vectors);
  const std::vector<statement> nearest{{"SET LOCAL hnsw.ef_search = " + depth},
                                       {"SET LOCAL hnsw.iterative_scan = relaxed_order"},
                                       {select + " ORDER BY (embedding <=> $2::vector)" + (exact ? " + 0" : "") + " LIMIT " + depth, {id, asked.vector}}};
  const auto answers = database.run_all(nearest);
  if (!answers) return std::unexpected(answers.error());
  auto found = cosines_in((*answers)[2], index);
  std::set<std::uint32_t> known, wanted;
  for (const auto& each : found) known.insert(each.document);
  const auto documents = index.documents();
  for (const auto at : known) {
    for (std::uint32_t other = at < 2 ? 0 : at - 2; other < std::min<std::size_t>(at + 3, documents.size()); ++other)
      if (documents[other].conversation == documents[at].conversation && !known.contains(other)) wanted.insert(other);
  }
  array_text ordinals;
  for (const auto each : wanted) ordinals.add_plain(std::to_string(index.ordinal_of(each)));
  const auto rows = database.run(select + " AND ordinal = ANY($3::bigint[])", {id, asked.vector, std::move(ordinals).finish()});
  if (!rows) return std::unexpected(rows.error());
  std::ranges::move(cosines_in(*rows, index), std::back_inserter(found));
  return found;
}

outcome<std::vector<std::vector<term_occurrence>>> postgres_recall::occurrences_of(connection& database, const std::string& bond, const bond_index& index,
                                                                                  const std::vector<std::string>& terms) {
  const auto postings = database.run("SELECT term, array_agg(ordinal ORDER BY ordinal), array_agg(frequency ORDER BY ordinal) "
                                     "FROM reverie.memory_postings WHERE bond_id = $1 AND term = ANY($2::text[]) GROUP BY term",
                                     {bond, array_of(terms)});
  if (!postings) return std::unexpected(postings.error());
  std::map<std::string, postings_list, std::less<>> by_term;
  for (std::size_t i = 0; i < postings->rows(); ++i) {
    const auto ordinals = numbers_in(postings->text(i, 1)), frequencies = numbers_in(postings->text(i, 2));
    auto& list = by_term[std::string(postings->text(i, 0))];
    for (std::size_t j = 0; j < ordinals.size(); ++j) list.emplace_back(ordinals[j], static_cast<std::uint32_t>(frequencies[j]));
  }
  std::vector<std::vector<term_occurrence>> occurrences;
  for (const auto& term : terms) {
    auto found = index.occurrences(term, by_term[term]);
    if (!found.empty()) occurrences.push_back(std::move(found));
  }
  return occurrences;
}

outcome<std::vector<actors::recalled_memory>> postgres_recall::details_of(connection& database, const search& asked, const std::string& bond,
                                                                          events::character_id character, const bond_index& index,
                                                                          const std::vector<ranked>& best) {
  array_text ordinals;
  for (const auto& each : best) ordinals.add_plain(std::to_string(index.ordinal_of(each.document)));
  const std::vector<statement> details{
      {"SELECT ordinal, id, kind, text, speaker, conversation_id, message_id, " + as_milliseconds("valid_from") + ", " + as_milliseconds("valid_to") + ", " +
           as_milliseconds("recorded_at") + " FROM reverie.memory_documents WHERE bond_id = $1 AND ordinal = ANY($2::bigint[])",
       {bond, std::move(ordinals).finish()}},
      {"COMMIT"}};
  const auto answers = database.run_all(details);
  if (!answers) return std::unexpected(answers.error());
  const auto& rows = answers->front();
  std::map<std::int64_t, std::size_t> line_of;
  for (std::size_t i = 0; i < rows.rows(); ++i) line_of[rows.integer(i, 0)] = i;
  std::vector<actors::recalled_memory> memories;
  for (const auto& each : best) {
    const auto at = line_of.find(index.ordinal_of(each.document));
    if (at == line_of.end()) continue;
    const auto line = at->second;
    const events::message_id source{rows.uuid(line, 6)};
    const bool episode = rows.text(line, 2) == "episode";
    if (episode && std::ranges::find(asked.query.exclude, source) != asked.query.exclude.end()) continue;
    memories.push_back({{rows.uuid(line, 1)}, character, std::string(rows.text(line, 2)), std::string(rows.text(line, 3)), std::string(rows.text(line, 4)),
                        each.score, each.lexical, each.semantic, rows.optional_time(line, 7), rows.optional_time(line, 8), rows.time(line, 9),
                        {rows.uuid(line, 5)}, {source}});
    if (memories.size() == asked.query.limit) break;
  }
  return memories;
}

outcome<std::vector<actors::recalled_memory>> postgres_recall::find_in(connection& database, const search& asked, events::user_id user,
                                                                       events::character_id character) {
  const auto bond = events::bond_of(user, character).value;
  const auto id = events::to_string(bond);
  const std::vector<statement> begin{
      {"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"},
      {"SELECT generation, next_ordinal, to_regclass($2) IS NOT NULL FROM reverie.memory_shelves WHERE id = $1 AND user_id = $3", {id, asked.vector_view, to_string(user)}},
      {"SELECT (SELECT name FROM reverie.users WHERE id = $1), (SELECT name FROM reverie.characters WHERE id = $2)", {to_string(user), to_string(character)}}};
  const auto first = database.run_all(begin);
  if (!first) return std::unexpected(first.error());
  const auto& shelf = (*first)[1];
  if (shelf.rows() == 0) {
    database.roll_back();
    return std::vector<actors::recalled_memory>{};
  }
  const std::string user_name((*first)[2].text(0, 0)), character_name((*first)[2].text(0, 1));
  const participant participants[] = {{user_name, true}, {character_name, false}};
  const auto question = query_of(asked.query.text, participants);
  const auto index = index_of(database, bond, shelf.integer(0, 0), shelf.integer(0, 1), {events::terms_of(user_name), events::terms_of(character_name)});
  if (!index) return std::unexpected(index.error());
  const auto& documents = **index;

  const auto occurrences = occurrences_of(database, id, documents, question.terms);
  if (!occurrences) return std::unexpected(occurrences.error());
  std::vector<query_term> terms;
  for (const auto& each : *occurrences) terms.push_back({each.size(), each});

  std::vector<document_cosine> near;
  if (!asked.vector.empty() && shelf.boolean(0, 2)) {
    auto found = cosines(database, asked, bond, documents);
    if (!found) return std::unexpected(found.error());
    near = std::move(*found);
    *asked.semantic_used = *asked.semantic_used || !near.empty();
  }
  std::ranges::sort(near, {}, &document_cosine::document);
  const corpus searched{documents.documents(), terms, near, documents.documents().size(), documents.average_window()};
  const auto best = rank(searched, question.asked_about, options_, asked.query.limit + asked.query.exclude.size());
  return details_of(database, asked, id, character, documents, best);
}

} // namespace reverie::projections
