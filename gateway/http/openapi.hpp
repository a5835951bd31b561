#pragma once

#include "gateway/http/router.hpp"

#include <string>
#include <vector>

namespace reverie::gateway {

/// The OpenAPI 3.1 document of the routes; names of schemas are those of `openapi_schemas.cpp`.
std::string openapi_document(const std::vector<route>& routes);

/// `components.schemas` as JSON.
std::string_view openapi_schemas();

} // namespace reverie::gateway
