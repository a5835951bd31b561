#include "ops/operator/failure_view.hpp"
#include "ops/operator/projection_desk.hpp"
#include "projections/runner/projection_pause.hpp"
#include "projections/runner/projection_reset.hpp"

/// Where projections stand: set back, told to stand still, told to go on.
namespace reverie::ops {

using gateway::document;
using gateway::result;

namespace {

result<const projections::fold*> known_fold(const std::string& projection) {
  if (const auto* found = projections::find_fold(projection)) return found;
  return std::unexpected(gateway::not_found_error("There is no such projection."));
}

projections::reset_place place_of(const gateway::reset_wish& wish) {
  projections::reset_place place{.partition = {}, .offset = {}, .time = wish.time, .start = wish.start};
  if (wish.partition) place.partition = {*wish.partition};
  if (wish.offset) place.offset = {*wish.offset};
  return place;
}

document partitions_view(const projections::reset_report& report) {
  auto list = document::array();
  for (const auto& each : report.partitions)
    list.push_back({{"partition", each.partition.value}, {"from", each.from.value}, {"to", each.to.value}, {"records_again", each.records_again},
                    {"rows_touched", each.rows_touched}, {"dead_letters", each.dead_letters}, {"embeddings_again", each.embeddings_again}});
  return list;
}

document touches_of(const projections::reset_report& report) {
  std::uint64_t records = 0, rows = 0, letters = 0, vectors = 0;
  for (const auto& each : report.partitions) {
    records += each.records_again;
    rows += each.rows_touched;
    letters += each.dead_letters;
    vectors += each.embeddings_again;
  }
  return document::array({{{"what", "records folded again"}, {"count", records}}, {{"what", "rows that go or become what they were"}, {"count", rows}},
                          {{"what", "dead letters that are found again or not"}, {"count", letters}}, {{"what", "embeddings asked of the model again"}, {"count", vectors}}});
}

std::optional<events::partition_number> partition_of(std::optional<std::uint32_t> number) {
  return number ? std::optional(events::partition_number{*number}) : std::nullopt;
}

} // namespace

result<document> projection_desk::reset_preview(const gateway::reset_wish& wish) {
  const auto of = known_fold(wish.projection);
  if (!of) return std::unexpected(of.error());
  const auto found = projections::look_at_reset(source_, **of, place_of(wish));
  if (!found) return std::unexpected(operator_error(found.error()));
  return document{{"title", "Set " + wish.projection + " back"}, {"projection", wish.projection}, {"version", found->version}, {"partitions", partitions_view(*found)},
                  {"touches", touches_of(*found)}, {"confirm", "reset " + wish.projection}, {"reversible", false},
                  {"warning", "Readers see the state of that place until the projection has caught up; other projections of these partitions wait for it."}};
}

result<document> projection_desk::reset(const gateway::reset_wish& wish) {
  const auto of = known_fold(wish.projection);
  if (!of) return std::unexpected(of.error());
  const auto done = projections::reset_projection(source_, **of, place_of(wish), stopping_.get_token());
  if (!done) return std::unexpected(operator_error(done.error()));
  return document{{"projection", wish.projection}, {"version", done->version}, {"partitions", partitions_view(*done)}};
}

result<document> projection_desk::stand_still(const std::string& projection, std::optional<std::uint32_t> partition, const std::string& reason) {
  const auto of = known_fold(projection);
  if (!of) return std::unexpected(of.error());
  auto database = pool_.borrow();
  if (!database) return std::unexpected(operator_error(database.error()));
  const auto done = projections::pause_projection(**database, **of, partition_of(partition), reason);
  if (!done) return std::unexpected(operator_error(done.error()));
  return document(nullptr);
}

result<document> projection_desk::go_on_from_standing(const std::string& projection, std::optional<std::uint32_t> partition) {
  const auto of = known_fold(projection);
  if (!of) return std::unexpected(of.error());
  auto database = pool_.borrow();
  if (!database) return std::unexpected(operator_error(database.error()));
  const auto done = projections::resume_projection(**database, **of, partition_of(partition));
  if (!done) return std::unexpected(operator_error(done.error()));
  return document(nullptr);
}

} // namespace reverie::ops
