#include "adapters/ocpp/gateway/exchange_core.hpp"
#include "adapters/ocpp/gateway/service_desk.hpp"

#include <utility>

namespace busbar::adapters::ocpp::gateway {

exchange::exchange(std::vector<provisioned_site> sites, exchange_settings settings)
    : core_(std::make_shared<core>(std::move(sites), std::move(settings))),
      desk_(std::make_unique<service_desk>(*core_)) {}

exchange::~exchange() = default;

bool exchange::admits(const server::visitor& who) {
  const std::lock_guard lock{core_->guard};
  return core_->admits(who);
}

bool exchange::has_session(const std::string& identity) {
  const std::lock_guard lock{core_->guard};
  const auto* own = core_->find(identity);
  return own != nullptr && has_open_transaction(*own);
}

void exchange::opened(server::link_id link, const std::string& identity, instant now) {
  const turn mine{*core_, now};
  core_->opened(link, identity, now);
}

void exchange::frame(server::link_id link, std::string_view text, instant now) {
  const turn mine{*core_, now};
  const auto& house = core_->house_for(link, now);
  core_->note(link, text, now);
  core_->feed(
      link, [&](station_machine& own) { return own.frame(text, house, core_->reader, now); },
      now);
}

void exchange::alive(server::link_id link, instant now) {
  const std::lock_guard lock{core_->guard};
  core_->feed(link, [&](station_machine& own) { return own.alive(now); }, now);
}

void exchange::closed(server::link_id link, instant now) {
  const turn mine{*core_, now};
  core_->closed(link, now);
}

void exchange::contested(const std::string&, instant) {}

std::vector<server::link_order> exchange::take_orders() {
  const std::lock_guard lock{core_->guard};
  return std::exchange(core_->out.orders, {});
}

void exchange::on_orders(std::function<void()> wake) {
  const std::lock_guard lock{core_->guard};
  core_->out.wake = std::move(wake);
}

ports::charge_points& exchange::charge_points() { return *desk_; }

bool exchange::has(const std::string& site) const { return core_->has(site); }

void exchange::take(const std::string& site, const domain::command_batch& batch, instant now) {
  const std::lock_guard lock{core_->guard};
  core_->take(site, batch, now);
}

void exchange::take(const std::string& site, const domain::session_fact& fact, instant now) {
  const std::lock_guard lock{core_->guard};
  core_->take(site, fact, now);
}

void exchange::take(const std::string& site, const domain::site_state& state) {
  const std::lock_guard lock{core_->guard};
  core_->take(site, state);
}

void exchange::follow(std::shared_ptr<const domain::site> site) {
  const std::lock_guard lock{core_->guard};
  core_->follow(std::move(site));
}

std::vector<site_outputs> exchange::drain(instant now) {
  const turn mine{*core_, now};
  return core_->drain(now);
}

std::map<std::string, double> exchange::statistics() const {
  const std::lock_guard lock{core_->guard};
  return core_->statistics();
}

} // namespace busbar::adapters::ocpp::gateway
