#include "actors/runtime/cluster_codec.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {

using namespace actors::runtime;
using actors::any_command;
using actors::command_envelope;

namespace {

events::uuid some(std::uint64_t number) { return events::derive_uuid("some", {}, {}, number); }

/// One command of each kind of each entity, as it comes out of its default; names tell them apart.
template <class Command>
void add_all(std::vector<any_command>& all) {
  [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    (all.push_back(Command{std::variant_alternative_t<Index, Command>{}}), ...);
  }(std::make_index_sequence<std::variant_size_v<Command>>{});
}

} // namespace

TEST(cluster_codec, carries_every_kind_of_command) {
  std::vector<any_command> all;
  add_all<actors::user::command>(all);
  add_all<actors::session::command>(all);
  add_all<actors::character::command>(all);
  add_all<actors::bond::command>(all);
  for (auto& command : all) {
    command_envelope sent{{some(1)}, {some(2)}, {some(3)}, {{actors::kind_of(command), some(4)}, some(5)}, command,
                          events::event_cause{{events::entity_kind::bond, some(6)}, {7}}};
    auto text = cluster::to_text(sent);
    auto got = cluster::envelope_of(text);
    ASSERT_TRUE(got.has_value()) << actors::name_of(command) << ": " << got.error().message;
    EXPECT_EQ(actors::name_of(got->command), actors::name_of(command));
    EXPECT_EQ(got->target, sent.target);
    EXPECT_EQ(got->cause, sent.cause);
    EXPECT_EQ(cluster::to_text(*got), text);
  }
}

TEST(cluster_codec, carries_what_people_write) {
  command_envelope sent{{some(1)}, {}, {some(3)}, {{events::entity_kind::session, some(4)}, some(3)},
                        actors::session::command{actors::session::send_message{"\"Grüße\"\n\\", some(9)}}, std::nullopt};
  auto got = cluster::envelope_of(cluster::to_text(sent));
  ASSERT_TRUE(got.has_value());
  const auto& message = std::get<actors::session::send_message>(std::get<actors::session::command>(got->command));
  EXPECT_EQ(message.content, "\"Grüße\"\n\\");
  EXPECT_EQ(message.client_message, some(9));
  EXPECT_FALSE(got->cause.has_value());
}

TEST(cluster_codec, refuses_commands_of_a_newer_build_and_broken_text) {
  EXPECT_EQ(cluster::envelope_of("{\"name\":\"session.levitate\",\"content\":\"{}\"}").error().code, events::failure_code::unknown_version);
  EXPECT_FALSE(cluster::envelope_of("{").has_value());
  EXPECT_FALSE(cluster::answer_of("[]").has_value());
  EXPECT_FALSE(cluster::updates_of("").has_value());
  EXPECT_FALSE(cluster::blob_of("{\"bytes\":\"0\"}").has_value());
}

TEST(cluster_codec, carries_updates_with_what_the_log_says_about_them) {
  const events::entity_address address{{events::entity_kind::session, some(1)}, some(2)};
  const events::log_position position{{3}, {44}};
  actors::entity_update update{address, position, {}};
  events::session::message_sent said;
  said.content = "good morning";
  for (std::uint64_t i = 0; i < 2; ++i)
    update.happened.push_back({{address, position, {7 + i}, events::from_milliseconds(1'790'000'000'123), {some(4)}, {some(5)}}, said});
  auto got = cluster::updates_of(cluster::to_text({std::make_shared<const actors::entity_update>(update)}));
  ASSERT_TRUE(got.has_value());
  ASSERT_EQ(got->size(), 1U);
  const auto& back = *got->front();
  EXPECT_EQ(back.entity, address);
  EXPECT_EQ(back.position, position);
  ASSERT_EQ(back.happened.size(), 2U);
  EXPECT_EQ(back.happened[1].context.sequence.value, 8U);
  EXPECT_EQ(back.happened[1].context.at, update.happened[1].context.at);
  EXPECT_EQ(std::get<events::session::message_sent>(back.happened[1].payload).content, "good morning");
}

TEST(cluster_codec, carries_a_stored_state_byte_for_byte) {
  events::entity_blob blob;
  blob.address = {{events::entity_kind::character, some(1)}, some(1)};
  blob.last_sequence = {5};
  blob.bytes = std::string("\0\xff\x10 state", 9);
  auto got = cluster::blob_of(cluster::to_text(blob));
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->bytes, blob.bytes);
  EXPECT_EQ(got->last_sequence, blob.last_sequence);
  EXPECT_EQ(got->address, blob.address);
}

} // namespace reverie::tests
