#include "adapters/http/api/forwarder.hpp"

#include "adapters/http/server/problem.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <utility>

namespace busbar::adapters::http::api {

using namespace server;
using control::cluster::forward_outcome;
using control::cluster::forward_verdict;
using ports::shard_standing;

namespace {

constexpr std::chrono::milliseconds asks_again_after{100};
constexpr std::chrono::milliseconds answer_patience{5'000};
constexpr const char* unknown_text = "; the outcome is unknown: it may have been done";
/// Its answers never end.
constexpr const char* stream_path = "/api/v1/stream";
/// Requests that wait for other nodes, or to ask them again.
constexpr std::size_t passed_max = 256;
/// What is passed on of an answer's headers; the server writes all others anew. None of them is of
/// one connection alone.
constexpr std::array kept_headers{"Cache-Control", "Retry-After", "Allow", "Location",
                                  replayed_header};

const char* name_of(method verb) {
  switch (verb) {
  case method::post: return "POST";
  case method::put: return "PUT";
  case method::patch: return "PATCH";
  case method::remove: return "DELETE";
  default: return "GET";
  }
}

/// "CP-7.124.3" is of the station "CP-7".
std::optional<domain::station_id> station_of(const domain::session_id& session) {
  const auto& text = session.text();
  const auto number = text.rfind('.');
  const auto epoch = number == std::string::npos || number == 0 ? std::string::npos
                                                                : text.rfind('.', number - 1);
  if (epoch == std::string::npos || epoch == 0) return std::nullopt;
  return domain::station_id{text.substr(0, epoch)};
}

bool has_header(const ports::peer_answer& answer, const char* name) {
  return std::ranges::any_of(answer.headers, [&](const auto& each) {
    return boost::beast::iequals(each.name, name);
  });
}

response passed_on(ports::peer_answer answer, const std::string& node) {
  response passed;
  passed.status = answer.status;
  passed.content_type = std::move(answer.content_type);
  passed.text = std::move(answer.body);
  for (const char* name : kept_headers)
    for (const auto& each : answer.headers)
      if (boost::beast::iequals(each.name, name)) passed.headers.push_back({name, each.value});
  passed.headers.push_back({answered_header, node});
  return passed;
}

forward_outcome outcome_of(ports::peer_fault fault) {
  using ports::peer_fault;
  switch (fault) {
  case peer_fault::unreachable: return forward_outcome::unreachable;
  case peer_fault::busy: return forward_outcome::busy;
  case peer_fault::broken: return forward_outcome::broken;
  case peer_fault::unanswered: return forward_outcome::unanswered;
  default: return forward_outcome::garbled;
  }
}

std::string of_node(const ports::shard_view& shard) {
  return "engine node '" + shard.owner + "' at http://" + shard.address;
}

} // namespace

/// A request on its way.
struct forwarder::passed_request {
  passed_request(std::shared_ptr<std::atomic<std::size_t>> counted, request wanted, responder back,
                 domain::site_id meant, response refused)
      : under_way(std::move(counted)), asked(std::move(wanted)), reply(std::move(back)),
        site(std::move(meant)), node(refused.missing->node), refusal(std::move(refused)) {}
  ~passed_request() { --*under_way; }
  passed_request(const passed_request&) = delete;
  passed_request& operator=(const passed_request&) = delete;

  const std::shared_ptr<std::atomic<std::size_t>> under_way;
  request asked;
  responder reply;
  /// Either the site that is meant, or the engine node.
  domain::site_id site;
  std::optional<ports::node_address> node;
  /// Of this node, to the newest try.
  response refusal;
  std::optional<ports::shard_view> shard;
  const std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();

  [[nodiscard]] bool changes() const { return asked.verb != method::get; }
  [[nodiscard]] std::string subject() const {
    return node ? "engine node '" + node->node + "': " : "site '" + site.text() + "': ";
  }
};

namespace {

/// An order has a key, so that it can be given again where its outcome is unknown: the answer
/// states it.
responder with_key(request& asked, const responder& reply) {
  if (asked.verb == method::get) return reply;
  if (asked.key.empty()) asked.key = new_key();
  return [reply, key = asked.key](response found) {
    found.headers.push_back({key_header, key});
    reply(std::move(found));
  };
}

} // namespace

std::optional<domain::site_id> forwarder::site_of(const elsewhere& missing) const {
  if (missing.site) return missing.site;
  const auto station = missing.session ? station_of(*missing.session) : missing.station;
  if (!station) return std::nullopt;
  auto sites = cluster_.sites_with(*station);
  std::erase_if(sites, [this](const auto& site) {
    const auto shard = cluster_.shard_of(site);
    return !shard || shard->standing == shard_standing::here;
  });
  // Several may have one of that name: the request has to state which site it means.
  return sites.size() == 1 ? std::optional{sites.front()} : std::nullopt;
}

response forwarder::with_owner(response refusal) const {
  if (!refusal.missing->site) return refusal;
  const auto shard = cluster_.shard_of(*refusal.missing->site);
  const bool is_known = shard && shard->standing == shard_standing::elsewhere;
  refusal.headers.push_back(
      {owner_header, is_known && !shard->address.empty() ? scheme_ + shard->address : "none"});
  return refusal;
}

void forwarder::take(const request& asked, response refusal, const responder& reply) {
  if (!asked.forwarded_by.empty() || asked.path == stream_path)
    return reply(with_owner(std::move(refusal)));
  const auto site = refusal.missing->node ? std::optional{domain::site_id{}}
                                          : site_of(*refusal.missing);
  if (!site) return reply(std::move(refusal));
  if (under_way_->fetch_add(1) >= passed_max) {
    --*under_way_;
    return reply(problem(503, "too many requests wait for other engine nodes", asked.path));
  }
  auto own = asked;
  const auto back = with_key(own, reply);
  ask_owner(std::make_shared<passed_request>(under_way_, std::move(own), back, *site,
                                             std::move(refusal)));
}

std::optional<ports::shard_view> forwarder::place_of(const passed_request& passed) const {
  if (!passed.node) return cluster_.shard_of(passed.site);
  ports::shard_view place;
  place.standing = shard_standing::elsewhere;
  place.owner = passed.node->node;
  place.address = passed.node->address;
  return place;
}

void forwarder::ask_owner(const shared_request& passed) {
  passed->shard = place_of(*passed);
  if (!passed->shard) return passed->reply(std::move(passed->refusal));
  const auto& shard = *passed->shard;
  if (shard.standing == shard_standing::here)
    return follow(passed, forward_outcome::not_there, "it is just being taken over");
  if (shard.standing == shard_standing::unowned)
    return follow(passed, forward_outcome::no_owner, "its shard has no owner");
  if (shard.address.empty())
    return follow(passed, forward_outcome::no_owner,
                  "its owner, engine node '" + shard.owner + "', states no address (--advertise)");
  const auto& asked = passed->asked;
  ports::peer_request question{shard.address, name_of(asked.verb), asked.target,
                               {{forwarded_header, cluster_.node()},
                                {"X-Request-Id", asked.by.request}},
                               asked.body, answer_patience};
  // The owner admits the principal, too: as a program's token, whatever it was shown as here.
  if (!asked.papers.credential.empty())
    question.headers.push_back({"Authorization", "Bearer " + asked.papers.credential});
  if (!asked.key.empty()) question.headers.push_back({key_header, asked.key});
  if (!asked.content_type.empty())
    question.headers.push_back({"Content-Type", asked.content_type});
  peers_.ask(std::move(question),
             [self = shared_from_this(), passed](ports::peer_outcome outcome) {
               self->take_outcome(passed, std::move(outcome));
             });
}

void forwarder::take_outcome(const shared_request& passed, ports::peer_outcome outcome) {
  if (const auto* failure = std::get_if<ports::peer_failure>(&outcome))
    return follow(passed, outcome_of(failure->fault),
                  of_node(*passed->shard) + ": " + failure->detail);
  auto& answer = std::get<ports::peer_answer>(outcome);
  if (has_header(answer, owner_header))
    return follow(passed, forward_outcome::not_there,
                  of_node(*passed->shard) + " does not hold it");
  passed->reply(passed_on(std::move(answer), passed->shard->owner));
}

void forwarder::follow(const shared_request& passed, forward_outcome outcome,
                       const std::string& why) {
  const auto waited = std::chrono::duration_cast<domain::microseconds>(
      std::chrono::steady_clock::now() - passed->since);
  const auto& path = passed->asked.path;
  const auto subject = passed->subject();
  switch (control::cluster::verdict_of(outcome, passed->changes(), waited)) {
  case forward_verdict::ask_again: return ask_again(passed);
  case forward_verdict::unknown_outcome:
    return passed->reply(problem(504, subject + why + unknown_text, path));
  case forward_verdict::no_answer: return passed->reply(problem(504, subject + why, path));
  case forward_verdict::bad_answer:
    return passed->reply(
        problem(502, subject + why + (passed->changes() ? unknown_text : ""), path));
  default: break;
  }
  // This node holds it: why it cannot be shown yet is stated already.
  if (passed->shard->standing == shard_standing::here)
    return passed->reply(std::move(passed->refusal));
  passed->reply(problem(503, subject + "no engine node answers for it now: " + why, path));
}

/// The site may be here by now, or its shard another node's.
void forwarder::ask_again(const shared_request& passed) {
  const auto take = [self = shared_from_this(), passed](response found) {
    if (!found.missing) return passed->reply(std::move(found));
    passed->refusal = std::move(found);
    self->ask_owner(passed);
  };
  peers_.later(asks_again_after, [self = shared_from_this(), passed, take] {
    auto asked = passed->asked;
    if (auto found = self->own_answer_(asked, take)) take(*std::move(found));
  });
}

} // namespace busbar::adapters::http::api
