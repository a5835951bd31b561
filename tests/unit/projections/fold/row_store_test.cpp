#include "projections/fold/row_store.hpp"

#include "projections/fold/fold.hpp"
#include "tests/support/record_samples.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

namespace talk = events::session;
using projections::row_store;

const events::entity_ref session{events::entity_kind::session, numbered_uuid(2)};
events::message_id message(unsigned number) { return {numbered_uuid(100 + number)}; }

/// What is asked of the database before these events are folded, over all tables.
std::size_t rows_asked_for(const projections::fold& with, const std::vector<events::event>& happened) {
  row_store rows(with.tables());
  for (const auto& each : happened) {
    events::recorded_event one;
    one.context.entity = {session, session.id};
    one.payload = each;
    with.expect(one, rows);
  }
  std::size_t count = 0;
  for (const auto& wish : rows.take_wishes()) count += wish.keys.size() + wish.groups.size();
  return count;
}

const std::vector<events::event> turn{talk::message_sent{message(1), {}, "one", {}}, talk::reply_started{message(2), message(1), 1},
                                      talk::reply_completed{message(2), 1, "two", "stop", "model", {}, "{}"}};

TEST(row_store, asks_for_no_message_that_the_batch_puts_in_itself) {
  const auto& messages = *projections::find_fold("messages");
  EXPECT_EQ(rows_asked_for(messages, turn), 1U) << "the conversation alone";
  EXPECT_EQ(rows_asked_for(messages, {turn[1], turn[2]}), 2U) << "and the message that is answered, which came before";
  EXPECT_EQ(rows_asked_for(messages, {turn[2]}), 1U) << "the reply, which was begun before";
}

TEST(row_store, asks_for_a_row_that_was_expected_to_be_put_in_and_was_not) {
  const auto& messages = *projections::find_fold("messages");
  row_store rows(messages.tables());
  const auto& table = *messages.tables()[1];
  rows.expect_insertion(table, message(1).value);
  rows.expect(table, message(1).value);
  EXPECT_TRUE(rows.take_wishes()[1].empty());
  EXPECT_THROW(rows.find(table, message(1).value), projections::row_not_loaded);
  EXPECT_EQ(rows.take_wishes()[1].keys.size(), 1U) << "whose event was given up, say";
}

} // namespace
} // namespace reverie::tests
