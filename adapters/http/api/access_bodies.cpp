#include "adapters/http/api/access_bodies.hpp"

#include "adapters/http/api/access_guard.hpp"
#include "adapters/http/server/problem.hpp"
#include "control/access/password_policy.hpp"
#include "domain/time_text.hpp"

#include <chrono>
#include <vector>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;
using ports::access_fault;

namespace {

constexpr std::size_t secret_bytes_max = 256;
constexpr const char* access_path = "/";
/// The refresh token goes nowhere else.
constexpr const char* refresh_path = "/api/v1/access";
constexpr const char* login_text =
    "name or password is wrong, the user is disabled, or the token is not valid any more";

std::int64_t seconds_of(domain::microseconds time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time).count();
}

void write_sites(text::json_writer& json, const domain::site_binding& sites) {
  json.key("sites");
  if (!sites) {
    json.null();
    return;
  }
  json.begin_array();
  for (const auto& site : *sites) json.value(site.text());
  json.end_array();
}

void write_time(text::json_writer& json, const char* name,
                const std::optional<domain::instant>& at) {
  if (at) json.member(name, domain::text_of(*at));
  else json.null_member(name);
}

header cookie(const char* name, const std::string& value, const char* path, std::int64_t seconds,
              bool is_secure) {
  return {"Set-Cookie", std::string{name} + "=" + value + "; Path=" + path +
                            "; Max-Age=" + std::to_string(seconds) +
                            "; HttpOnly; SameSite=Strict" + (is_secure ? "; Secure" : "")};
}

domain::site_binding binding_of(const std::vector<std::string>& names) {
  std::vector<domain::site_id> sites;
  for (const auto& each : names) sites.emplace_back(each);
  return sites;
}

} // namespace

std::string required_secret(body_reader& body, const std::string& name) {
  const bool is_there = body.has(name);
  auto read = body.text(name, secret_bytes_max);
  if (!is_there) body.refuse(name, "missing", {name});
  return read.value_or("");
}

domain::role required_role(body_reader& body) {
  return domain::role_from(body.required_choice("role", domain::roles::names))
      .value_or(domain::role::viewer);
}

domain::site_binding sites_in(body_reader& body) {
  if (body.is_null("sites")) return std::nullopt;
  const auto names = body.ids("sites", domain::principal::bound_sites_max);
  return names ? binding_of(*names) : std::nullopt;
}

ports::user_change read_user_change(body_reader& body) {
  ports::user_change change;
  if (const auto role = body.choice("role", domain::roles::names))
    change.granted = domain::role_from(*role);
  if (body.has("sites")) change.sites = sites_in(body);
  change.is_disabled = body.truth("disabled");
  if (body.has("password")) change.password = required_secret(body, "password");
  const bool is_empty =
      !change.granted && !change.sites && !change.is_disabled && !change.password;
  if (is_empty && !body.has("role") && !body.has("disabled"))
    body.refuse("role", "missing; state role, sites, disabled or password",
                {"role", "sites", "disabled", "password"});
  return change;
}

void write_principal(text::json_writer& json, const domain::principal& who) {
  json.begin_object().member("user", who.user).key("token");
  if (who.is_program()) json.value(who.token);
  else json.null();
  json.member("role", name_of(who.granted));
  write_sites(json, who.sites);
  json.member("must_change_password", who.must_change_password).end_object();
}

void write_password_age(text::json_writer& json, const ports::user_view& user,
                        domain::instant now) {
  const control::access::password_ages ages;
  const auto age = control::access::age_of(user.password_at, now, ages);
  json.key("password").begin_object();
  json.member("changed_at", domain::text_of(user.password_at));
  json.member("expires_at", domain::text_of(user.password_at + ages.life));
  json.member("is_expiring", age != control::access::password_age::fresh).end_object();
}

void write_user(text::json_writer& json, const ports::user_view& user, domain::instant now) {
  json.begin_object().member("name", user.name).member("role", name_of(user.granted));
  write_sites(json, user.sites);
  json.member("disabled", user.is_disabled);
  json.member("made_at", domain::text_of(user.made_at));
  write_time(json, "last_login_at", user.last_login_at);
  write_password_age(json, user, now);
  json.end_object();
}

void write_token(text::json_writer& json, const ports::token_view& token) {
  json.begin_object().member("id", token.id).member("name", token.name);
  json.member("owner", token.owner).member("tail", token.tail);
  json.member("role", name_of(token.granted));
  write_sites(json, token.sites);
  json.member("made_at", domain::text_of(token.made_at));
  json.member("expires_at", domain::text_of(token.expires_at));
  write_time(json, "last_used_at", token.last_used_at);
  json.end_object();
}

response grant_response(const ports::access_grant& grant, bool is_by_cookie, bool is_secure) {
  text::json_writer json;
  json.begin_object().key("principal");
  write_principal(json, grant.who);
  const auto life = seconds_of(grant.access_life), refresh_life = seconds_of(grant.refresh_life);
  json.member("expires_in_s", life).member("refresh_expires_in_s", refresh_life);
  if (!is_by_cookie)
    json.member("access_token", grant.access_token).member("refresh_token", grant.refresh_token);
  auto answer = json_response(json.end_object().take());
  if (!is_by_cookie) return answer;
  answer.headers.push_back(cookie(access_cookie, grant.access_token, access_path, life, is_secure));
  answer.headers.push_back(
      cookie(refresh_cookie, grant.refresh_token, refresh_path, refresh_life, is_secure));
  return answer;
}

response token_response(const ports::made_token& made) {
  text::json_writer json;
  json.begin_object().member("token", made.token).key("about");
  write_token(json, made.about);
  return json_response(json.end_object().take());
}

response without_cookies(response answer) {
  answer.headers.push_back(cookie(access_cookie, "", access_path, 0, false));
  answer.headers.push_back(cookie(refresh_cookie, "", refresh_path, 0, false));
  return answer;
}

response refusal_of(const ports::access_failure& failure, const std::string& path,
                    bool is_login) {
  if (failure.fault == access_fault::not_allowed) {
    std::vector<input_fault> faults;
    for (const auto& each : failure.faults) faults.push_back({"/" + each.field, each.text});
    return problem(422, "the body is not as it has to be", path, faults);
  }
  const bool is_unknown = failure.fault == access_fault::unknown_principal ||
                          (is_login && failure.fault == access_fault::unknown_reference);
  if (is_unknown) {
    auto refusal = problem(401, login_text, path);
    refusal.headers.push_back({"WWW-Authenticate", "Bearer realm=\"busbar\""});
    return refusal;
  }
  auto refusal = [&] {
    switch (failure.fault) {
    case access_fault::wrong_password: return problem(403, failure.text, path);
    case access_fault::too_early: return problem(429, failure.text, path);
    case access_fault::unknown_reference: return problem(404, failure.text, path);
    case access_fault::conflict: return problem(409, failure.text, path);
    default: return problem(503, failure.text, path);
    }
  }();
  if (failure.retry_after > domain::seconds{})
    refusal.headers.push_back({"Retry-After", std::to_string(failure.retry_after.count())});
  return refusal;
}

} // namespace busbar::adapters::http::api
