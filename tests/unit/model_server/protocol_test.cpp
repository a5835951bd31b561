#include "ops/model_server/chat_request.hpp"
#include "ops/model_server/chat_response.hpp"
#include "ops/model_server/embedding_api.hpp"
#include "ops/model_server/limits.hpp"
#include "ops/model_server/options.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace reverie::model_server {
namespace {

using nlohmann::json;

json chat_body() { return {{"model", "any"}, {"messages", json::array({{{"role", "user"}, {"content", "Hi"}}})}}; }

std::string refused_param(const json& body) {
  const auto read = read_chat_request(body);
  return read ? "accepted" : read.error().param;
}

TEST(chat_request, takes_the_fields_of_the_openai_protocol) {
  json body = chat_body();
  body.update({{"temperature", 0.5}, {"top_p", 0.8}, {"min_p", 0.05}, {"repeat_penalty", 1.2}, {"max_tokens", 7}, {"seed", -1},
               {"stop", "END"}, {"stream", true}, {"stream_options", {{"include_usage", true}}}, {"user", "ignored"}});
  const auto read = read_chat_request(body);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->messages[0].content, "Hi");
  EXPECT_FLOAT_EQ(read->how.temperature, 0.5F);
  EXPECT_FLOAT_EQ(read->how.repeat_penalty, 1.2F);
  EXPECT_EQ(read->max_tokens, 7U);
  EXPECT_EQ(read->how.seed, 0xFFFFFFFFU);
  EXPECT_EQ(read->stop, std::vector<std::string>{"END"});
  EXPECT_TRUE(read->stream);
  EXPECT_TRUE(read->usage_in_stream);
}

TEST(chat_request, joins_the_text_parts_of_a_message) {
  json body = chat_body();
  body["messages"][0] = {{"role", "developer"},
                         {"content", json::array({{{"type", "text"}, {"text", "a"}}, {{"type", "text"}, {"text", "b"}}})}};
  const auto read = read_chat_request(body);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->messages[0].role, "system");
  EXPECT_EQ(read->messages[0].content, "ab");
}

TEST(chat_request, names_the_field_that_it_refuses) {
  const auto with = [](const char* field, json value) {
    json body = chat_body();
    body[field] = std::move(value);
    return refused_param(body);
  };
  EXPECT_EQ(with("messages", json::array()), "messages");
  EXPECT_EQ(with("messages", json::array({{{"role", "tool"}, {"content", "x"}}})), "messages[0].role");
  EXPECT_EQ(with("messages", json::array({{{"role", "user"}, {"content", 7}}})), "messages[0].content");
  EXPECT_EQ(with("messages", json::array({{{"role", "user"}, {"content", json::array({{{"type", "image_url"}}})}}})),
            "messages[0].content");
  EXPECT_EQ(with("temperature", 3), "temperature");
  EXPECT_EQ(with("temperature", "hot"), "temperature");
  EXPECT_EQ(with("top_p", -0.1), "top_p");
  EXPECT_EQ(with("max_tokens", 0), "max_tokens");
  EXPECT_EQ(with("max_tokens", 1.5), "max_tokens");
  EXPECT_EQ(with("n", 2), "n");
  EXPECT_EQ(with("stream", "yes"), "stream");
  EXPECT_EQ(with("stream_options", 1), "stream_options");
  EXPECT_EQ(with("stop", ""), "stop");
  EXPECT_EQ(with("stop", json(std::vector<std::string>(limits::stop_texts + 1, "x"))), "stop");
  EXPECT_EQ(with("stop", std::string(limits::stop_text_bytes + 1, 'x')), "stop");
  EXPECT_EQ(with("messages", json(std::vector<json>(limits::messages_per_request + 1, chat_body()["messages"][0]))), "messages");
  EXPECT_EQ(refused_param(json::array()), "");
  EXPECT_FALSE(read_chat_request(json::array()));
}

TEST(chat_request, takes_null_for_absent) {
  json body = chat_body();
  body.update({{"temperature", nullptr}, {"max_tokens", nullptr}, {"stop", nullptr}, {"stream_options", nullptr}});
  EXPECT_TRUE(read_chat_request(body));
}

TEST(chat_response, words_a_stream_as_the_sdks_expect_it) {
  const chat_response words("id", "model", 7, true);
  const json first = json::parse(words.first_chunk());
  EXPECT_EQ(first["choices"][0]["delta"]["role"], "assistant");
  EXPECT_EQ(first["object"], "chat.completion.chunk");
  EXPECT_TRUE(first["usage"].is_null());
  EXPECT_EQ(json::parse(words.text_chunk("x\"y"))["choices"][0]["delta"]["content"], "x\"y");
  EXPECT_EQ(json::parse(words.last_chunk("length"))["choices"][0]["finish_reason"], "length");
  const json usage = json::parse(words.usage_chunk({.prompt = 3, .cached = 1, .completion = 2}));
  EXPECT_TRUE(usage["choices"].empty());
  EXPECT_EQ(usage["usage"]["total_tokens"], 5);
  EXPECT_EQ(as_event("x"), "data: x\n\n");
}

TEST(chat_response, leaves_usage_out_of_a_stream_that_did_not_ask_for_it) {
  EXPECT_FALSE(json::parse(chat_response("id", "model", 7, false).text_chunk("x")).contains("usage"));
}

TEST(embedding_request, takes_one_text_or_many) {
  EXPECT_EQ(read_embedding_request({{"input", "a"}})->inputs.size(), 1U);
  const auto many = read_embedding_request({{"input", {"a", "b"}}, {"encoding_format", "base64"}, {"dimensions", 384}});
  ASSERT_TRUE(many);
  EXPECT_EQ(many->inputs[1], "b");
  EXPECT_TRUE(many->base64);
  EXPECT_EQ(many->dimensions, 384U);
}

TEST(embedding_request, refuses_what_it_cannot_embed) {
  EXPECT_EQ(read_embedding_request(json::object()).error().param, "input");
  EXPECT_EQ(read_embedding_request({{"input", ""}}).error().param, "input");
  EXPECT_EQ(read_embedding_request({{"input", json::array()}}).error().param, "input");
  EXPECT_EQ(read_embedding_request({{"input", {1, 2, 3}}}).error().param, "input");
  EXPECT_EQ(read_embedding_request({{"input", json(std::vector<std::string>(limits::embedding_inputs + 1, "x"))}}).error().param, "input");
  EXPECT_EQ(read_embedding_request({{"input", "a"}, {"encoding_format", "hex"}}).error().param, "encoding_format");
  EXPECT_EQ(read_embedding_request({{"input", "a"}, {"dimensions", "many"}}).error().param, "dimensions");
}

TEST(embedding_response, encodes_base64_like_the_standard_says) {
  EXPECT_EQ(base64_of(""), "");
  EXPECT_EQ(base64_of("f"), "Zg==");
  EXPECT_EQ(base64_of("fo"), "Zm8=");
  EXPECT_EQ(base64_of("foo"), "Zm9v");
  EXPECT_EQ(base64_of("\xFF\xFE\xFD\xFC"), "//79/A==");
}

TEST(options, names_what_is_wrong_on_the_command_line) {
  const auto parse = [](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "program");
    std::vector<char*> raw;
    for (std::string& argument : arguments) raw.push_back(argument.data());
    return parse_options(static_cast<int>(raw.size()), raw.data());
  };
  EXPECT_EQ(parse({"--chat-model", "x.gguf", "--port=81"})->port, 81);
  EXPECT_EQ(parse({"--port", "70000"}).error().message, "--port can't be '70000'");
  EXPECT_EQ(parse({"--threads", "0", "--chat-model", "x"}).error().message, "--threads can't be '0'");
  EXPECT_EQ(parse({"--what"}).error().message, "unknown flag --what");
  EXPECT_FALSE(parse({}).error().message.empty());
  EXPECT_TRUE(parse({"--help"}).error().message.empty());
}

} // namespace
} // namespace reverie::model_server
