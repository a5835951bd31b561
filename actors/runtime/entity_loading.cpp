#include "actors/runtime/entity_loading.hpp"

#include <algorithm>

namespace reverie::actors::runtime {

using events::fail;
using events::failure_code;
using events::outcome;

namespace {

constexpr std::chrono::milliseconds point_read_wait{2'000};
constexpr std::size_t history_page = 512;

} // namespace

bool may_pass(failure_code code) {
  return code == failure_code::key_unavailable || code == failure_code::unavailable || code == failure_code::timed_out ||
         code == failure_code::overloaded || code == failure_code::stopping;
}

outcome<events::stored_record> record_source::at(events::log_offset offset) {
  if (!reader_) {
    auto opened = log_->reader(partition_, offset);
    if (!opened) return std::unexpected(opened.error());
    reader_ = std::move(*opened);
  } else if (next_ != offset) {
    if (auto moved = reader_->seek(offset); !moved) return std::unexpected(moved.error());
  }
  buffer_.clear();
  auto count = reader_->read(buffer_, 1, point_read_wait);
  if (!count) return std::unexpected(count.error());
  if (buffer_.empty() || buffer_.front().position.offset != offset) {
    reader_.reset();
    return fail(failure_code::unavailable, "the record at offset " + std::to_string(offset.value) + " could not be read");
  }
  next_ = offset.next();
  return std::move(buffer_.front());
}

outcome<std::unique_ptr<entity_core>> load_stored(events::state_store& store, events::key_ring& keys,
                                                  const events::entity_address& address, key_access access) {
  auto blob = store.load(address);
  if (!blob) return std::unexpected(blob.error());
  auto core = std::make_unique<entity_core>(address);
  if (!*blob) return core;
  auto restored = core->restore(**blob, keys, access);
  if (restored) return core;
  if (may_pass(restored.error().code)) return std::unexpected(restored.error());
  return std::make_unique<entity_core>(address);
}

outcome<void> fold_up_to(entity_core& core, const entity_tip& tip, events::state_store& store, record_source& records,
                         events::key_ring& keys, const std::vector<events::history_entry>& unwritten) {
  const auto opener = opener_from(keys, key_access::may_block);
  auto fold = [&](const events::history_entry& entry) -> outcome<void> {
    if (entry.first_sequence != core.last_sequence().next()) return {};
    auto record = records.at(entry.offset);
    if (!record) return std::unexpected(record.error());
    auto happened = core.read(*record, opener);
    if (!happened) return std::unexpected(happened.error());
    core.apply(*record, *happened);
    return {};
  };
  while (core.last_sequence() < tip.last) {
    const auto before = core.last_sequence();
    auto page = store.history(core.address(), before.next(), history_page);
    if (!page) return std::unexpected(page.error());
    for (const auto& entry : *page) {
      if (core.last_sequence() >= tip.last) break;
      if (auto folded = fold(entry); !folded) return folded;
    }
    for (const auto& entry : unwritten)
      if (core.last_sequence() < tip.last)
        if (auto folded = fold(entry); !folded) return folded;
    if (core.last_sequence() == before)
      return fail(failure_code::corrupted, "the history of " + events::to_string(core.address().entity) + " has no event " +
                                               std::to_string(before.value + 1));
  }
  if (core.last_sequence() != tip.last || core.last_hash() != tip.hash)
    return fail(failure_code::corrupted, "the state of " + events::to_string(core.address().entity) + " is not at its tip");
  return {};
}

outcome<std::unique_ptr<entity_core>> load_entity(const events::entity_address& address, const entity_tip& tip,
                                                  events::state_store& store, record_source& records, events::key_ring& keys,
                                                  const std::vector<events::history_entry>& unwritten) {
  auto core = load_stored(store, keys, address, key_access::may_block);
  if (!core) return core;
  // A blob that does not lie on the way to the tip is of no use: its events are folded from the first one.
  if ((*core)->last_sequence() > tip.last || ((*core)->last_sequence() == tip.last && (*core)->last_hash() != tip.hash))
    *core = std::make_unique<entity_core>(address);
  if (auto folded = fold_up_to(**core, tip, store, records, keys, unwritten); !folded) return std::unexpected(folded.error());
  return core;
}

} // namespace reverie::actors::runtime
