#include "ops/operator/recall_view.hpp"

namespace reverie::ops {

using gateway::document;

namespace {

document field_or_null(const document& of, const char* name) {
  const auto found = of.find(name);
  return found == of.end() ? document(nullptr) : *found;
}

} // namespace

document recall_view(std::string_view manifest_json) {
  const auto manifest = document::parse(manifest_json, nullptr, false);
  if (!manifest.is_object()) return nullptr;
  auto memories = document::array(), cut = document::array();
  const auto ranking = field_or_null(manifest, "ranking");
  const auto pieces = manifest.find("pieces");
  if (pieces != manifest.end() && pieces->is_array())
    for (const auto& each : *pieces) {
      const auto kept = each.find("kept");
      const bool stands = kept != each.end() && kept->is_boolean() && kept->get<bool>();
      if (!stands)
        cut.push_back({{"kind", field_or_null(each, "kind")}, {"id", field_or_null(each, "id")}, {"tokens", field_or_null(each, "tokens")},
                       {"score", field_or_null(each, "score")}, {"reason", field_or_null(each, "reason")}});
      else if (field_or_null(each, "kind") == "memory")
        memories.push_back({{"memory_id", field_or_null(each, "id")}, {"text", nullptr}, {"score", field_or_null(each, "score")}, {"reason", ranking}});
    }
  return {{"model", field_or_null(manifest, "model")},         {"prompt_shape", field_or_null(manifest, "shape")},
          {"token_budget", field_or_null(manifest, "budget_tokens")}, {"tokens", field_or_null(manifest, "estimated_tokens")},
          {"note", field_or_null(manifest, "recall")},         {"memories", std::move(memories)}, {"cut", std::move(cut)}};
}

} // namespace reverie::ops
