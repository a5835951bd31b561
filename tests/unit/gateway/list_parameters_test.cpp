#include "gateway/http/list_parameters.hpp"
#include "gateway/http/router.hpp"

#include <gtest/gtest.h>

#include <random>

namespace reverie::gateway {
namespace {

using projections::list_field;

const std::vector<list_field> fields{{"name", list_field::kind::text}, {"at", list_field::kind::time}, {"id", list_field::kind::uuid},
                                     {"n", list_field::kind::number}, {"open", list_field::kind::boolean},
                                     {"tags", list_field::kind::text_list}};

auto list(const std::string& query) { return list_request_of(*parse_form(query), fields); }

TEST(list_parameters, have_defaults_and_bounds) {
  EXPECT_EQ(list("")->page_size, 20u);
  EXPECT_EQ(list("page=3&page_size=100")->page, 3u);
  for (const char* bad : {"page=0", "page=-1", "page=x", "page=", "page=4294967296"}) EXPECT_EQ(list(bad).error().param, "page") << bad;
  for (const char* bad : {"page_size=0", "page_size=101", "page_size=1e2"}) EXPECT_EQ(list(bad).error().param, "page_size") << bad;
}

TEST(list_parameters, read_filters_with_values_that_hold_colons) {
  auto request = list("filter=at:gte:2026-01-01T00:00:00Z,name:in:a|b,open:eq:true,name:is_null&sort=-at");
  ASSERT_TRUE(request) << request.error().message;
  ASSERT_EQ(request->filters.size(), 4u);
  EXPECT_EQ(request->filters[0].value, "2026-01-01T00:00:00Z");
  EXPECT_EQ(request->filters[3].op, "is_null");
  EXPECT_TRUE(request->descending);
}

TEST(list_parameters, refuse_what_does_not_fit) {
  for (const char* bad : {"filter=name", "filter=other:eq:1", "filter=name:same:1", "filter=at:eq:yesterday", "filter=id:eq:1", "filter=n:gt:x",
                          "filter=open:eq:1", "filter=id:in:1|2", "filter=n:like:1",
                          "filter=n:eq:1,n:eq:1,n:eq:1,n:eq:1,n:eq:1,n:eq:1,n:eq:1,n:eq:1,n:eq:1,n:eq:1,n:eq:1"}) {
    EXPECT_EQ(list(bad).error().param, "filter") << bad;
  }
  EXPECT_EQ(list("sort=other").error().param, "sort");
  EXPECT_EQ(list("cursor=" + std::string(600, 'x')).error().param, "cursor");
}

TEST(list_parameters, know_no_order_of_lists) {
  for (const char* op : {"gt", "gte", "lt", "lte"}) EXPECT_EQ(list("filter=tags:" + std::string(op) + ":a").error().param, "filter") << op;
  for (const char* op : {"eq", "ne", "in", "like"}) EXPECT_TRUE(list("filter=tags:" + std::string(op) + ":a")) << op;
  EXPECT_EQ(list("sort=tags").error().param, "sort");
}

TEST(list_parameters, are_blamed_for_what_a_list_could_not_read) {
  auto unread = validation_error("This could not be read.", "");
  EXPECT_EQ(list_error(unread, *list("cursor=abc&filter=name:eq:a")).param, "cursor");
  EXPECT_EQ(list_error(unread, *list("filter=at:gt:9999-01-01T00:00:00Z")).param, "filter");
  EXPECT_EQ(list_error(unread, *list("sort=name")).param, "sort");
  EXPECT_EQ(list_error(internal_error(), *list("cursor=abc")), internal_error());
}

TEST(list_parameters, survive_any_text) {
  auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int i = 0; i < 20'000; ++i) {
    std::string text(random() % 30, ' ');
    for (auto& c : text) c = "name:eq,|in1-"[random() % 13];
    (void)list_request_of({{"filter", text}, {"sort", text}, {"page", text}}, fields);
  }
}

TEST(router, finds_routes_and_names_allowed_methods) {
  router routes({{"GET", "/a", ""}, {"GET", "/a/{id}", ""}, {"POST", "/a/{id}/b", ""}, {"DELETE", "/a/{id}", ""}});
  EXPECT_EQ(routes.match("GET", "/a").found, &routes.routes()[0]);
  EXPECT_EQ(routes.match("HEAD", "/a/7").path_values, std::vector<std::string>{"7"});
  EXPECT_EQ(routes.match("POST", "/a/7/b").found, &routes.routes()[2]);
  auto wrong = routes.match("PUT", "/a/7");
  EXPECT_EQ(wrong.found, nullptr);
  EXPECT_EQ(wrong.allow, "GET, HEAD, DELETE");
  EXPECT_EQ(routes.match("GET", "/b").allow, "");
  EXPECT_EQ(routes.match("GET", "/a/7/b/c").found, nullptr);
}

} // namespace
} // namespace reverie::gateway
