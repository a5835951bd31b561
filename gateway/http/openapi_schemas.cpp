#include "gateway/http/openapi.hpp"

namespace reverie::gateway {

std::string_view openapi_schemas() {
  return R"json({
"Id":{"type":"string","format":"uuid"},
"Time":{"type":"string","format":"date-time"},
"Position":{"type":"string","description":"opaque; grows within a conversation"},
"Error":{"type":"object","properties":{"error":{"type":"object","required":["type","code","message","param","details","request_id"],
 "properties":{"type":{"type":"string"},"code":{"type":"string"},"message":{"type":"string"},"param":{"type":["string","null"]},
 "details":{"type":["object","null"]},"request_id":{"type":"string"}}}}},
"Registration":{"type":"object","required":["email","password","name"],"properties":{"email":{"type":"string","format":"email"},
 "password":{"type":"string","minLength":8},"name":{"type":"string"}}},
"TokenRequest":{"type":"object","required":["grant_type"],"properties":{"grant_type":{"enum":["password","refresh_token"]},
 "username":{"type":"string"},"password":{"type":"string"},"refresh_token":{"type":"string"}}},
"RefreshToken":{"type":"object","required":["refresh_token"],"properties":{"refresh_token":{"type":"string"}}},
"ApiKeyRequest":{"type":"object","required":["label"],"properties":{"label":{"type":"string"}}},
"ApiKey":{"type":"object","properties":{"api_key":{"type":"string"},"label":{"type":"string"}}},
"Tokens":{"type":"object","properties":{"access_token":{"type":"string"},"refresh_token":{"type":"string"},
 "token_type":{"const":"bearer"},"expires_in":{"type":"integer"},"scope":{"type":"string"}}},
"User":{"type":"object","properties":{"id":{"$ref":"#/components/schemas/Id"},"email":{"type":"string"},"name":{"type":"string"},
 "roles":{"type":"array","items":{"type":"string"}},"created_at":{"$ref":"#/components/schemas/Time"}}},
"SignedUp":{"allOf":[{"$ref":"#/components/schemas/Tokens"},{"type":"object","properties":{"user":{"$ref":"#/components/schemas/User"}}}]},
"CharacterCard":{"type":"object","description":"Character Card V1, V2 or V3"},
"Character":{"type":"object","properties":{"id":{"$ref":"#/components/schemas/Id"},"name":{"type":"string"},"tagline":{"type":"string"},
 "greeting":{"type":"string"},"tags":{"type":"array","items":{"type":"string"}},"avatar_url":{"type":["string","null"]},
 "version":{"type":"integer"},"created_at":{"$ref":"#/components/schemas/Time"},"updated_at":{"$ref":"#/components/schemas/Time"},
 "owner_id":{"type":["string","null"]}}},
"ConversationRequest":{"type":"object","required":["character_id"],"properties":{"character_id":{"$ref":"#/components/schemas/Id"}}},
"Conversation":{"type":"object","properties":{"id":{"$ref":"#/components/schemas/Id"},"character_id":{"$ref":"#/components/schemas/Id"},
 "title":{"type":"string"},"state":{"enum":["open","closed"]},"last_position":{"$ref":"#/components/schemas/Position"},
 "created_at":{"$ref":"#/components/schemas/Time"},"updated_at":{"$ref":"#/components/schemas/Time"}}},
"MessageRequest":{"type":"object","required":["content"],"properties":{"content":{"type":"string"},
 "client_message_id":{"$ref":"#/components/schemas/Id"}}},
"Accepted":{"type":"object","properties":{"message_id":{"$ref":"#/components/schemas/Id"},"position":{"$ref":"#/components/schemas/Position"}}},
"Message":{"type":"object","properties":{"id":{"$ref":"#/components/schemas/Id"},"conversation_id":{"$ref":"#/components/schemas/Id"},
 "sibling_ids":{"type":"array","items":{"$ref":"#/components/schemas/Id"}},
 "parent_id":{"type":["string","null"]},"role":{"enum":["user","character"]},"content":{"type":"string"},
 "state":{"enum":["complete","failed","stopped"]},"created_at":{"$ref":"#/components/schemas/Time"},
 "position":{"$ref":"#/components/schemas/Position"}}},
"Memory":{"type":"object","properties":{"id":{"$ref":"#/components/schemas/Id"},"character_id":{"$ref":"#/components/schemas/Id"},
 "text":{"type":"string"},"kind":{"enum":["episode","fact"]},"score":{"type":"number"},"valid_from":{"type":["string","null"]},
 "valid_to":{"type":["string","null"]},"recorded_at":{"$ref":"#/components/schemas/Time"},"sources":{"type":"array","items":{"type":"object",
 "properties":{"conversation_id":{"$ref":"#/components/schemas/Id"},"message_id":{"$ref":"#/components/schemas/Id"}}}}}},
"Bond":{"type":"object","properties":{"character_id":{"$ref":"#/components/schemas/Id"},"axes":{"type":"object",
 "additionalProperties":{"type":"number"}},"level":{"type":"string"},"causes":{"type":"array","items":{"type":"object","properties":{
 "axis":{"type":"string"},"delta":{"type":"number"},"reason":{"type":"string"},"message_id":{"type":["string","null"]},
 "conversation_id":{"type":["string","null"]},"at":{"$ref":"#/components/schemas/Time"}}}}}},
"OperatorView":{"type":"object","description":"docs/API_REFERENCE.md, Operators"},
"OperatorPage":{"type":"object","required":["items","next_cursor","has_more","total"],"properties":{"items":{"type":"array","items":{"type":"object"}},
 "next_cursor":{"type":["string","null"]},"has_more":{"type":"boolean"},"total":{"type":["integer","null"]}}},
"OperatorAction":{"type":"object","properties":{"confirm":{"type":"string"},"reason":{"type":"string","maxLength":500}}},
"ModelStatus":{"type":"object","properties":{"chat":{"type":"object","properties":{"name":{"type":"string"},"kind":{"type":"string"},
 "note":{"type":"string"}}},"embedding":{"type":"object","properties":{"name":{"type":"string"},"dimension":{"type":"integer"}}}}}
})json";
}

} // namespace reverie::gateway
