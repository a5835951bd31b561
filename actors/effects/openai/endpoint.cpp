#include "actors/effects/openai/endpoint.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace reverie::actors {

events::outcome<model_endpoint> parse_endpoint(std::string_view url) {
  using events::failure_code;
  auto parsed = boost::urls::parse_uri(url);
  if (!parsed) return events::fail(failure_code::malformed, "the model address is no URL: use http://host:port/v1");
  if (parsed->scheme() != "http" && parsed->scheme() != "https")
    return events::fail(failure_code::malformed, "the model address must begin with http:// or https://");
  if (parsed->has_userinfo())
    return events::fail(failure_code::malformed, "the model address may hold no credentials: set the key by its own setting");
  if (parsed->host().empty()) return events::fail(failure_code::malformed, "the model address names no host");
  model_endpoint endpoint;
  endpoint.scheme = parsed->scheme();
  endpoint.host = parsed->host_address();
  endpoint.port = endpoint.scheme == "https" ? 443 : 80;
  if (parsed->has_port()) {
    if (parsed->port_number() == 0) return events::fail(failure_code::malformed, "the model address names no usable port");
    endpoint.port = parsed->port_number();
  }
  endpoint.base_path = std::string(parsed->encoded_path());
  while (endpoint.base_path.ends_with('/')) endpoint.base_path.pop_back();
  return endpoint;
}

} // namespace reverie::actors
