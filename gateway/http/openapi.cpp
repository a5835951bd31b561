#include "gateway/http/openapi.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace reverie::gateway {

using json_value = nlohmann::json;

namespace {

json_value reference(const std::string& schema) { return {{"$ref", "#/components/schemas/" + schema}}; }

json_value parameter(const std::string& name, const char* in, bool required) {
  return {{"name", name}, {"in", in}, {"required", required}, {"schema", {{"type", "string"}}}};
}

json_value parameters_of(const route& of) {
  auto list = json_value::array();
  for (std::size_t at = of.pattern.find('{'); at != std::string::npos; at = of.pattern.find('{', at + 1)) {
    list.push_back(parameter(of.pattern.substr(at + 1, of.pattern.find('}', at) - at - 1), "path", true));
  }
  auto query = of.query;
  if (of.is_list) query.insert(query.end(), {"page", "page_size", "cursor", "filter", "sort", "min_position"});
  for (const auto& name : query) list.push_back(parameter(name, "query", false));
  return list;
}

json_value list_schema(const std::string& item) {
  return {{"type", "object"},
          {"required", {"items", "total", "page", "page_size", "has_more", "next_cursor"}},
          {"properties",
           {{"items", {{"type", "array"}, {"items", reference(item)}}},
            {"total", {{"type", "integer"}}},
            {"page", {{"type", "integer"}}},
            {"page_size", {{"type", "integer"}}},
            {"has_more", {{"type", "boolean"}}},
            {"next_cursor", {{"type", {"string", "null"}}}}}}};
}

json_value operation_of(const route& of) {
  json_value success = {{"description", of.summary}};
  if (!of.response_schema.empty()) {
    success["content"]["application/json"]["schema"] = of.is_list ? list_schema(of.response_schema) : reference(of.response_schema);
  }
  json_value failure = {{"description", "An error"}, {"content", {{"application/json", {{"schema", reference("Error")}}}}}};
  json_value operation = {{"summary", of.summary},
                    {"parameters", parameters_of(of)},
                    {"responses", {{std::to_string(of.success), success}, {"default", failure}}}};
  if (!of.body_types.empty()) {
    json_value content;
    for (const auto& type : of.body_types) {
      content[type]["schema"] = type == "image/png" ? json_value{{"type", "string"}, {"format", "binary"}} : reference(of.request_schema);
    }
    operation["requestBody"] = {{"required", true}, {"content", content}};
  }
  if (of.access == route_access::everybody) operation["security"] = json_value::array();
  return operation;
}

} // namespace

std::string openapi_document(const std::vector<route>& routes) {
  json_value paths;
  for (const auto& each : routes) {
    auto method = each.method;
    std::ranges::transform(method, method.begin(), [](char c) { return static_cast<char>(c - 'A' + 'a'); });
    paths[each.pattern][method] = operation_of(each);
  }
  json_value whole = {{"openapi", "3.1.0"},
                   {"info", {{"title", "Reverie"}, {"version", "1"}, {"description", "AI characters that remember."}}},
                   {"paths", paths},
                   {"security", {{{"bearer", json_value::array()}}, {{"api_key", json_value::array()}}}},
                   {"components",
                    {{"schemas", json_value::parse(openapi_schemas())},
                     {"securitySchemes",
                      {{"bearer", {{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}},
                       {"api_key", {{"type", "apiKey"}, {"in", "header"}, {"name", "X-API-Key"}}}}}}}};
  return whole.dump();
}

} // namespace reverie::gateway
