#include "adapters/http/api/access_guard.hpp"

#include "adapters/http/api/audit_records.hpp"
#include "adapters/http/server/problem.hpp"
#include "control/access/client_address.hpp"
#include "domain/fault_list.hpp"
#include "text/json_text.hpp"

#include <boost/beast/core/string.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace busbar::adapters::http::api {

using namespace server;
using control::access::operation_terms;
using control::access::rate_answer;
using control::access::rate_class;
using control::access::verdict;

namespace {

const std::string bearer = "Bearer ";
constexpr const char* access_path = " /api/v1/access";
constexpr std::string_view login_operation = "POST /api/v1/access/login";
constexpr std::string_view refresh_operation = "POST /api/v1/access/refresh";
constexpr std::string_view logout_operation = "POST /api/v1/access/logout";
constexpr const char* unrecorded_text =
    "changes cannot be recorded now (audit), and are not taken";
constexpr const char* unknown_text =
    "it is not known who asks: log in, or send an API token (Authorization: Bearer ...)";
constexpr const char* origin_text =
    "a change with the page's cookie has to come from the page itself (header Origin)";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// A text of the body; empty where there is none of that name.
std::string stated_text(const request& asked, const char* name) {
  domain::fault_list faults;
  const auto body = text::parse_json(asked.body, faults);
  if (!body || !body->is_object()) return {};
  const auto found = body->find(name);
  return found != body->end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// Names of users are the same in letters of both cases.
std::string lowered(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return name;
}

/// "https://host:port" of the same host and port as the request is for.
bool is_own_origin(const client_papers& papers) {
  const auto scheme = papers.origin.find("://");
  return scheme != std::string::npos && !papers.host.empty() &&
         boost::beast::iequals(papers.origin.substr(scheme + 3), papers.host);
}

/// A change that another page may have made a browser send.
bool is_forged(const request& asked, bool is_by_cookie) {
  if (asked.verb == method::get) return false;
  if (asked.papers.origin.empty()) return is_by_cookie;
  return !is_own_origin(asked.papers);
}

/// The token, and whether the page's cookie has brought it.
std::pair<std::string, bool> credential_of(const client_papers& papers) {
  const auto& stated = papers.authorization;
  if (boost::beast::iequals(stated.substr(0, bearer.size()), bearer))
    return {std::string{trimmed(std::string_view{stated}.substr(bearer.size()))}, false};
  auto cookie = cookie_in(papers.cookie, access_cookie);
  const bool is_there = !cookie.empty();
  return {std::move(cookie), is_there};
}

/// As structured fields (draft-ietf-httpapi-ratelimit-headers).
void state_rate(std::vector<header>& headers, rate_class which, const rate_answer& answer) {
  const auto quota = control::access::quota_of(which);
  const auto name = std::string{"\""} + control::access::name_of(which) + "\"";
  headers.push_back({"RateLimit-Policy", name + ";q=" + std::to_string(quota.requests) +
                                             ";w=" + std::to_string(quota.window.count())});
  headers.push_back({"RateLimit", name + ";r=" + std::to_string(answer.remaining) +
                                      ";t=" + std::to_string(answer.reset.count())});
  if (!answer.is_allowed)
    headers.push_back({"Retry-After", std::to_string(answer.reset.count())});
}

/// The site that the path names.
std::optional<domain::site_id> site_in(const request& asked, const std::string& operation) {
  const auto begin = operation.find('/');
  if (begin == std::string::npos) return std::nullopt;
  const auto segments = segments_of(std::string_view{operation}.substr(begin));
  for (std::size_t i = 0; i < std::min(segments.size(), asked.segments.size()); ++i)
    if (segments[i] == "{site}") return domain::site_id{asked.segments[i]};
  return std::nullopt;
}

std::string needs_text(const request& asked, const operation_terms& terms) {
  if (asked.who->is_program() && terms.is_for_people)
    return "an API token may not do this: a person has to, logged in";
  if (asked.who->granted < *terms.least)
    return std::string{"this needs the role "} + name_of(*terms.least) + "; '" + asked.who->user +
           "' is " + name_of(asked.who->granted);
  return "this shows all sites together, '" + asked.who->user + "' is bound to some";
}

response unknown_principal(const request& asked) {
  auto refusal = problem(401, unknown_text, asked.path);
  refusal.headers.push_back({"WWW-Authenticate", "Bearer realm=\"busbar\""});
  return refusal;
}

std::optional<response> refusal_of(verdict found, const request& asked,
                                   const operation_terms& terms) {
  switch (found) {
  case verdict::allowed: return std::nullopt;
  case verdict::unknown_principal: return unknown_principal(asked);
  case verdict::forbidden: return problem(403, needs_text(asked, terms), asked.path);
  case verdict::password_expired:
    return problem(403, "the password is older than 90 days: change it first "
                        "(POST /api/v1/access/password)", asked.path);
  default: return problem(404, "there is no such site here", asked.path);
  }
}

/// Of an operation that the contract does not know: what is not stated is not open.
constexpr operation_terms unstated{domain::role::admin, rate_class::standard, true, false, true};

} // namespace

std::string cookie_in(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const auto end = header.find(';');
    const auto part = trimmed(header.substr(0, end));
    const auto equals = part.find('=');
    if (equals != std::string_view::npos && part.substr(0, equals) == name)
      return std::string{part.substr(equals + 1)};
    header = end == std::string_view::npos ? std::string_view{} : header.substr(end + 1);
  }
  return {};
}

access_guard::access_guard(ports::access& access, ports::audit* audit,
                           const operation_table& operations, route_maker make_routes,
                           guard_settings settings)
    : access_(access), audit_(audit), operations_(operations), make_routes_(std::move(make_routes)),
      settings_(std::move(settings)), limiter_(settings_.rate_keys_max),
      strangers_(settings_.strangers_every) {}

access_guard::~access_guard() {
  auto rest = strangers_.take();
  if (audit_ != nullptr && rest) audit_->record(std::move(*rest), [](bool) {});
}

std::map<std::string, double> access_guard::statistics() const {
  return {{"refused_strangers_total", static_cast<double>(strangers_.total())}};
}

guard::admission access_guard::admit(request& asked, const std::string& operation) {
  auto admitted = decide(asked, operation);
  const bool is_of_stranger = admitted.refusal && !asked.who && asked.verb != method::get &&
                              admitted.refusal->status != 429;
  if (is_of_stranger) strangers_.count(asked.by.address, asked.received_at);
  auto sum = strangers_.take_due(asked.received_at);
  if (audit_ != nullptr && sum) audit_->record(std::move(*sum), [](bool) {});
  if (audit_ == nullptr || operation.empty()) return admitted;
  const bool is_change = asked.verb != method::get;
  if (is_change && !admitted.refusal && !audit_->can_record())
    admitted.refusal = problem(503, unrecorded_text, asked.path);
  if (is_recorded(asked, operation, admitted.refusal))
    admitted.keep = recorder_of(*audit_, asked, operation);
  return admitted;
}

guard::admission access_guard::decide(request& asked, const std::string& operation) {
  admission admitted;
  // What holds secrets is not kept to be answered again.
  if (operation.find(access_path) != std::string::npos) asked.key.clear();
  asked.by.address = control::access::client_address(
      asked.by.address, asked.papers.forwarded_for, settings_.trusted_proxies);
  // Page files, and what there is not.
  if (operation.empty()) return admitted;
  const auto found = operations_.find(operation);
  const auto& terms = found == operations_.end() ? unstated : found->second;
  admitted.refusal = refusal_of(asked, operation, terms, admitted.headers);
  if (admitted.refusal) return admitted;
  const auto* who = asked.who ? &*asked.who : nullptr;
  admitted.refusal =
      api::refusal_of(control::access::may(who, terms, site_in(asked, operation)), asked, terms);
  if (admitted.refusal || who == nullptr) return admitted;
  asked.by.who = who->as_cause();
  admitted.terms.sites = who->sites;
  admitted.terms.may_go_on = [this, granted = *who] {
    return access_.is_current(
        granted, std::chrono::floor<domain::microseconds>(std::chrono::system_clock::now()));
  };
  if (who->sites) admitted.routes = routes_of(*who->sites);
  return admitted;
}

/// A key of the limiter.
struct access_guard::rate_place {
  std::string key;
  bool is_stranger = false;
};

/// What renews or ends a login counts for that login, and a login from where its user has logged in
/// last for that user: neither is kept out by others behind the same address.
access_guard::rate_place access_guard::rate_place_of(const request& asked,
                                                     const std::string& operation) const {
  const auto address = control::access::address_key(asked.by.address);
  if (operation == login_operation) {
    const auto name = stated_text(asked, "name");
    if (access_.has_logged_in_from(name, asked.by.address))
      return {"login of " + lowered(name) + " at " + address, false};
    return {address, true};
  }
  if (operation == refresh_operation || operation == logout_operation) {
    auto token = stated_text(asked, "refresh_token");
    if (token.empty()) token = cookie_in(asked.papers.cookie, refresh_cookie);
    if (const auto login = access_.login_of(token)) return {"login " + *login, false};
    return {"refresh " + address, true};
  }
  if (!asked.who) return {address, true};
  const auto& who = *asked.who;
  return {who.is_program() ? "token " + who.token_id : "user " + who.user_id, false};
}

std::optional<response> access_guard::refusal_of(request& asked, const std::string& operation,
                                                 const operation_terms& terms,
                                                 std::vector<header>& headers) {
  const auto [credential, is_cookie] = credential_of(asked.papers);
  const bool is_by_cookie =
      is_cookie || (credential.empty() && !cookie_in(asked.papers.cookie, refresh_cookie).empty());
  // Another page's is not its user's, and costs its user nothing.
  const bool is_another_pages = is_forged(asked, is_by_cookie);
  if (!credential.empty() && !is_another_pages)
    asked.who = access_.principal_of(credential, asked.received_at);
  if (asked.who) asked.papers.credential = credential;
  const auto forged = [&] {
    return is_another_pages ? std::optional{problem(403, origin_text, asked.path)} : std::nullopt;
  };
  if (terms.rate == rate_class::none) return forged();
  const auto place = is_another_pages
                         ? rate_place{control::access::address_key(asked.by.address), true}
                         : rate_place_of(asked, operation);
  const std::lock_guard lock{guard_};
  const auto answer = limiter_.ask(place.key, terms.rate, place.is_stranger, asked.received_at);
  state_rate(headers, terms.rate, answer);
  if (answer.is_allowed) return forged();
  return problem(429, "asked too often; again in " + std::to_string(answer.reset.count()) + " s",
                 asked.path);
}

std::shared_ptr<const router>
access_guard::routes_of(const std::vector<domain::site_id>& sites) {
  const std::lock_guard lock{guard_};
  const auto found = routes_.find(sites);
  if (found != routes_.end()) return found->second;
  // What is under way keeps its own.
  if (routes_.size() >= kept_routes_max) routes_.clear();
  return routes_[sites] = make_routes_(sites);
}

} // namespace busbar::adapters::http::api
