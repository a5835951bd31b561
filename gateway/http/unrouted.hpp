#pragma once

#include "gateway/http/router.hpp"
#include "gateway/http/static_site.hpp"

namespace reverie::gateway {

/// What a request gets that no route takes: 405 with `Allow`, 204 for OPTIONS, a file of the page, or 404.
http_response answer_unrouted(const http_request& request, const route_match& match, const static_site& site);

} // namespace reverie::gateway
