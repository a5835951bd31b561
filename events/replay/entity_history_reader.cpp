#include "events/replay/entity_history_reader.hpp"

#include "events/log/epoch_rule.hpp"
#include "events/model/limits.hpp"
#include "events/replay/record_events.hpp"

namespace reverie::events {

namespace {

constexpr std::size_t history_page = 256;

/// Where a state stands, and the epoch rule there for one entity.
struct standing {
  log_offset next{};
  epoch_rule rule;
};

outcome<standing> standing_of(state_store& state, const entity_ref& entity, const entity_ref& control) {
  auto tips = [&]() -> outcome<epoch_rule::next_sequences> {
    epoch_rule::next_sequences next;
    for (const auto& each : {entity, control}) {
      auto tip = state.tip_of(each);
      if (!tip) return std::unexpected(std::move(tip.error()));
      next[each] = *tip ? (*tip)->first : sequence_number{1};
    }
    return next;
  };
  // The owner may be writing meanwhile: tips that are the same before and after belong to the position between.
  auto before = tips();
  while (before) {
    auto applied = state.applied();
    if (!applied) return std::unexpected(std::move(applied.error()));
    auto after = tips();
    if (!after) return std::unexpected(std::move(after.error()));
    if (*before == *after) return standing{applied->next, epoch_rule(applied->pair, std::move(*after))};
    before = std::move(after);
  }
  return std::unexpected(std::move(before.error()));
}

} // namespace

/// What one reading carries along.
struct entity_history_reader::pass {
  const entity_address& address;
  sequence_number from;
  const visitor& visit;
  record_decoder decoder;
  std::unique_ptr<log_reader> reader;
  log_offset scan_from{};
  epoch_rule rule{};
  std::vector<stored_record> read{};
  recorded_event current{};
};

outcome<bool> entity_history_reader::give(pass& now, const stored_record& stored) {
  if (stored.content.last_sequence() < now.from) return true;
  if (hash_of(stored.content) != stored.content.headers.hash) {
    return fail(failure_code::corrupted, "record " + to_string(stored.position) + " was changed: its hash is not that of its content");
  }
  if (auto decoded = now.decoder.decode(stored); !decoded) {
    decoded.error().message = "record " + to_string(stored.position) + ": " + decoded.error().message;
    return std::unexpected(std::move(decoded.error()));
  }
  auto& events = now.decoder.events();
  for (std::size_t i = 0; i < events.size(); ++i) {
    now.current.context = context_of(stored, i);
    if (now.current.context.sequence < now.from) continue;
    std::swap(now.current.payload, events[i]);
    if (!now.visit(now.current, now.decoder.redacted())) return false;
  }
  return true;
}

outcome<bool> entity_history_reader::read_history(pass& now) {
  auto from = now.from;
  for (;;) {
    auto entries = state_->history(now.address, from, history_page);
    if (!entries) return std::unexpected(std::move(entries.error()));
    for (const auto& entry : *entries) {
      // What was applied while this reading runs is met by the scan.
      if (entry.offset >= now.scan_from) return true;
      if (auto moved = now.reader->seek(entry.offset); !moved) return std::unexpected(std::move(moved.error()));
      now.read.clear();
      auto got = now.reader->read(now.read, 1, {});
      if (!got) return std::unexpected(std::move(got.error()));
      bool right = *got == 1 && now.read[0].content.headers.entity == now.address.entity &&
                   now.read[0].content.headers.first_sequence == entry.first_sequence;
      if (!right) {
        return fail(failure_code::corrupted, "record " + to_string(log_position{partition_, entry.offset}) +
                                                 " is not the one that the history of " + to_string(now.address.entity) + " names");
      }
      auto go_on = give(now, now.read[0]);
      if (!go_on || !*go_on) return go_on;
      from = now.read[0].content.last_sequence().next();
    }
    if (entries->size() < history_page) return true;
  }
}

outcome<void> entity_history_reader::scan(pass& now) {
  auto range = log_.range(partition_);
  if (!range) return std::unexpected(std::move(range.error()));
  auto next = std::max(now.scan_from, range->first);
  if (next >= range->end) return {};
  auto control = partition_entity(partition_);
  if (auto moved = now.reader->seek(next); !moved) return moved;
  while (next < range->end) {
    now.read.clear();
    auto wanted = std::min<std::uint64_t>(limits::read_batch_records, range->end.value - next.value);
    auto got = now.reader->read(now.read, wanted, std::chrono::milliseconds{1000});
    if (!got) return std::unexpected(std::move(got.error()));
    for (const auto& stored : now.read) {
      const auto& entity = stored.content.headers.entity;
      next = stored.position.offset.next();
      // The rule judges an entity by its own records and the announcements alone: the others need not be fed to it.
      if (entity != now.address.entity && entity != control) continue;
      if (now.rule.admit(stored.content) != record_verdict::counts || entity != now.address.entity) continue;
      auto go_on = give(now, stored);
      if (!go_on) return std::unexpected(std::move(go_on.error()));
      if (!*go_on) return {};
    }
  }
  return {};
}

outcome<void> entity_history_reader::read(const entity_address& address, sequence_number from, const field_opener& opener,
                                          const visitor& visit) {
  auto range = log_.range(partition_);
  if (!range) return std::unexpected(std::move(range.error()));
  auto reader = log_.reader(partition_, range->first);
  if (!reader) return std::unexpected(std::move(reader.error()));
  pass now{.address = address, .from = from, .visit = visit, .decoder = record_decoder(opener), .reader = std::move(*reader)};
  if (state_) {
    auto standing = standing_of(*state_, address.entity, partition_entity(partition_));
    if (!standing) return std::unexpected(std::move(standing.error()));
    now.scan_from = standing->next;
    now.rule = std::move(standing->rule);
    auto go_on = read_history(now);
    if (!go_on) return std::unexpected(std::move(go_on.error()));
    if (!*go_on) return {};
  }
  return scan(now);
}

outcome<std::vector<recorded_event>> entity_history_reader::read_some(const entity_address& address, sequence_number from,
                                                                      std::size_t events_max, const field_opener& opener) {
  std::vector<recorded_event> events;
  if (events_max == 0) return events;
  auto done = read(address, from, opener, [&](recorded_event& each, bool) {
    events.push_back(std::move(each));
    return events.size() < events_max;
  });
  if (!done) return std::unexpected(std::move(done.error()));
  return events;
}

} // namespace reverie::events
