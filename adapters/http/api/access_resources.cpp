#include "adapters/http/api/access_resources.hpp"

#include "adapters/http/api/access_bodies.hpp"
#include "adapters/http/api/access_guard.hpp"
#include "adapters/http/json/body_reader.hpp"
#include "adapters/http/json/page_writer.hpp"
#include "adapters/http/server/problem.hpp"
#include "text/json_writer.hpp"

#include <optional>
#include <utility>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;
using ports::access_done;
using ports::access_grant;
using ports::access_outcome;

namespace {

constexpr std::size_t secret_bytes_max = 256;
constexpr const char* off_text =
    "access is not controlled here: every client may do everything (busbar engine --access FOLDER)";

response no_content() {
  response done;
  done.status = 204;
  done.content_type.clear();
  done.headers.push_back({"Cache-Control", "no-store"});
  return done;
}

/// Answers a login, by cookies where the page has asked for them.
ports::access_listener<access_grant> grant_to(const request& asked, const responder& reply,
                                              bool is_by_cookie) {
  return [reply, is_by_cookie, path = asked.path,
          is_secure = asked.papers.origin.starts_with("https://")](
             access_outcome<access_grant> given) {
    if (const auto* failure = std::get_if<ports::access_failure>(&given))
      return reply(refusal_of(*failure, path, true));
    reply(grant_response(std::get<access_grant>(given), is_by_cookie, is_secure));
  };
}

ports::access_listener<access_done> done_to(const request& asked, const responder& reply) {
  return [reply, path = asked.path](access_outcome<access_done> given) {
    if (const auto* failure = std::get_if<ports::access_failure>(&given))
      return reply(refusal_of(*failure, path, false));
    reply(no_content());
  };
}

void log_in(ports::access& access, const request& asked, const responder& reply) {
  body_reader body{asked};
  ports::login tried{body.required_id("name"), required_secret(body, "password"),
                     asked.by.address};
  const bool is_by_cookie = body.truth("cookie").value_or(false);
  if (auto refusal = body.refusal(asked)) return reply(*refusal);
  access.log_in(tried, grant_to(asked, reply, is_by_cookie));
}

void set_up(ports::access& access, const request& asked, const responder& reply) {
  body_reader body{asked};
  const auto code = required_secret(body, "code");
  ports::login first{body.required_id("name"), required_secret(body, "password"),
                     asked.by.address};
  const bool is_by_cookie = body.truth("cookie").value_or(false);
  if (auto refusal = body.refusal(asked)) return reply(*refusal);
  access.set_up(code, first, grant_to(asked, reply, is_by_cookie));
}

/// The refresh token of the body, or of the page's cookie; empty: there is none.
std::pair<std::string, bool> refresh_token_of(body_reader& body, const request& asked) {
  auto stated = body.text("refresh_token", secret_bytes_max);
  if (stated) return {*std::move(stated), false};
  return {cookie_in(asked.papers.cookie, refresh_cookie), true};
}

void refresh(ports::access& access, const request& asked, const responder& reply) {
  auto body = body_reader::of_optional(asked);
  const auto [token, is_by_cookie] = refresh_token_of(body, asked);
  if (auto refusal = body.refusal(asked)) return reply(*refusal);
  access.refresh(token, grant_to(asked, reply, is_by_cookie));
}

void log_out(ports::access& access, const request& asked, const responder& reply) {
  auto body = body_reader::of_optional(asked);
  const auto token = refresh_token_of(body, asked).first;
  if (auto refusal = body.refusal(asked)) return reply(*refusal);
  access.log_out(token, [reply, path = asked.path](access_outcome<access_done> given) {
    if (const auto* failure = std::get_if<ports::access_failure>(&given))
      return reply(refusal_of(*failure, path, false));
    reply(without_cookies(no_content()));
  });
}

void change_password(ports::access& access, const request& asked, const responder& reply) {
  body_reader body{asked};
  ports::login now{asked.who ? asked.who->user : std::string{},
                   required_secret(body, "old_password"), asked.by.address};
  const auto next = required_secret(body, "new_password");
  const bool is_by_cookie = body.truth("cookie").value_or(false);
  if (auto refusal = body.refusal(asked)) return reply(*refusal);
  access.change_password(*asked.who, now, next, grant_to(asked, reply, is_by_cookie));
}

response show_access(ports::access* access, const request& asked) {
  const query_reader query{asked};
  if (!query.faults().empty()) return query.problem_of(asked);
  text::json_writer json;
  json.begin_object().member("enabled", access != nullptr);
  json.member("has_users", access != nullptr && access->has_users()).key("principal");
  if (asked.who) write_principal(json, *asked.who);
  else json.null();
  if (asked.who && !asked.who->is_program()) {
    for (const auto& user : access->users())
      if (user.name == asked.who->user) write_password_age(json, user, asked.received_at);
  }
  return json_response(json.end_object().take());
}

response list_users(ports::access& access, const request& asked) {
  query_reader query{asked};
  page_writer page{read_page(query)};
  if (!query.faults().empty()) return query.problem_of(asked);
  for (const auto& each : access.users())
    if (page.wants_next()) write_user(page.json(), each, asked.received_at);
  return json_response(page.finish());
}

void add_user(ports::access& access, const request& asked, const responder& reply) {
  body_reader body{asked};
  ports::new_user made{body.required_id("name"), required_secret(body, "password"),
                       required_role(body), sites_in(body)};
  if (auto refusal = body.refusal(asked)) return reply(*refusal);
  access.add_user(made, done_to(asked, reply));
}

void change_user(ports::access& access, const request& asked, const responder& reply) {
  body_reader body{asked};
  const auto change = read_user_change(body);
  if (auto refusal = body.refusal(asked)) return reply(*refusal);
  access.change_user(asked.captured.front(), change, done_to(asked, reply));
}

void remove_user(ports::access& access, const request& asked, const responder& reply) {
  const query_reader query{asked};
  if (!query.faults().empty()) return reply(query.problem_of(asked));
  access.remove_user(asked.captured.front(), done_to(asked, reply));
}

/// Of others an administrator alone.
std::optional<std::string> shown_owner(const request& asked) {
  if (asked.who->granted == domain::role::admin && !asked.who->sites) return std::nullopt;
  return asked.who->user;
}

response list_tokens(ports::access& access, const request& asked) {
  query_reader query{asked};
  page_writer page{read_page(query)};
  if (!query.faults().empty()) return query.problem_of(asked);
  const auto owner = shown_owner(asked);
  for (const auto& each : access.tokens())
    if ((!owner || each.owner == *owner) && page.wants_next()) write_token(page.json(), each);
  return json_response(page.finish());
}

void add_token(ports::access& access, const request& asked, const responder& reply) {
  body_reader body{asked};
  ports::new_token made;
  made.name = body.required_id("name");
  made.granted = required_role(body);
  made.sites = sites_in(body);
  const auto expires_at = body.time("expires_at");
  if (!expires_at && !body.has("expires_at")) body.refuse("expires_at", "missing", {"expires_at"});
  made.expires_at = expires_at.value_or(asked.received_at);
  if (auto refusal = body.refusal(asked)) return reply(*refusal);
  access.add_token(*asked.who, made,
                   [reply, path = asked.path](access_outcome<ports::made_token> given) {
                     if (const auto* failure = std::get_if<ports::access_failure>(&given))
                       return reply(refusal_of(*failure, path, false));
                     reply(token_response(std::get<ports::made_token>(given)));
                   });
}

void remove_token(ports::access& access, const request& asked, const responder& reply) {
  const query_reader query{asked};
  if (!query.faults().empty()) return reply(query.problem_of(asked));
  access.remove_token(asked.captured.front(), shown_owner(asked), done_to(asked, reply));
}

} // namespace

void add_access_resources(router& routes, ports::access* access) {
  const std::string all = "/api/v1/access";
  const auto late = [access](auto handle) {
    return [access, handle](const request& asked, const responder& reply) {
      if (access == nullptr) return reply(problem(404, off_text, asked.path));
      handle(*access, asked, reply);
    };
  };
  const auto now = [access](auto handle) {
    return [access, handle](const request& asked) {
      return access == nullptr ? problem(404, off_text, asked.path) : handle(*access, asked);
    };
  };
  routes.add(method::get, all,
             [access](const request& asked) { return show_access(access, asked); });
  routes.add_late(method::post, all + "/set-up", late(set_up));
  routes.add_late(method::post, all + "/login", late(log_in));
  routes.add_late(method::post, all + "/refresh", late(refresh));
  routes.add_late(method::post, all + "/logout", late(log_out));
  routes.add_late(method::post, all + "/password", late(change_password));
  routes.add(method::get, all + "/users", now(list_users));
  routes.add_late(method::post, all + "/users", late(add_user));
  routes.add_late(method::patch, all + "/users/{user}", late(change_user));
  routes.add_late(method::remove, all + "/users/{user}", late(remove_user));
  routes.add(method::get, all + "/tokens", now(list_tokens));
  routes.add_late(method::post, all + "/tokens", late(add_token));
  routes.add_late(method::remove, all + "/tokens/{token}", late(remove_token));
}

} // namespace busbar::adapters::http::api
