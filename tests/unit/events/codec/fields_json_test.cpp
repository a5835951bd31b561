#include "events/codec/fields_json.hpp"

#include <gtest/gtest.h>
#include <map>
#include <rapidcheck.h>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace reverie::events {

namespace {

struct small {
  static constexpr std::string_view name = "small";
  int number = 1;
  std::string text;
  static constexpr auto fields = std::tuple{field("number", &small::number), field("text", &small::text)};
  friend bool operator==(const small&, const small&) = default;
};

struct nothing {
  static constexpr std::string_view name = "nothing";
  static constexpr auto fields = std::tuple<>{};
  friend bool operator==(const nothing&, const nothing&) = default;
};

enum class colour : std::uint8_t { red = 1, blue = 2 };

struct everything {
  bool flag = false;
  double real = 0;
  std::uint64_t large = 0;
  std::int8_t tiny = 0;
  colour shade = colour::red;
  std::optional<std::string> maybe;
  std::vector<small> list;
  std::array<std::uint8_t, 3> bytes{};
  std::map<message_id, small> by_id;
  std::set<std::uint32_t> numbers;
  std::unordered_map<std::string, int> hashed;
  std::unordered_set<std::string> hashed_set;
  std::variant<nothing, small> either;
  std::pair<sequence_number, uuid> two;
  entity_ref entity{entity_kind::session, {}};
  entity_address address{{entity_kind::bond, {}}, {}};
  log_position position{};
  timestamp at{};
  std::chrono::milliseconds lasting{};

  static constexpr auto fields =
      std::tuple{field("flag", &everything::flag),         field("real", &everything::real),
                 field("large", &everything::large),       field("tiny", &everything::tiny),
                 field("shade", &everything::shade),       field("maybe", &everything::maybe),
                 field("list", &everything::list),         field("bytes", &everything::bytes),
                 field("by_id", &everything::by_id),       field("numbers", &everything::numbers),
                 field("hashed", &everything::hashed),     field("hashed_set", &everything::hashed_set),
                 field("either", &everything::either),     field("two", &everything::two),
                 field("entity", &everything::entity),     field("address", &everything::address),
                 field("position", &everything::position), field("at", &everything::at),
                 field("lasting", &everything::lasting)};
  friend bool operator==(const everything&, const everything&) = default;
};

everything filled() {
  everything made;
  made.flag = true;
  made.real = 0.1;
  made.large = ~std::uint64_t{0};
  made.tiny = -128;
  made.shade = colour::blue;
  made.maybe = "";
  made.list = {{7, "seven\n"}, {}};
  made.bytes = {1, 2, 255};
  made.by_id[{parse_uuid("00000000-0000-0000-0000-0000000000ff").value()}] = {3, "x"};
  made.numbers = {3, 1, 2};
  made.hashed = {{"z", 1}, {"a", 2}, {"m", 3}};
  made.hashed_set = {"z", "a", "m"};
  made.either = small{4, "four"};
  made.two.first.value = 9;
  made.position = {{2}, {3}};
  made.at = from_milliseconds(1'700'000'000'123);
  made.lasting = std::chrono::milliseconds{250};
  return made;
}

} // namespace

TEST(fields_json, writes_every_kind_of_field_in_one_canonical_form) {
  EXPECT_EQ(to_canonical_json(filled()),
            R"({"flag":true,"real":0.1,"large":18446744073709551615,"tiny":-128,"shade":2,"maybe":"",)"
            R"("list":[{"number":7,"text":"seven\n"},{"number":1,"text":""}],"bytes":"0102ff",)"
            R"("by_id":[["00000000-0000-0000-0000-0000000000ff",{"number":3,"text":"x"}]],"numbers":[1,2,3],)"
            R"("hashed":[["a",2],["m",3],["z",1]],"hashed_set":["a","m","z"],"either":{"type":"small","data":{"number":4,"text":"four"}},)"
            R"("two":[9,"00000000-0000-0000-0000-000000000000"],"entity":"session/00000000-0000-0000-0000-000000000000",)"
            R"("address":["bond/00000000-0000-0000-0000-000000000000","00000000-0000-0000-0000-000000000000"],)"
            R"("position":"2:3","at":1700000000123,"lasting":250})");
}

TEST(fields_json, reads_back_what_it_wrote) {
  EXPECT_EQ(from_canonical_json<everything>(to_canonical_json(filled())), filled());
  EXPECT_EQ(from_canonical_json<everything>(to_canonical_json(everything{})), everything{});
}

TEST(fields_json, skips_unknown_fields_and_keeps_defaults_for_missing_ones) {
  auto read = from_canonical_json<small>(R"({"unknown":[1,{"x":2}],"text":"here"})");
  EXPECT_EQ(read, (small{1, "here"}));
  EXPECT_EQ(from_canonical_json<small>(R"({"text":"t","number":5})"), (small{5, "t"}));
}

TEST(fields_json, says_which_field_is_wrong_and_never_what_stood_there) {
  auto wrong = from_canonical_json<everything>(R"({"list":[{"text":"secret"},{"number":"secret"}]})");
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().code, failure_code::malformed);
  EXPECT_EQ(wrong.error().message, "list.number: expected an integer in range");
}

TEST(fields_json, refuses_values_of_another_type_or_out_of_range) {
  for (auto json : {R"({"flag":1})", R"({"tiny":128})", R"({"large":-1})", R"({"bytes":"0102"})", R"({"either":{"type":"other","data":{}}})",
                    R"({"position":"2"})", R"({"entity":"nobody/1"})", R"({"numbers":{}})", R"({"two":[1]})", "[]", "", "{", "nul"}) {
    auto read = from_canonical_json<everything>(json);
    ASSERT_FALSE(read.has_value()) << json;
    EXPECT_EQ(read.error().code, failure_code::malformed) << json;
  }
}

TEST(fields_json, gives_equal_bytes_for_equal_hashed_containers) {
  everything forward, backward;
  for (int i = 0; i < 100; ++i) forward.hashed[std::to_string(i)] = i;
  for (int i = 99; i >= 0; --i) backward.hashed[std::to_string(i)] = i;
  EXPECT_EQ(to_canonical_json(forward), to_canonical_json(backward));
}

TEST(fields_json, never_crashes_on_any_bytes) {
  EXPECT_TRUE(rc::check("random bytes", [](const std::string& bytes) { from_canonical_json<everything>(bytes); }));
  EXPECT_TRUE(rc::check("damaged JSON", [] {
    auto json = to_canonical_json(filled());
    auto at = *rc::gen::inRange<std::size_t>(0, json.size());
    json[at] = *rc::gen::arbitrary<char>();
    if (auto read = from_canonical_json<everything>(json)) to_canonical_json(*read);
  }));
}

} // namespace reverie::events
