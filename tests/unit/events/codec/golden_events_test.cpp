#include "events/codec/event_codec.hpp"
#include "events/codec/events_markdown.hpp"
#include "events/codec/registry.hpp"
#include "events/codec/fields_json_types.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <set>

namespace reverie::events {

namespace {

namespace fs = std::filesystem;

const fs::path root = REVERIE_SOURCE_DIR;
const fs::path golden_folder = root / "tests/golden/events";

bool updating() { return std::getenv("UPDATE_GOLDEN") != nullptr; }

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

/// Fills every field with something that tells it from the others.
class sampler {
public:
  template <class T>
  void fill(T& into, std::string_view name) {
    ++count_;
    if constexpr (std::same_as<T, bool>) into = count_ % 2 == 0;
    else if constexpr (std::floating_point<T>) into = 0.25 * count_;
    else if constexpr (fields_json::whole_number<T>) into = static_cast<T>(count_);
    else if constexpr (std::same_as<T, std::string>) into = "a \"" + std::string(name) + "\" of é日😀\n";
    else if constexpr (std::same_as<T, uuid>) into.bytes = {1, 2, 3, 4, 5, 6, 0x70, 8, 0x80, 10, 11, 12, 13, 14, 15, static_cast<std::uint8_t>(count_)};
    else if constexpr (fields_json::is_strong_id<T> || fields_json::is_strong_number<T>) fill(into.value, name);
    else if constexpr (fields_json::is_time_point<T>) into = from_milliseconds(1'700'000'000'000 + count_);
    else if constexpr (fields_json::is_optional<T>) fill(into.emplace(), name);
    else if constexpr (described<T>) for_each_field<T>([&](const auto& each) { fill(into.*(each.member), each.name); });
    else {
      into.resize(2);
      for (auto& item : into) fill(item, name);
    }
  }

private:
  int count_ = 0;
};

std::vector<event> samples() {
  std::vector<event> all;
  [&]<class... Payloads>(std::type_identity<std::variant<Payloads...>>) {
    (sampler().fill(std::get<Payloads>(all.emplace_back(Payloads{})), ""), ...);
  }(std::type_identity<event>{});
  return all;
}

} // namespace

TEST(golden_events, are_read_as_they_were_meant_and_written_to_the_same_bytes) {
  for (const auto& sample : samples()) {
    const auto* registered = find_event(name_of(sample));
    auto file = golden_folder / (std::string(registered->name) + ".v" + std::to_string(registered->version) + ".json");
    auto value = encode_events(std::vector{sample}, {});
    // A sample that is there is never written again: a changed payload needs a new version.
    if (updating() && !fs::exists(file)) write_file(file, value + "\n");
    ASSERT_TRUE(fs::exists(file)) << file << " is missing: run this test with UPDATE_GOLDEN=1 once";
    auto golden = read_file(file);
    EXPECT_EQ(golden, value + "\n");
    auto decoded = decode_events(golden, {});
    ASSERT_TRUE(decoded.has_value()) << file << ": " << decoded.error().message;
    EXPECT_EQ(decoded->events, std::vector{sample});
  }
}

TEST(golden_events, of_every_version_ever_written_are_still_read) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(golden_folder)) {
    auto decoded = decode_events(read_file(entry.path()), {});
    ASSERT_TRUE(decoded.has_value()) << entry.path() << ": " << decoded.error().message;
    names.insert(entry.path().filename().string());
  }
  for (const auto& each : registered_events()) {
    for (unsigned version = 1; version <= each.version; ++version) {
      EXPECT_TRUE(names.contains(std::string(each.name) + ".v" + std::to_string(version) + ".json")) << each.name;
    }
  }
}

TEST(events_markdown, is_what_docs_events_says) {
  auto file = root / "docs/EVENTS.md";
  if (updating()) write_file(file, events_markdown());
  EXPECT_EQ(read_file(file), events_markdown()) << "run this test with UPDATE_GOLDEN=1";
}

TEST(registry, names_each_event_after_the_kind_that_owns_it) {
  for (const auto& each : registered_events()) {
    EXPECT_EQ(each.name.substr(0, each.name.find('.')), name_of(each.owner));
    EXPECT_EQ(find_event(each.name), &each);
    EXPECT_FALSE(each.fields.empty());
  }
  EXPECT_EQ(registered_events().size(), std::variant_size_v<event>);
  EXPECT_EQ(find_event("session.dreamt"), nullptr);
}

TEST(registry, knows_type_and_privacy_of_fields) {
  const auto& fields = find_event("session.message_sent")->fields;
  EXPECT_EQ(fields[1].name, "parent_id");
  EXPECT_EQ(fields[1].type, "uuid");
  EXPECT_TRUE(fields[1].optional);
  EXPECT_EQ(fields[2].kept, privacy::personal);
  EXPECT_EQ(find_event("session.message_deleted")->fields[1].type, "list of uuid");
  EXPECT_EQ(find_event("bond.fact_learned")->fields[7].type, "time");
}

} // namespace reverie::events
