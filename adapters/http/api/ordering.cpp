#include "adapters/http/api/ordering.hpp"

#include "adapters/http/server/problem.hpp"
#include "control/operators/preview.hpp"
#include "domain/order_standing.hpp"

#include <atomic>
#include <string>
#include <utility>
#include <variant>

namespace busbar::adapters::http::api {

using namespace server;

namespace {

/// The load manager's own names of fields, where a body uses them.
std::string name_in(json::body_reader& body, const std::string& field) {
  if (field == "power_w" && body.has("power")) return "power";
  if (field == "fall_permille" && body.has("lowerThreshold")) return "lowerThreshold";
  return field == "rise_permille" && body.has("upperThreshold") ? "upperThreshold" : field;
}

void add(json::body_reader& body, const std::vector<domain::order_fault>& faults) {
  for (const auto& each : faults) body.refuse(name_in(body, each.field), each.text);
}

response refusal_of(const domain::order_refusal& refused, const ordering& order) {
  if (refused.faults.empty() || !order.body) return problem(refused.why, order.asked.path);
  add(*order.body, refused.faults);
  auto refusal = order.body->refusal(order.asked);
  return refusal ? *std::move(refusal) : problem(refused.why, order.asked.path);
}

} // namespace

void give(ports::orders& to, const ordering& order, const responder& reply,
          std::function<response(const taken_orders&)> receipt) {
  const auto answer = [order, reply, receipt = std::move(receipt)](domain::order_answer given) {
    if (const auto* refused = std::get_if<domain::order_refusal>(&given))
      return reply(refusal_of(*refused, order));
    reply(receipt(std::get<taken_orders>(given)));
  };
  to.order({order.site->id, order.wishes, order.asked.by, order.site->topology_hash}, answer);
}

ports::kept_listener when_kept(const responder& reply, const request& asked, response receipt) {
  return [reply, path = asked.path, receipt = std::move(receipt)](const auto& kept) {
    reply(kept ? receipt : problem(kept.failure(), path));
  };
}

domain::request_id request_id_from(json::body_reader& body, const request& asked,
                                   const char* kind) {
  if (const auto stated = body.id("request")) return domain::request_id{*stated};
  if (!asked.key.empty()) return domain::request_id{asked.key};
  // Unique within this process and, by its time, among its restarts.
  static std::atomic<std::uint64_t> made{0};
  return domain::request_id{std::string{kind} + "-" +
                            std::to_string(asked.received_at.time_since_epoch().count()) + "-" +
                            std::to_string(++made)};
}

void add_faults(json::body_reader& body, const domain::order_wish& wish,
                const domain::site_view& view) {
  add(body, control::operators::faults_of(wish, *view.topology, domain::standing_of(wish, view)));
}

} // namespace busbar::adapters::http::api
