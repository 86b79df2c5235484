#include "node/node_health.hpp"

#include <caf/send.hpp>

#include <utility>

namespace busbar::node {

node_health::node_health(node_frame& frame, const site_host& host, const group_watch& group)
    : frame_(frame), host_(host), group_(group), board_(frame.settings.health_check_every) {}

void node_health::start() {
  static_cast<void>(board_.add(log_probe()));
  for (const auto& probe : frame_.settings.probes) static_cast<void>(board_.add(probe));
}

domain::health_probe node_health::log_probe() const {
  domain::health_probe probe;
  probe.name = "log";
  probe.is_critical = true;
  // Its protocol driver expects to hear of it this often, whatever the period of other checks.
  probe.every = std::chrono::seconds{1};
  probe.ask = [log = frame_.log, routes = frame_.routes]() -> domain::health_verdict {
    const auto began = wall_clock();
    const auto verdict = log->check();
    const auto ended = wall_clock();
    const std::string why = verdict ? "" : verdict.failure().message;
    if (const auto node = routes->node())
      caf::anon_send(node, actors::connection_report{"log", ended, verdict.has_value(),
                                                     ended - began, why});
    return {verdict.has_value(), verdict ? "answers" : why};
  };
  return probe;
}

ports::health_check node_health::check_sites() const {
  const auto began = wall_clock();
  // A site that is to be held and is not yet does not tick.
  std::size_t silent = frame_.directory->count(site_standing::wanted);
  std::size_t all = silent;
  for (const auto& site : host_.contexts()) {
    const auto us = site->signals.alive_at_us.load(std::memory_order_relaxed);
    const domain::instant alive_at{domain::microseconds{us}};
    if (began - alive_at > frame_.settings.node.site_silence_max) ++silent;
    ++all;
  }
  ports::health_check sites{"sites", true, silent == 0, "", wall_clock() - began};
  sites.message = std::to_string(all - silent) + " of " + std::to_string(all) + " sites tick";
  return sites;
}

ports::health_check node_health::check_actors() const {
  const auto began = wall_clock();
  const auto& context = *frame_.context;
  const auto stuck = context.supervision->condemned->since(began - context.settings.ends_within);
  ports::health_check check{"actors", true, stuck.empty(), "", wall_clock() - began};
  check.message = stuck.empty() ? "all end when they are told to"
                                : stuck.front().name + " never returns; restart the engine";
  if (stuck.size() > 1) check.message += " (and " + std::to_string(stuck.size() - 1) + " more)";
  return check;
}

std::vector<ports::health_check> node_health::results() const {
  auto all = board_.results();
  all.push_back(check_sites());
  all.push_back(check_actors());
  for (auto& check : group_.checks(wall_clock())) all.push_back(std::move(check));
  return all;
}

} // namespace busbar::node
