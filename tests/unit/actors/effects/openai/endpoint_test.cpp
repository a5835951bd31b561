#include "actors/effects/openai/endpoint.hpp"

#include <gtest/gtest.h>

using reverie::actors::parse_endpoint;

TEST(endpoint, is_read_from_an_address_with_port_and_path) {
  auto endpoint = parse_endpoint("http://127.0.0.1:8081/v1/");
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint->host, "127.0.0.1");
  EXPECT_EQ(endpoint->port, 8081);
  EXPECT_EQ(endpoint->base_path, "/v1");
}

TEST(endpoint, takes_the_usual_port_of_its_scheme) {
  EXPECT_EQ(parse_endpoint("https://models.example/v1")->port, 443);
  EXPECT_EQ(parse_endpoint("http://[::1]/v1")->host, "::1");
}

TEST(endpoint, refuses_what_is_no_usable_address) {
  for (auto url : {"", "models.example", "ftp://models.example", "http://", "http://name:word@models.example/", "http://h:0/"})
    EXPECT_FALSE(parse_endpoint(url)) << url;
}
