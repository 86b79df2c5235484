#include "adapters/ocpp/gateway/service_desk.hpp"

#include "adapters/ocpp/gateway/exchange_core.hpp"
#include "adapters/ocpp/gateway/order_rules.hpp"
#include "adapters/ocpp/station/connector_reading.hpp"
#include "adapters/ocpp/station/settings_order.hpp"
#include "ocpp/v16/secrets.hpp"

#include <algorithm>

namespace busbar::adapters::ocpp::gateway {

namespace {

ports::charge_point_now shown(const exchange::seat& from) {
  const auto& state = from.machine.state();
  ports::charge_point_now made;
  made.identity = from.who.identity;
  made.site = from.site;
  made.station = from.who.station.text();
  made.is_connected = state.link != 0;
  made.is_accepted = state.is_accepted;
  made.vendor = state.abilities.vendor;
  made.model = state.abilities.model;
  made.firmware = state.abilities.firmware;
  if (state.heard_at != instant{}) made.heard_at = state.heard_at;
  for (const auto& row : busbar::ocpp::v16::all_tolerances())
    if (state.tolerated[static_cast<std::size_t>(row.is)] > 0)
      made.tolerated.emplace_back(row.name);
  for (const auto& at : state.connectors) {
    const bool is_reported = at.status != station::reported_status::unknown;
    made.connectors.push_back(
        {is_reported ? name_of(at.status) : "", at.error_code, std::nullopt});
  }
  for (const auto& each : state.transactions)
    if (!each.has_ended) made.connectors[each.connector].transaction = each.number;
  return made;
}

} // namespace

std::optional<std::string> service_desk::site_of(const std::string& identity) const {
  const std::lock_guard lock{core_.guard};
  const auto* own = core_.find(identity);
  return own == nullptr ? std::nullopt : std::optional{own->site};
}

std::vector<ports::charge_point_now> service_desk::stations() const {
  std::vector<ports::charge_point_now> made;
  {
    const std::lock_guard lock{core_.guard};
    for (const auto& each : core_.seats()) made.push_back(shown(each));
  }
  std::ranges::sort(made, {}, &ports::charge_point_now::identity);
  return made;
}

std::vector<ports::charge_point_profile>
service_desk::profiles_of(const std::string& identity) const {
  const std::lock_guard lock{core_.guard};
  const auto* own = core_.find(identity);
  if (own == nullptr) return {};
  return own->machine.state().profiles.profiles();
}

domain::result<std::uint64_t> service_desk::order(const ports::charge_point_order& wanted,
                                                  instant now) {
  const exchange::turn mine{core_, now};
  auto* own = core_.find(wanted.identity);
  if (own == nullptr)
    return named(domain::errc::unknown_reference, wanted.identity,
                 "none comes under this identity");
  const auto reached = is_reachable(wanted.identity, *own);
  const bool is_later = wanted.from && now < *wanted.from;
  if (!reached && !wanted.waits && !is_later) return reached.failure();
  if (auto may = may_be_ordered(wanted, *own); !may) return may.failure();
  auto recorded = wanted;
  if (wanted.action == ports::reset_configuration)
    recorded.payload = station::wanted_payload(own->machine.state().place);
  const auto number = core_.out.service.add(recorded, now);
  if (!number)
    return named(domain::errc::full, wanted.identity,
                 std::to_string(kept_orders_max) + " orders wait for their stations");
  if (!reached || is_later) core_.out.service.park(*number);
  else send_order(core_, *own, wanted, *number, now);
  return *number;
}

domain::result<void> service_desk::cancel(const std::string& identity, std::uint64_t number,
                                          instant now) {
  const exchange::turn mine{core_, now};
  const auto* order = core_.out.service.find(identity, number);
  if (order == nullptr)
    return named(domain::errc::unknown_reference, identity,
                 "order " + std::to_string(number) + " is not among the newest");
  const bool was_waiting = core_.out.service.unpark(number) ||
                           core_.find(identity)->machine.cancel(number);
  if (!was_waiting)
    return named(domain::errc::conflict, identity,
                 "order " + std::to_string(number) + " is " + name_of(order->state) +
                     "; only what has not been sent is taken back");
  core_.out.service.settle({number, ports::order_state::cancelled, {}}, now);
  return {};
}

void service_desk::await(std::uint64_t number, instant until, listener told) {
  const exchange::turn mine{core_, instant{}};
  core_.out.service.await(number, until, std::move(told));
}

std::vector<ports::order_standing> service_desk::orders_of(const std::string& identity) const {
  const std::lock_guard lock{core_.guard};
  return core_.out.service.of(identity);
}

std::optional<ports::order_standing> service_desk::order_numbered(std::uint64_t number) const {
  const std::lock_guard lock{core_.guard};
  const auto* found = core_.out.service.find(number);
  return found == nullptr ? std::nullopt : std::optional{*found};
}

std::vector<ports::charge_point_frame>
service_desk::frames_of(const std::string& identity) const {
  std::vector<ports::charge_point_frame> made;
  {
    const std::lock_guard lock{core_.guard};
    made = core_.out.frames.of(identity);
  }
  for (auto& each : made) each.text = busbar::ocpp::v16::blanked(each.text);
  return made;
}

std::int32_t service_desk::new_number() {
  const std::lock_guard lock{core_.guard};
  return numbers_.next();
}

std::string service_desk::fault_of_url(const std::string& url) const {
  return core_.settings.urls.fault_of(url, own_hosts());
}

std::shared_ptr<const tag_book> service_desk::tags_now() const {
  const std::lock_guard lock{core_.guard};
  return core_.settings.tags;
}

template <class Change> domain::result<void> service_desk::change_tags(Change&& change) {
  const std::lock_guard turn{changing_};
  auto next = std::make_shared<tag_book>(*tags_now());
  if (auto done = change(*next); !done) return done;
  std::shared_ptr<const tag_book> before = std::move(next);
  {
    const std::lock_guard lock{core_.guard};
    core_.settings.tags.swap(before);
    ++core_.settings.tags_revision;
  }
  return {};
}

std::vector<ports::id_tag> service_desk::tags() const {
  const auto now = tags_now();
  std::vector<ports::id_tag> made;
  for (const auto& [key, each] : now->all())
    made.push_back({each.tag, each.is_blocked, each.expires_at, each.parent, each.notes,
                    each.group, each.concurrent_max});
  return made;
}

domain::result<void> service_desk::put_tag(const ports::id_tag& tag) {
  return change_tags([&](tag_book& book) {
    return book.put({tag.tag, tag.is_blocked, tag.expires_at, tag.parent, tag.notes, tag.group,
                     tag.concurrent_max});
  });
}

domain::result<void> service_desk::remove_tag(const std::string& tag) {
  return change_tags([&](tag_book& book) { return book.remove(tag); });
}

} // namespace busbar::adapters::ocpp::gateway
