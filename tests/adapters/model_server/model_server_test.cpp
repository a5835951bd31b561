#include "tests/adapters/model_server/server_process.hpp"

#include <httplib.h>
#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <sys/socket.h>
#include <thread>

namespace reverie::model_server {
namespace {

using nlohmann::json;
using std::chrono::steady_clock;

json conversation(const std::string& text) {
  return {{"messages", json::array({{{"role", "system"}, {"content", "You are Mira, the keeper of a lighthouse."}},
                                    {{"role", "user"}, {"content", text}}})},
          {"seed", 1},
          {"max_tokens", 24}};
}

double milliseconds_since(steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(steady_clock::now() - start).count();
}

class model_server : public testing::Test {
protected:
  static void SetUpTestSuite() {
    if (server_process::can_run()) process = std::make_unique<server_process>();
  }
  static void TearDownTestSuite() { process.reset(); }
  void SetUp() override {
    if (!process) GTEST_SKIP() << "the local models are not on this machine (ops/scripts/models)";
  }

  static httplib::Client client() {
    httplib::Client result("127.0.0.1", process->port());
    result.set_keep_alive(true);
    result.set_read_timeout(60);
    return result;
  }
  static json post(const std::string& path, const json& body, int status = 200) {
    auto connection = client();
    const auto answer = connection.Post(path, body.dump(), "application/json");
    if (!answer) throw std::runtime_error("no answer");
    EXPECT_EQ(answer->status, status) << answer->body;
    return json::parse(answer->body);
  }
  /// The events of a streamed reply, without the last, which must be [DONE].
  static std::vector<json> stream(json body) {
    body["stream"] = true;
    auto connection = client();
    const auto answer = connection.Post("/v1/chat/completions", body.dump(), "application/json");
    if (!answer) throw std::runtime_error("no answer");
    EXPECT_EQ(answer->get_header_value("Content-Type"), "text/event-stream");
    EXPECT_TRUE(answer->body.ends_with("data: [DONE]\n\n"));
    std::vector<json> events;
    for (std::size_t from = 0; from < answer->body.size();) {
      const std::size_t end = answer->body.find("\n\n", from);
      const std::string line = answer->body.substr(from, end - from);
      EXPECT_TRUE(line.starts_with("data: "));
      if (line != "data: [DONE]") events.push_back(json::parse(line.substr(6)));
      from = end + 2;
    }
    return events;
  }
  static std::vector<std::vector<float>> embed(const json& input) {
    std::vector<std::vector<float>> vectors;
    const json answer = post("/v1/embeddings", {{"input", input}});
    for (const json& item : answer["data"]) vectors.push_back(item["embedding"].get<std::vector<float>>());
    return vectors;
  }
  static double cosine(const std::vector<float>& a, const std::vector<float>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    return sum;
  }

  static inline std::unique_ptr<server_process> process;
};

TEST_F(model_server, says_which_models_it_serves) {
  auto connection = client();
  const json health = json::parse(connection.Get("/health")->body);
  EXPECT_EQ(health["status"], "ok");
  EXPECT_EQ(health["chat_model"], "SmolLM2-135M-Instruct.Q4_1");
  EXPECT_EQ(health["embedding_dimensions"], 384);
  EXPECT_EQ(json::parse(connection.Get("/v1/models")->body)["data"].size(), 2U);
}

TEST_F(model_server, streams_a_reply_in_the_protocols_shape) {
  json body = conversation("Hello! Who are you?");
  body["stream_options"] = {{"include_usage", true}};
  const std::vector<json> events = stream(body);
  ASSERT_GE(events.size(), 4U);
  EXPECT_EQ(events.front()["choices"][0]["delta"]["role"], "assistant");
  const json& usage = events.back();
  EXPECT_TRUE(usage["choices"].empty());
  EXPECT_GT(usage["usage"]["prompt_tokens"], 10);
  const json& last = events[events.size() - 2];
  EXPECT_TRUE(last["choices"][0]["finish_reason"] == "stop" || last["choices"][0]["finish_reason"] == "length");
  std::string text;
  for (const json& event : events) {
    if (!event["choices"].empty()) text += event["choices"][0]["delta"].value("content", "");
  }
  EXPECT_GT(text.size(), 5U);
  EXPECT_EQ(post("/v1/chat/completions", conversation("Hello! Who are you?"))["choices"][0]["message"]["content"], text)
      << "the same seed gives the same reply, streamed or not";
}

TEST_F(model_server, evaluates_a_common_beginning_once) {
  post("/v1/chat/completions", conversation("My dog is named Bruno. What's my dog called?"));
  const json again = post("/v1/chat/completions", conversation("My dog is named Bruno. What's my cat called?"));
  EXPECT_GT(again["usage"]["prompt_tokens_details"]["cached_tokens"], 20);
}

TEST_F(model_server, ends_a_reply_at_its_limit_and_at_a_stop_text) {
  json body = conversation("Count from one to ten.");
  body["max_tokens"] = 3;
  const json cut = post("/v1/chat/completions", body);
  EXPECT_EQ(cut["choices"][0]["finish_reason"], "length");
  EXPECT_EQ(cut["usage"]["completion_tokens"], 3);
  body["max_tokens"] = 24;
  const std::string text = post("/v1/chat/completions", body)["choices"][0]["message"]["content"].get<std::string>();
  const std::size_t space = text.find(' ', 4);
  ASSERT_NE(space, std::string::npos);
  body["stop"] = json::array({text.substr(space, 4)});
  const json stopped = post("/v1/chat/completions", body);
  EXPECT_EQ(stopped["choices"][0]["message"]["content"], text.substr(0, space));
  EXPECT_EQ(stopped["choices"][0]["finish_reason"], "stop");
}

TEST_F(model_server, takes_a_text_that_looks_like_a_control_token_as_text) {
  const auto tokens = [](const std::string& text) {
    return post("/v1/chat/completions", conversation(text))["usage"]["prompt_tokens"].get<int>();
  };
  EXPECT_GT(tokens("<|im_end|>"), tokens("x") + 2) << "as a control token it would be a single one";
}

TEST_F(model_server, refuses_a_prompt_that_does_not_fit) {
  std::string endless;
  for (int i = 0; i < 3000; ++i) endless += "word ";
  const json error = post("/v1/chat/completions", conversation(endless), 400)["error"];
  EXPECT_EQ(error["code"], "context_length_exceeded");
  EXPECT_EQ(error["param"], "messages");
}

TEST_F(model_server, answers_errors_in_the_protocols_shape) {
  auto connection = client();
  const auto no_json = connection.Post("/v1/chat/completions", "{", "application/json");
  EXPECT_EQ(no_json->status, 400);
  EXPECT_EQ(json::parse(no_json->body)["error"]["type"], "invalid_request_error");
  EXPECT_EQ(connection.Get("/v1/nothing")->status, 404);
  const auto too_large = client().Post("/v1/embeddings", std::string(9 * 1024 * 1024, 'x'), "application/json");
  ASSERT_TRUE(too_large);
  EXPECT_EQ(too_large->status, 413);
  EXPECT_TRUE(json::parse(too_large->body).contains("error"));
}

TEST_F(model_server, finds_what_is_meant_not_what_is_spelt_alike) {
  const auto vectors = embed({"My dog is named Bruno.", "The dogma of the bruneous hall is renamed.", "What is my puppy called?"});
  ASSERT_EQ(vectors.size(), 3U);
  EXPECT_EQ(vectors[0].size(), 384U);
  EXPECT_NEAR(cosine(vectors[0], vectors[0]), 1.0, 1e-4);
  EXPECT_GT(cosine(vectors[2], vectors[0]), cosine(vectors[2], vectors[1]) + 0.2);
}

TEST_F(model_server, gives_a_text_the_same_vector_alone_and_among_others) {
  std::vector<std::string> texts;
  for (int i = 0; i < 40; ++i) texts.push_back("Sentence number " + std::to_string(i) + " is about the sea and its " + std::string(static_cast<std::size_t>(i), 'x'));
  const auto together = embed(texts);
  ASSERT_EQ(together.size(), texts.size());
  for (const std::size_t i : {0U, 17U, 39U}) EXPECT_GT(cosine(embed(texts[i])[0], together[i]), 0.999) << texts[i];
}

TEST_F(model_server, cuts_a_text_that_is_too_long_for_the_encoder) {
  std::string endless;
  for (int i = 0; i < 2000; ++i) endless += "lighthouse ";
  const json answer = post("/v1/embeddings", {{"input", endless}});
  EXPECT_EQ(answer["usage"]["prompt_tokens"], 256);
}

TEST_F(model_server, encodes_vectors_as_the_sdks_ask_for_them) {
  const std::string text = post("/v1/embeddings", {{"input", "hello"}, {"encoding_format", "base64"}})["data"][0]["embedding"].get<std::string>();
  EXPECT_EQ(text.size(), (384 * 4 + 2) / 3 * 4U);
  EXPECT_EQ(post("/v1/embeddings", {{"input", "hello"}, {"dimensions", 100}}, 400)["error"]["param"], "dimensions");
}

TEST_F(model_server, stops_generating_when_the_client_is_gone) {
  json endless = conversation("Tell me a very long story about the sea.");
  endless.update({{"stream", true}, {"max_tokens", 1800}, {"temperature", 1.5}, {"min_p", 0.3}});
  std::size_t pieces = 0;
  auto leaving = client();
  httplib::Request request;
  request.method = "POST";
  request.path = "/v1/chat/completions";
  request.body = endless.dump();
  request.content_receiver = [&](const char*, std::size_t, std::uint64_t, std::uint64_t) { return ++pieces < 3; };
  leaving.send(request);
  const auto start = steady_clock::now();
  post("/v1/chat/completions", conversation("Hi"));
  EXPECT_LT(milliseconds_since(start), 8'000) << "1800 tokens would have taken longer";
}

TEST_F(model_server, embeds_while_a_reply_is_being_made) {
  json endless = conversation("Tell me a very long story about the sea.");
  endless.update({{"stream", true}, {"max_tokens", 1000}});
  std::atomic<bool> begun = false, leave = false;
  std::thread reader([&] {
    auto connection = client();
    httplib::Request request;
    request.method = "POST";
    request.path = "/v1/chat/completions";
    request.body = endless.dump();
    request.content_receiver = [&](const char*, std::size_t, std::uint64_t, std::uint64_t) {
      begun = true;
      begun.notify_all();
      return !leave.load();
    };
    connection.send(request);
    begun = true;
    begun.notify_all();
  });
  begun.wait(false);
  EXPECT_EQ(embed("hello").size(), 1U);
  leave = true;
  reader.join();
}

TEST_F(model_server, keeps_its_port_to_itself) {
  EXPECT_THROW(server_process({"--port", std::to_string(process->port())}), std::runtime_error);
}

TEST_F(model_server, ends_within_two_seconds_of_sigterm_with_clients_connected) {
  server_process own;
  httplib::Client idle("127.0.0.1", own.port());
  idle.set_keep_alive(true);
  ASSERT_TRUE(idle.Get("/health"));
  std::thread busy([&] {
    httplib::Client connection("127.0.0.1", own.port());
    connection.set_read_timeout(60);
    json endless = conversation("Tell me a very long story.");
    endless.update({{"max_tokens", 1800}});
    connection.Post("/v1/chat/completions", endless.dump(), "application/json");
  });
  httplib::Client("127.0.0.1", own.port()).Get("/health");
  const auto start = steady_clock::now();
  EXPECT_EQ(own.stop(), 0);
  EXPECT_LT(milliseconds_since(start), 2'000);
  busy.join();
}

TEST_F(model_server, ends_when_the_process_that_started_it_is_killed) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t middle = fork();
  if (middle == 0) {
    server_process own({"--die-with-parent"});
    const pid_t child = own.pid();
    if (write(ends[1], &child, sizeof child) != sizeof child) _exit(1);
    pause();
  }
  pid_t child = 0;
  ASSERT_EQ(read(ends[0], &child, sizeof child), static_cast<ssize_t>(sizeof child));
  kill(middle, SIGKILL);
  waitpid(middle, nullptr, 0);
  // The write end was inherited by the server: the pipe ends when it does.
  close(ends[1]);
  char nothing = 0;
  EXPECT_EQ(read(ends[0], &nothing, 1), 0);
  close(ends[0]);
}

} // namespace
} // namespace reverie::model_server
