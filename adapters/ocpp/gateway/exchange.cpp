#include "adapters/ocpp/gateway/exchange_core.hpp"
#include "adapters/ocpp/gateway/service_desk.hpp"
#include "adapters/ocpp/station/transactions.hpp"

#include <chrono>
#include <memory>
#include <utility>

namespace busbar::adapters::ocpp::gateway {

namespace {

instant present() {
  return std::chrono::time_point_cast<domain::microseconds>(std::chrono::system_clock::now());
}

/// As `exchange::frame` serves it.
void serve(exchange::core& core, server::link_id link, std::string_view text, instant now) {
  const auto& house = core.house_for(link, now);
  core.feed(
      link, [&](station_machine& own) { return own.frame(text, house, core.reader, now); }, now);
}

bool is_ordered_at(const exchange::core& core, const ports::tag_inquiry& about) {
  const auto* own = core.find(about.identity);
  if (own == nullptr) return false;
  const auto& all = own->machine.state().connectors;
  const auto place = static_cast<std::size_t>(about.connector - 1);
  return about.connector > 0 && place < all.size() && station::is_ordered(all[place], about.tag);
}

} // namespace

exchange::exchange(std::vector<provisioned_site> sites, exchange_settings settings)
    : core_(std::make_shared<core>(std::move(sites), std::move(settings))),
      desk_(std::make_unique<service_desk>(*core_)) {
  if (!core_->settings.authority) return;
  tag_gate::surroundings around{core_->settings.authority, core_->settings.rulings, {}, {},
                                present};
  around.pass = [kept = std::weak_ptr{core_}](server::link_id link, const std::string& text) {
    const auto own = kept.lock();
    if (!own) return;
    const auto now = present();
    const turn mine{*own, now};
    serve(*own, link, text, now);
    own->out.wake_server();
  };
  around.is_ordered = [kept = std::weak_ptr{core_}](const ports::tag_inquiry& about) {
    const auto own = kept.lock();
    if (!own) return false;
    const std::lock_guard lock{own->guard};
    return is_ordered_at(*own, about);
  };
  gate_ = std::make_shared<tag_gate>(std::move(around));
}

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
  const auto* own = core_->find(identity);
  if (!gate_ || own == nullptr) return;
  const auto& place = own->machine.state().place;
  if (place.tags.policy == control::sessions::tag_policy::external)
    gate_->opened(link, {{}, identity, place.site.text(), place.id.text(), 0});
}

void exchange::frame(server::link_id link, std::string_view text, instant now) {
  if (gate_) {
    {
      const std::lock_guard lock{core_->guard};
      core_->note(link, text, now);
    }
    if (gate_->holds(link, text)) return;
  }
  const turn mine{*core_, now};
  if (!gate_) core_->note(link, text, now);
  serve(*core_, link, text, now);
}

void exchange::alive(server::link_id link, instant now) {
  const std::lock_guard lock{core_->guard};
  core_->feed(link, [&](station_machine& own) { return own.alive(now); }, now);
}

void exchange::closed(server::link_id link, instant now) {
  if (gate_) gate_->closed(link);
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
  std::map<std::string, double> made;
  {
    const std::lock_guard lock{core_->guard};
    made = core_->statistics();
  }
  const auto asked = gate_ ? gate_->counts() : tag_gate::tallies{};
  made["tag_rulings_total"] = static_cast<double>(asked.rulings);
  made["tag_rulings_failed_total"] = static_cast<double>(asked.failures);
  return made;
}

} // namespace busbar::adapters::ocpp::gateway
