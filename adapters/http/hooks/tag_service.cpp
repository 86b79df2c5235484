#include "adapters/http/hooks/tag_service.hpp"

#include "adapters/tls/tls_context.hpp"
#include "domain/host_address.hpp"
#include "domain/time_text.hpp"
#include "text/json_text.hpp"
#include "text/json_writer.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

namespace busbar::adapters::http::hooks {

using domain::errc;
using domain::error;
using domain::instant;

namespace {

constexpr std::size_t answer_values_max = 1'000;

instant present() {
  return std::chrono::time_point_cast<domain::microseconds>(std::chrono::system_clock::now());
}

control::safety::breaker_settings breaker_terms() {
  control::safety::breaker_settings made;
  made.slow_after = tag_service::answer_within;
  return made;
}

std::string body_of(const ports::tag_inquiry& about) {
  text::json_writer json;
  json.begin_object().member("idTag", about.tag).member("chargePoint", about.identity);
  json.member("site", about.site).member("station", about.station);
  if (about.connector > 0) json.member("connectorId", about.connector);
  else json.null_member("connectorId");
  return json.end_object().take();
}

/// The text of a member; absent where it is not there or null; a fault where it is no text.
std::optional<std::string> text_of(const nlohmann::json& from, const char* name,
                                   std::string& fault) {
  const auto found = from.find(name);
  if (found == from.end() || found->is_null()) return std::nullopt;
  if (found->is_string()) return found->get<std::string>();
  fault = std::string{name} + " is " + text::shown(*found) + ": allowed is a text";
  return std::nullopt;
}

domain::result<ports::tag_opinion> opinion_in(const std::string& body) {
  domain::fault_list faults;
  const auto read = text::parse_json(body, faults, answer_values_max);
  if (!read || !read->is_object()) return error{errc::malformed, "its answer is no JSON object"};
  std::string fault;
  const auto status = text_of(*read, "status", fault);
  const auto expires = text_of(*read, "expiryDate", fault);
  const auto parent = text_of(*read, "parentIdTag", fault);
  if (!status && fault.empty()) fault = "status is missing";
  ports::tag_opinion made;
  if (expires) {
    made.expires_at = domain::instant_from(*expires);
    if (!made.expires_at) fault = "expiryDate is no time such as 2027-01-01T00:00:00Z";
  }
  if (!fault.empty()) return error{errc::malformed, fault};
  made.status = *status;
  made.parent = parent.value_or("").substr(0, 20);
  return made;
}

domain::result<ports::tag_opinion> opinion_of(const ports::peer_outcome& came) {
  if (const auto* failure = std::get_if<ports::peer_failure>(&came)) {
    const bool is_late = failure->fault == ports::peer_fault::unanswered;
    return error{is_late ? errc::timeout : errc::unavailable, failure->detail};
  }
  const auto& answer = std::get<ports::peer_answer>(came);
  if (answer.status != 200)
    return error{errc::unavailable, "it answers " + std::to_string(answer.status)};
  return opinion_in(answer.body);
}

} // namespace

domain::result<service_place> service_place_of(const std::string& url) {
  const auto wrong = [&] {
    return error{errc::malformed, "'" + url + "': allowed is http://HOST[:PORT][/PATH], or "
                                  "https://..."};
  };
  service_place made;
  made.is_secure = url.starts_with("https://");
  if (!made.is_secure && !url.starts_with("http://")) return wrong();
  const auto rest = url.substr(made.is_secure ? 8 : 7);
  const auto slash = rest.find('/');
  made.address = rest.substr(0, slash);
  made.target = slash == rest.npos ? "/" : rest.substr(slash);
  const auto bracket = made.address.rfind(']');
  const auto colon = made.address.rfind(':');
  const bool has_port =
      colon != std::string::npos && (bracket == std::string::npos || colon > bracket);
  if (!has_port) made.address += made.is_secure ? ":443" : ":80";
  const auto is_printable = [](char c) { return c > 0x20 && c < 0x7f && c != '#'; };
  if (!std::ranges::all_of(made.target, is_printable)) return wrong();
  if (!domain::host_address_from(made.address)) return wrong();
  return made;
}

domain::result<std::shared_ptr<tag_service>> tag_service::at(const std::string& url) {
  auto place = service_place_of(url);
  if (!place) return place.failure();
  std::shared_ptr<tag_service> made{new tag_service{place.value()}};
  if (!place.value().is_secure) return made;
  auto context = tls::make_client_context({});
  if (!context) return context.failure();
  made->client_.secure(std::move(context.value()));
  return made;
}

tag_service::tag_service(service_place place)
    : place_(std::move(place)), client_([] {
        peers::peer_settings settings;
        settings.requests_of_one_max = settings.requests_max;
        settings.answer_bytes_max = answer_bytes_max;
        return settings;
      }()) {}

void tag_service::record(bool has_succeeded, domain::microseconds took) {
  const std::lock_guard lock{guard_};
  static_cast<void>(breaker_.record(breaker_terms(), present(), has_succeeded, took));
}

domain::breaker_position tag_service::breaker_position() const {
  const std::lock_guard lock{guard_};
  return breaker_.position();
}

void tag_service::ask(ports::tag_inquiry about, listener then) {
  bool may_ask = false;
  {
    const std::lock_guard lock{guard_};
    may_ask = breaker_.acquire(breaker_terms(), present());
  }
  if (!may_ask) return then(error{errc::unavailable, "left alone after failed answers"});
  ports::peer_request request;
  request.address = place_.address;
  request.method = "POST";
  request.target = place_.target;
  request.headers.push_back({"Content-Type", "application/json"});
  request.body = body_of(about);
  request.patience = std::chrono::duration_cast<std::chrono::milliseconds>(answer_within);
  const auto began = std::chrono::steady_clock::now();
  client_.ask(std::move(request), [this, began, then = std::move(then)](const auto& came) {
    auto said = opinion_of(came);
    const auto took = std::chrono::duration_cast<domain::microseconds>(
        std::chrono::steady_clock::now() - began);
    record(said.has_value(), took);
    then(std::move(said));
  });
}

} // namespace busbar::adapters::http::hooks
