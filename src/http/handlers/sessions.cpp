#include "http/dispatch.h"
#include "http/encode.h"
#include "service/accounts.h"
#include "service/auth.h"
#include "service/cells.h"

namespace gridward::http {

Result<Response> sign_in(const Call& call) {
  const Input& b = call.body;
  const bool cookie = b.flag("cookie");
  auto session = service::sign_in(call.context.writes, b.text("username"), Secret(b.text("password")), cookie, call.context.session_lasts);
  if (!session) return fail(session.error());
  Json json;
  json.StartObject();
  member_or_null(json, "token", cookie ? "" : session->token.reveal());
  member(json, "csrf", session->csrf);
  json.EndObject();
  Response response = json_response(201, json);
  response.headers.emplace_back("Cache-Control", "no-store");
  if (cookie)
    response.headers.emplace_back("Set-Cookie", "gridward=" + session->token.reveal() + "; Path=/; HttpOnly; SameSite=Strict");
  return response;
}

Result<Response> sign_out(const Call& call) {
  if (auto done = service::sign_out(call.context.writes, call.who); !done) return fail(done.error());
  Response response;
  response.status = 204;
  return response;
}

Result<Response> get_me(const Call& call) {
  const auto person = service::person_of(call.context.reads, call.who);
  if (!person) return fail(person.error());
  Json json;
  json.StartObject();
  member(json, "username", call.who.username);
  member(json, "display_name", call.who.display_name);
  if (*person == 0) {
    json.Key("person");
    json.Null();
  } else {
    member(json, "person", *person);
  }
  member(json, "csrf", call.who.csrf);
  list(json, "grants", call.who.grants, [&](const Grant& g) {
    json.StartObject();
    member(json, "role", g.role);
    member(json, "district", g.district);
    member(json, "cell", g.cell);
    json.EndObject();
  });
  json.EndObject();
  return json_response(200, json);
}

}  // namespace gridward::http
