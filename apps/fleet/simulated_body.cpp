#include "apps/fleet/simulated_body.hpp"

#include <algorithm>
#include <utility>

namespace busbar::apps {

namespace {

using domain::command_kind;
using domain::instant;

/// The only owner that a world without an engine knows.
constexpr domain::epoch owner = 1;
constexpr domain::seconds free_for{60};

} // namespace

void world_commands::give(domain::command told, instant now) {
  told.number = ++number_;
  const auto& site = world_.site();
  world_.apply(domain::command_batch{site.id, site.topology_hash, owner, now, {std::move(told)}},
               now);
}

void world_commands::free_all(instant now) {
  const auto& site = world_.site();
  domain::command_batch batch{site.id, site.topology_hash, owner, now, {}};
  for (std::size_t i = 0; i < site.connectors.size(); ++i) {
    domain::command told;
    told.connector = domain::connector_index{i};
    told.kind = command_kind::grant;
    told.number = ++number_;
    told.current = site.connectors[i].current_max;
    told.lease = free_for;
    batch.commands.push_back(std::move(told));
  }
  world_.apply(batch, now);
}

domain::session_id world_commands::next_session() {
  return domain::session_id{"ocpp-" + std::to_string(++sessions_)};
}

simulated_body::simulated_body(world_commands& commands, domain::station_index station)
    : commands_(commands), station_(station) {
  sessions_.resize(commands.world().site().stations[station.value()].connector_count);
}

std::int32_t simulated_body::connectors() const {
  return static_cast<std::int32_t>(sessions_.size());
}

domain::connector_index simulated_body::place_of(std::int32_t connector) const {
  const auto& station = commands_.world().site().stations[station_.value()];
  return domain::connector_index{station.first_connector.value() +
                                 static_cast<std::size_t>(connector - 1)};
}

const domain::connector& simulated_body::connector_data(std::int32_t connector) const {
  return commands_.world().site().connectors[place_of(connector).value()];
}

const simulator::outlet& simulated_body::outlet(std::int32_t connector) const {
  return std::as_const(commands_.world()).yard().at(place_of(connector));
}

const control::smart_charging::profile_store* simulated_body::store() const {
  const auto* kept = commands_.world().yard().points()[station_.value()].profiles();
  return kept == nullptr ? nullptr : &kept->store();
}

domain::command simulated_body::command(command_kind kind, std::int32_t connector) const {
  domain::command told;
  told.kind = kind;
  told.connector = place_of(std::max(connector, 1));
  return told;
}

bool simulated_body::is_dc(std::int32_t connector) const {
  return connector_data(connector).kind == domain::current_kind::dc;
}

domain::reading simulated_body::sample(std::int32_t connector, instant now) const {
  return outlet(connector).sample(now);
}

bool simulated_body::has_session(std::int32_t connector) const {
  return !outlet(connector).session().is_empty();
}

bool simulated_body::is_free(std::int32_t connector, instant now) const {
  const auto state = sample(connector, now).state;
  const bool is_out =
      state == domain::connector_state::faulted || state == domain::connector_state::unavailable;
  return !is_out && !has_session(connector);
}

std::string simulated_body::start(std::int32_t connector, const std::string& tag, instant now) {
  if (has_session(connector)) return "another session is open";
  auto told = command(command_kind::start, connector);
  told.session = commands_.next_session();
  told.driver = domain::driver_id{tag};
  auto& own = sessions_[static_cast<std::size_t>(connector - 1)];
  own = {told.session, told.driver};
  commands_.give(told, now);
  if (outlet(connector).session() != told.session) return "it is not free";
  if (outlet(connector).car()) return {};
  stop(connector, now);
  return "no vehicle comes";
}

void simulated_body::stop(std::int32_t connector, instant now) {
  auto& own = sessions_[static_cast<std::size_t>(connector - 1)];
  if (own.id.is_empty()) return;
  if (outlet(connector).session() == own.id) {
    auto told = command(command_kind::stop, connector);
    told.session = own.id;
    commands_.give(std::move(told), now);
  }
  // Its driver leaves.
  domain::session_fact over;
  over.kind = domain::session_fact_kind::completed;
  over.session = own.id;
  over.driver = own.driver;
  over.site = commands_.world().site().id;
  over.station = commands_.world().site().stations[station_.value()].id;
  over.at = now;
  over.why = "stopped";
  own = {};
  commands_.world().apply(over, now);
}

std::string simulated_body::set_profile(std::int32_t connector,
                                        const domain::charging_profile& profile, instant now) {
  auto told = command(command_kind::set_charging_profile, connector);
  told.profile.order = std::make_shared<const domain::profile_order>(
      domain::profile_order{connector == 0, profile, {}});
  commands_.give(std::move(told), now);
  const auto* kept = store();
  const auto* entry = kept == nullptr ? nullptr : kept->find(profile.id);
  return entry != nullptr && entry->connector == connector && entry->profile == profile
             ? std::string{}
             : "Rejected";
}

bool simulated_body::clear_profiles(const domain::profile_filter& filter, instant now) {
  const auto count = [&] { return store() == nullptr ? 0 : store()->installed().size(); };
  const auto before = count();
  auto told = command(command_kind::clear_charging_profile, 1);
  told.profile.order =
      std::make_shared<const domain::profile_order>(domain::profile_order{false, {}, filter});
  commands_.give(std::move(told), now);
  return count() < before;
}

control::smart_charging::composite_schedule
simulated_body::compose(std::int32_t connector, domain::seconds duration, domain::rate_unit unit,
                        instant now) const {
  const auto begin = std::chrono::floor<std::chrono::seconds>(now);
  const auto* kept = store();
  if (kept == nullptr) return {begin, duration, unit, {}};
  return control::smart_charging::compose(*kept, connector, begin, duration, unit);
}

void simulated_body::set_available(std::int32_t connector, bool is_available, instant now) {
  commands_.give(
      command(is_available ? command_kind::set_available : command_kind::set_unavailable,
              connector),
      now);
}

} // namespace busbar::apps
