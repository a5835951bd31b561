#include "ops/operator/vector_desk.hpp"

#include "ops/operator/failure_view.hpp"
#include "projections/postgres/vector_tables.hpp"

#include <algorithm>

namespace reverie::ops {

using gateway::document;
using gateway::result;
using projections::vector_version;

namespace {

document vectors_touched(std::string what, std::uint64_t count) { return {{"what", std::move(what)}, {"count", count}}; }

document vector_impact_view(std::string title, document touches, std::string confirm, bool reversible, document warning) {
  return {{"title", std::move(title)}, {"touches", std::move(touches)}, {"confirm", std::move(confirm)}, {"reversible", reversible}, {"warning", std::move(warning)}};
}

std::string vector_name(const vector_version& one) { return "vectors v" + std::to_string(one.number); }

document moment_or_null(const std::optional<events::timestamp>& at) { return at ? document(events::format_rfc3339(*at)) : document(nullptr); }

} // namespace

document comparison_document(const projections::recall_comparison& found, events::timestamp at) {
  auto worst = document::array();
  for (const auto& each : found.worst) worst.push_back({{"query_position", events::to_string(each.position)}, {"overlap", each.overlap}});
  const bool evidence = found.evidence_queries > 0;
  return {{"at", events::format_rfc3339(at)}, {"serving_version", found.serving}, {"new_version", found.fresh}, {"queries", found.queries}, {"k", found.nearest},
          {"recall_of_serving", found.recall_of_serving}, {"overlap", found.overlap}, {"semantic_recall", found.semantic_recall},
          {"evidence_serving", evidence ? document(found.evidence_serving) : document(nullptr)}, {"evidence_new", evidence ? document(found.evidence_fresh) : document(nullptr)},
          {"evidence_queries", found.evidence_queries}, {"serving_ms", found.serving_ms}, {"new_ms", found.fresh_ms}, {"worst", std::move(worst)}};
}

vector_desk::~vector_desk() { stop(); }

void vector_desk::stop() {
  std::jthread thread;
  {
    const std::scoped_lock lock(mutex_);
    build_.stop.request_stop();
    thread = std::move(build_.thread);
  }
}

result<document> vector_desk::list() {
  auto database = pool_.borrow();
  if (!database) return std::unexpected(operator_error(database.error()));
  const auto all = projections::read_vector_versions(**database);
  if (!all) return std::unexpected(operator_error(all.error()));
  auto items = document::array();
  for (const auto& each : *all) {
    const auto covered = projections::coverage_at_a_glance(**database, each.of);
    if (!covered) return std::unexpected(operator_error(covered.error()));
    auto comparison = each.comparison.empty() ? document(nullptr) : document::parse(each.comparison, nullptr, false);
    items.push_back({{"version", each.number}, {"model", each.of.model}, {"dimension", each.of.dimension}, {"table", projections::vector_table_name(each.of.model, each.of.dimension)},
                     {"state", each.state}, {"rows", covered->vectors}, {"missing", covered->memories > covered->vectors ? covered->memories - covered->vectors : 0},
                     {"rows_estimated", covered->estimated}, {"available", known_.find(each.of) != nullptr}, {"created_at", events::format_rfc3339(each.created_at)}, {"switched_at", moment_or_null(each.switched_at)},
                     {"comparison", std::move(comparison)}});
  }
  auto models = document::array();
  for (const auto& each : known_.models()) models.push_back({{"model", each.model}, {"dimension", each.dimension}});
  return document{{"items", std::move(items)}, {"models", std::move(models)}, {"build", view_of_build()}};
}

document vector_desk::view_of_build() {
  const std::scoped_lock lock(mutex_);
  if (build_.state.empty()) return nullptr;
  const auto& now = build_.progress;
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - build_.began).count();
  const bool runs = build_.state == "running";
  const double rate = runs && seconds > 0 && now.done > build_.done_at_start ? static_cast<double>(now.done - build_.done_at_start) / seconds : 0;
  return {{"version", build_.version > 0 ? document(build_.version) : document(nullptr)}, {"state", build_.state}, {"step", build_.step}, {"done", now.done}, {"total", now.total},
          {"rate_per_s", rate}, {"seconds_left", rate > 0 ? document(static_cast<double>(now.total - now.done) / rate) : document(nullptr)}, {"from_cache", now.from_cache},
          {"problem", build_.problem.empty() ? document(nullptr) : document(build_.problem)}};
}

result<document> vector_desk::build_view() { return view_of_build(); }

/// The first model this server can ask that has no complete version.
result<std::shared_ptr<actors::embedder>> vector_desk::candidate(const std::vector<vector_version>& all) {
  for (const auto& each : known_.models()) {
    const auto known = std::ranges::find(all, each, &vector_version::of);
    if (known == all.end() || known->state == "building") return known_.find(each);
  }
  return conflict("Every embedding model of this server has its vectors: set next-embedding-model (and next-embedding-url) for another one.");
}

result<document> vector_desk::begin_build() {
  std::vector<vector_version> all;
  {
    auto database = pool_.borrow();
    if (!database) return std::unexpected(operator_error(database.error()));
    auto read = projections::read_vector_versions(**database);
    if (!read) return std::unexpected(operator_error(read.error()));
    all = std::move(*read);
  }
  auto with = candidate(all);
  if (!with) return std::unexpected(with.error());
  std::jthread before;
  {
    const std::scoped_lock lock(mutex_);
    if (build_.state == "running") return conflict("Vectors are being made already.");
    before = std::move(build_.thread);
    build_ = build_run{};
    build_.state = "running";
    build_.began = std::chrono::steady_clock::now();
    build_.thread = std::jthread([this, with = *with, stop = build_.stop.get_token()] { run_build(with, stop); });
  }
  return view_of_build();
}

void vector_desk::run_build(std::shared_ptr<actors::embedder> with, std::stop_token stop) {
  projections::text_embedding how{.model = with->model(), .dimension = with->dimension(), .embed = [with](const std::vector<std::string>& texts) { return with->embed(texts); }};
  bool first = true;
  const auto made = projections::build_vectors(source_, std::move(how), [&](const projections::vector_progress& now) {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(first, false)) build_.done_at_start = now.done;
    build_.progress = now;
    build_.step = now.step;
  }, stop);
  const std::scoped_lock lock(mutex_);
  build_.state = made ? "ready" : made.error().code == events::failure_code::cancelled ? "cancelled" : "failed";
  if (made) build_.version = made->version.number;
  else build_.problem = made.error().message;
  ended_.notify_all();
}

bool vector_desk::wait_until_idle(std::chrono::milliseconds within) {
  std::unique_lock lock(mutex_);
  return ended_.wait_for(lock, within, [this] { return build_.state != "running"; });
}

result<document> vector_desk::impact(const std::string& what, std::uint32_t version) {
  auto database = pool_.borrow();
  if (!database) return std::unexpected(operator_error(database.error()));
  const auto all = projections::read_vector_versions(**database);
  if (!all) return std::unexpected(operator_error(all.error()));
  if (what == "build") {
    const auto with = candidate(*all);
    if (!with) return std::unexpected(with.error());
    const auto covered = projections::coverage_of(**database, {(*with)->model(), (*with)->dimension()});
    if (!covered) return std::unexpected(operator_error(covered.error()));
    return vector_impact_view("Make vectors by " + (*with)->model(), document::array({vectors_touched("memories to embed, from the cache or by the model", covered->memories - std::min(covered->memories, covered->vectors))}),
                       "build vectors", true, "The embedding model is asked for what the cache does not have.");
  }
  const vector_version* found = nullptr;
  for (const auto& each : *all)
    if (what == "roll-back" ? each.state == "kept" && (found == nullptr || each.switched_at > found->switched_at) : each.number == version) found = &each;
  if (found == nullptr && what == "roll-back") return conflict("No older version of the vectors is kept.");
  if (found == nullptr) return std::unexpected(gateway::not_found_error("There is no such version."));
  const auto covered = projections::coverage_of(**database, found->of);
  if (!covered) return std::unexpected(operator_error(covered.error()));
  auto touches = document::array({vectors_touched("vectors", covered->vectors)});
  if (what == "drop") {
    if (found->state == "serving") return conflict("This version serves.");
    return vector_impact_view("Drop " + vector_name(*found), std::move(touches), vector_name(*found), false, "What the cache holds of this model goes too: making it again asks the model for everything.");
  }
  if (found->state == "serving") return conflict("This version serves already.");
  if (known_.find(found->of) == nullptr) return conflict("This server can't ask the model " + found->of.model + ": questions would be answered by words alone.");
  return vector_impact_view("Search by " + vector_name(*found) + " (" + found->of.model + ")", std::move(touches), vector_name(*found), true,
                     found->comparison.empty() && what == "switch" ? document("Nobody has compared it with the one that serves.") : document(nullptr));
}

result<document> vector_desk::act(const std::string& what, std::uint32_t version, bool without_comparison) {
  if (what == "build") return begin_build();
  if (what == "cancel") {
    {
      const std::scoped_lock lock(mutex_);
      if (build_.state != "running") return conflict("No vectors are being made.");
      build_.stop.request_stop();
    }
    return view_of_build();
  }
  auto database = pool_.borrow();
  if (!database) return std::unexpected(operator_error(database.error()));
  projections::outcome<void> done;
  if (what == "switch") {
    if (auto switched = projections::switch_vectors(**database, version, without_comparison); !switched) done = std::unexpected(switched.error());
  } else if (what == "roll-back") {
    if (auto back = projections::roll_back_vectors(**database); !back) done = std::unexpected(back.error());
  } else {
    done = projections::drop_vectors(**database, version);
  }
  if (!done) return std::unexpected(operator_error(done.error()));
  return list();
}

result<document> vector_desk::compare(std::uint32_t version, std::uint64_t queries, std::uint64_t nearest) {
  std::optional<vector_version> fresh, serving;
  {
    auto database = pool_.borrow();
    if (!database) return std::unexpected(operator_error(database.error()));
    const auto all = projections::read_vector_versions(**database);
    if (!all) return std::unexpected(operator_error(all.error()));
    for (const auto& each : *all) {
      if (each.number == version) fresh = each;
      if (each.state == "serving") serving = each;
    }
  }
  if (!fresh) return std::unexpected(gateway::not_found_error("There is no such version."));
  if (!serving || serving->number == fresh->number) return conflict("This version serves: there is nothing to compare it with.");
  if (fresh->state == "building") return conflict("This version is not complete.");
  const auto found = projections::compare_recall(pool_, {*serving, known_.find(serving->of)}, {*fresh, known_.find(fresh->of)}, queries, nearest);
  if (!found) return std::unexpected(operator_error(found.error()));
  auto view = comparison_document(*found, std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()));
  auto database = pool_.borrow();
  if (!database) return std::unexpected(operator_error(database.error()));
  if (auto kept = projections::keep_comparison(**database, version, view.dump()); !kept) return std::unexpected(operator_error(kept.error()));
  return view;
}

} // namespace reverie::ops
