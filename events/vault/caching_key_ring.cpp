#include "events/vault/caching_key_ring.hpp"

#include "events/model/assert.hpp"
#include "events/vault/sodium_ready.hpp"

#include <sodium.h>

namespace reverie::events {

namespace {

std::unexpected<failure> destroyed() { return fail(failure_code::key_destroyed, "the person's data key was destroyed"); }

outcome<shared_key> present(const shared_key& key) {
  if (!key) return destroyed();
  return key;
}

} // namespace

caching_key_ring::caching_key_ring(std::shared_ptr<wrapped_key_store> store, master_key master, std::size_t keys_max)
    : store_(std::move(store)), master_(master), keys_max_(keys_max) {
  REVERIE_ASSERT(store_ && keys_max_ > 0, "a key ring needs a store and room");
}

std::optional<shared_key> caching_key_ring::remembered(user_id person) {
  std::lock_guard lock(mutex_);
  auto place = places_.find(person);
  if (place == places_.end()) return std::nullopt;
  entries_.splice(entries_.begin(), entries_, place->second);
  return place->second->key;
}

shared_key caching_key_ring::remember(user_id person, shared_key key) {
  std::lock_guard lock(mutex_);
  auto place = places_.find(person);
  if (place != places_.end()) {
    // Destroyed stays destroyed: a load that began before the erasure must not bring the key back.
    if (place->second->key) place->second->key = std::move(key);
    entries_.splice(entries_.begin(), entries_, place->second);
    return place->second->key;
  }
  entries_.push_front({person, std::move(key)});
  places_[person] = entries_.begin();
  if (entries_.size() > keys_max_) {
    places_.erase(entries_.back().person);
    entries_.pop_back();
  }
  return entries_.front().key;
}

outcome<shared_key> caching_key_ring::taken_from(user_id person, const wrapped_key_row& row) {
  if (row.erased) {
    remember(person, nullptr);
    return destroyed();
  }
  auto bytes = master_.unwrap(to_string(person), row.wrapped);
  if (!bytes) return std::unexpected(std::move(bytes.error()));
  auto key = std::make_shared<const data_key>(*bytes);
  sodium_memzero(bytes->data(), bytes->size());
  return present(remember(person, std::move(key)));
}

shared_key caching_key_ring::find(user_id person) { return remembered(person).value_or(nullptr); }

outcome<shared_key> caching_key_ring::load(user_id person) {
  if (auto known = remembered(person)) return present(*known);
  auto row = store_->load(person);
  if (!row) {
    return fail(failure_code::key_unavailable, "the person's data key is not in memory and the vault is away: " + row.error().message);
  }
  if (!*row) return fail(failure_code::not_found, "the person has no data key");
  return taken_from(person, **row);
}

outcome<shared_key> caching_key_ring::create(user_id person) {
  if (auto known = remembered(person)) return present(*known);
  sodium_ready();
  std::array<std::uint8_t, 32> fresh;
  randombytes_buf(fresh.data(), fresh.size());
  auto wrapped = master_.wrap(to_string(person), fresh);
  sodium_memzero(fresh.data(), fresh.size());
  auto row = store_->store(person, wrapped);
  if (!row) return std::unexpected(std::move(row.error()));
  return taken_from(person, *row);
}

outcome<void> caching_key_ring::destroy(user_id person) {
  if (auto done = store_->destroy(person); !done) return done;
  remember(person, nullptr);
  return {};
}

std::size_t caching_key_ring::size() const {
  std::lock_guard lock(mutex_);
  return entries_.size();
}

} // namespace reverie::events
