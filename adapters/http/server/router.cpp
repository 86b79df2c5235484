#include "adapters/http/server/router.hpp"

#include "adapters/http/server/problem.hpp"

#include <algorithm>
#include <cassert>
#include <exception>
#include <optional>

namespace busbar::adapters::http::server {

namespace {

constexpr const char* key_fault =
    "Idempotency-Key is 1 to 64 of letters, digits and -._~, with quotes around it or without";

bool is_variable(const std::string& segment) { return segment.starts_with('{'); }

bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
  if (pattern.size() != path.size()) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i)
    if (is_variable(pattern[i]) ? path[i].empty() : pattern[i] != path[i]) return false;
  return true;
}

const char* name_of(method verb) {
  switch (verb) {
  case method::get: return "GET ";
  case method::post: return "POST ";
  case method::put: return "PUT ";
  case method::patch: return "PATCH ";
  case method::remove: return "DELETE ";
  default: return "";
  }
}

response finished(response found, const guard::admission& admitted) {
  for (const auto& each : admitted.headers) found.headers.push_back(each);
  if (found.stream) found.stream->terms = admitted.terms;
  return found;
}

} // namespace

void router::add(method verb, const std::string& path_template, handler handle) {
  routes_.push_back({verb, name_of(verb) + path_template, segments_of(path_template),
                     std::move(handle), {}, {}, {}, false});
}

void router::add_late(method verb, const std::string& path_template, late_handler handle,
                      std::chrono::milliseconds patience) {
  routes_.push_back({verb, name_of(verb) + path_template, segments_of(path_template), {},
                     std::move(handle), {}, patience, false});
}

void router::add_late_part(method verb, const std::string& path_template, late_part takes) {
  const auto segments = segments_of(path_template);
  const auto found = std::ranges::find_if(routes_, [&](const route& each) {
    return each.verb == verb && each.segments == segments;
  });
  assert(found != routes_.end());
  found->handle_part = std::move(takes);
}

void router::add_fallback(std::function<std::optional<response>(const request&)> handle) {
  fallback_ = std::move(handle);
}

void router::set_joining(const std::vector<std::string>& operations, joining_handler handle) {
  joining_ = std::move(handle);
  for (auto& each : routes_)
    each.is_joined = each.handle && std::ranges::find(operations, each.operation) !=
                                        operations.end();
}

std::string router::allowed(const request& asked) const {
  const auto takes = [&](method verb) {
    return std::any_of(routes_.begin(), routes_.end(), [&](const route& each) {
      return each.verb == verb && matches(each.segments, asked.segments);
    });
  };
  std::string allow;
  if (takes(method::get)) allow += "GET, HEAD, ";
  if (takes(method::post)) allow += "POST, ";
  if (takes(method::put)) allow += "PUT, ";
  if (takes(method::patch)) allow += "PATCH, ";
  if (takes(method::remove)) allow += "DELETE, ";
  request page;
  page.path = asked.path;
  if (allow.empty() && fallback_ && fallback_(page).has_value()) allow = "GET, HEAD, ";
  return allow.empty() ? "" : allow + "OPTIONS";
}

/// An answer that comes late may be missing something, too.
responder router::through_missing(const request& asked, const responder& late) const {
  return [missing = missing_, asked, late](response found) {
    if (found.missing) missing(asked, std::move(found), late);
    else late(std::move(found));
  };
}

std::vector<std::string> router::operations() const {
  std::vector<std::string> all;
  for (const route& each : routes_) all.push_back(each.operation);
  return all;
}

const router::route* router::find(const request& asked) const {
  const auto found = std::find_if(routes_.begin(), routes_.end(), [&](const route& each) {
    return each.verb == asked.verb && matches(each.segments, asked.segments);
  });
  return found == routes_.end() ? nullptr : &*found;
}

std::optional<response> router::answer(request& asked, const responder& late) const {
  if (!guard_) return admitted_answer(asked, late);
  const route* meant = find(asked);
  auto admitted = std::make_shared<guard::admission>(
      guard_->admit(asked, meant == nullptr ? std::string{} : meant->operation));
  const responder reply = [admitted, late](response found) {
    found = finished(std::move(found), *admitted);
    if (admitted->keep) admitted->keep(std::move(found), late);
    else late(std::move(found));
  };
  const router& routes = admitted->routes ? *admitted->routes : *this;
  auto found = admitted->refusal ? admitted->refusal : routes.admitted_answer(asked, reply);
  if (found && !admitted->keep) return finished(*std::move(found), *admitted);
  if (found) reply(*std::move(found));
  return std::nullopt;
}

std::optional<response> router::admitted_answer(request& asked, const responder& late) const {
  if (!missing_) return answer_once(asked, late);
  auto found = answer_once(asked, through_missing(asked, late));
  if (!found || !found->missing) return found;
  missing_(asked, *std::move(found), late);
  return std::nullopt;
}

std::optional<response> router::answer_once(request& asked, const responder& late) const {
  const bool may_change = asked.verb != method::get && asked.verb != method::other;
  if (!keys_ || asked.key.empty() || !may_change) return own_answer(asked, late);
  const auto key = key_from(asked.key);
  if (!key) return problem(400, key_fault, asked.path);
  asked.key = *key;
  const auto entered = keys_->enter(asked, late);
  if (!entered.order) return entered.answer;
  const auto settle = [order = entered.order, late](response answer) {
    order->settle(answer);
    late(std::move(answer));
  };
  auto found = own_answer(asked, settle);
  if (found) entered.order->settle(*found);
  return found;
}

std::optional<response> router::own_answer(request& asked, const responder& late) const try {
  const auto& segments = asked.segments;
  if (const route* meant = find(asked)) {
    asked.captured.clear();
    for (std::size_t i = 0; i < segments.size(); ++i)
      if (is_variable(meant->segments[i])) asked.captured.push_back(segments[i]);
    if (meant->handle_part && meant->handle_part(asked, late)) return std::nullopt;
    if (meant->is_joined) return joining_(asked, meant->handle, late);
    if (meant->handle) return meant->handle(asked);
    asked.patience = meant->patience;
    meant->handle_late(asked, late);
    return std::nullopt;
  }
  if (asked.verb == method::get && fallback_)
    if (auto page = fallback_(asked)) return *std::move(page);
  const std::string allow = allowed(asked);
  if (allow.empty()) return problem(404, "there is nothing at " + asked.path, asked.path);
  response refusal = problem(405, asked.path + " takes " + allow, asked.path);
  refusal.headers.push_back({"Allow", allow});
  return refusal;
} catch (const std::exception& failure) {
  return problem(500, failure.what(), asked.path);
}

} // namespace busbar::adapters::http::server
