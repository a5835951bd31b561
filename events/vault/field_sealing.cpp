#include "events/vault/field_sealing.hpp"

namespace reverie::events {

namespace {

constexpr std::string_view key_prefix = "user/";

std::optional<user_id> person_of(std::string_view key) {
  if (!key.starts_with(key_prefix)) return std::nullopt;
  auto id = parse_uuid(key.substr(key_prefix.size()));
  if (!id) return std::nullopt;
  return user_id{*id};
}

template <class Load>
field_opener opener_over(Load load) {
  return [load, last_name = std::string(), last = shared_key()](std::string_view key, std::string_view context, std::string_view nonce,
                                                                std::string_view box) mutable -> outcome<std::string> {
    if (!last || key != last_name) {
      auto person = person_of(key);
      if (!person) return fail(failure_code::malformed, "a sealed field names no person's key");
      outcome<shared_key> loaded = load(*person);
      if (!loaded) return std::unexpected(std::move(loaded.error()));
      last = std::move(*loaded);
      last_name = key;
    }
    return unseal(*last, context, nonce, box);
  };
}

} // namespace

field_sealer seal_with(user_id person, shared_key key) {
  return [person, key = std::move(key)](std::string_view context, std::string_view plain) { return seal(person, *key, context, plain); };
}

field_opener open_with(key_ring& keys) {
  return opener_over([&keys](user_id person) { return keys.load(person); });
}

field_opener open_from_memory(key_ring& keys) {
  return opener_over([&keys](user_id person) -> outcome<shared_key> {
    auto key = keys.find(person);
    if (!key) return fail(failure_code::key_unavailable, "the person's data key is not in memory");
    return key;
  });
}

field_opener open_nothing() {
  return [](std::string_view, std::string_view, std::string_view, std::string_view) -> outcome<std::string> {
    return fail(failure_code::key_destroyed, "left sealed");
  };
}

} // namespace reverie::events
