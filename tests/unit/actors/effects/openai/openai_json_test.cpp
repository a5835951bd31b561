#include "actors/effects/openai/openai_chat_model.hpp"
#include "actors/effects/openai/openai_embedder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace reverie;
using nlohmann::json;

TEST(chat_request_json, names_model_messages_and_asks_for_a_stream_with_usage) {
  actors::chat_request request;
  request.messages = {{"system", "be kind"}, {"user", "hi"}};
  request.temperature = 0.4;
  auto body = json::parse(actors::chat_request_json(request, "m"));
  EXPECT_EQ(body["model"], "m");
  EXPECT_EQ(body["messages"][1]["content"], "hi");
  EXPECT_EQ(body["stream"], true);
  EXPECT_EQ(body["stream_options"]["include_usage"], true);
  EXPECT_EQ(body["temperature"], 0.4);
  EXPECT_FALSE(body.contains("seed"));
}

TEST(parse_embeddings, gives_unit_vectors_in_the_order_of_their_index) {
  auto vectors = actors::parse_embeddings(
      R"({"data":[{"index":1,"embedding":[0,2]},{"index":0,"embedding":[3,4]}]})", 2, 2);
  ASSERT_TRUE(vectors);
  EXPECT_FLOAT_EQ((*vectors)[0][0], 0.6f);
  EXPECT_FLOAT_EQ((*vectors)[1][1], 1.0f);
}

TEST(parse_embeddings, refuses_another_count_dimension_or_numbering) {
  for (auto bad : {R"({"data":[]})", R"({"data":[{"embedding":[1]}]})", R"({"data":[{"embedding":["x",1]}]})", "nonsense", "[]",
                   R"({"data":[{"index":9,"embedding":[1,0]}]})"})
    EXPECT_FALSE(actors::parse_embeddings(bad, 1, 2)) << bad;
}
