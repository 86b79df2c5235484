#pragma once
// Seeded random messages, every field within the range that its schema states.

#include "domain/shard_records.hpp"
#include "messages/bounds.hpp"
#include "messages/codec.hpp"
#include "tests/messages/random_device_values.hpp"
#include "tests/messages/random_operator_state.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace busbar::messages::testing {

class random_messages {
public:
  explicit random_messages(std::uint64_t seed) : engine_(seed) {}

  domain::telemetry_batch telemetry() {
    domain::telemetry_batch batch{domain::site_id{name()}, word(), at(), word()};
    for (auto left = number(0, 40); left > 0; --left) batch.readings.push_back(reading());
    for (auto left = number(0, 5); left > 0; --left) batch.meters.push_back(meter());
    for (auto left = number(0, 5); left > 0; --left) batch.health.push_back(health());
    return batch;
  }

  domain::driver_request request() {
    domain::driver_request to{
        domain::request_id{name()}, domain::site_id{name()}, domain::driver_id{name()},
        choice(domain::request_kind::change), domain::station_id{name_or_empty()},
        domain::session_id{name_or_empty()}, at(), {}, {}, domain::connector_id{name_or_empty()}};
    add_wants(to);
    if (coin()) to.reported = device_.reported();
    if (coin()) to.why = name();
    if (coin()) to.begun_by = domain::request_id{name()};
    return to;
  }

  domain::command_batch commands() {
    domain::command_batch batch{domain::site_id{name()}, word(), word(), at(), {}};
    for (auto left = number(0, 30); left > 0; --left) batch.commands.push_back(command());
    return batch;
  }

  domain::result_batch results() {
    domain::result_batch batch{domain::site_id{name()}, word(), word(), {}};
    for (auto left = number(0, 30); left > 0; --left) {
      batch.results.push_back({index<domain::connector_index>(), word(),
                               choice(domain::outcome::refused), text(), at()});
      if (coin())
        batch.results.back().register_at = domain::watt_hours{number(0, bounds::register_wh_max)};
      if (coin()) batch.results.back().reported = device_.report();
    }
    return batch;
  }

  domain::session_fact session_fact() {
    domain::session_fact fact{
        domain::session_id{name_or_empty()}, domain::request_id{name_or_empty()},
        domain::site_id{name()},             domain::station_id{name_or_empty()},
        domain::driver_id{name_or_empty()},  choice(domain::session_fact_kind::changed), at()};
    fact.power = domain::watts{number(-bounds::connector_w_max, bounds::connector_w_max)};
    fact.energy = domain::watt_hours{number(0, bounds::session_wh_max)};
    fact.cost = domain::micro_currency{number(0, bounds::cost_micro_max)};
    fact.why = text();
    add_wants(fact);
    if (coin()) fact.connector = domain::connector_id{name()};
    if (coin()) fact.register_start_wh = number(0, bounds::register_wh_max);
    if (coin()) fact.register_now_wh = number(0, bounds::register_wh_max);
    fact.is_bill_open = coin();
    if (coin()) fact.began_at = at();
    return fact;
  }

  domain::event event() {
    return {domain::site_id{name_or_empty()}, at(),           choice(domain::speaker::log),
            choice(domain::severity::critical), name(), name_or_empty(), text(),
            {choice(domain::cause_kind::program), name_or_empty()}};
  }

  domain::decision decision() {
    domain::decision to{domain::site_id{name()}, word(), word(), word(), at(), word(), {}, {}};
    for (auto left = number(0, 10); left > 0; --left)
      to.limits.push_back({index<domain::node_index>(), lines(),
                           known(domain::limit_source::meter_lost), lines()});
    for (auto left = number(0, 30); left > 0; --left)
      to.grants.push_back({index<domain::connector_index>(), site_current(), site_current(),
                           site_current(), reason(), coin()});
    return to;
  }

  domain::site_state site_state() {
    domain::site_state to;
    to.site = domain::site_id{name()};
    to.topology_hash = word();
    to.owner = word();
    to.at = at();
    to.plan_number = word();
    for (auto left = number(0, 20); left > 0; --left)
      to.told.push_back(
          {index<domain::connector_index>(), word(), site_current(), site_current(), coin()});
    for (auto left = number(0, 10); left > 0; --left) to.sessions.push_back(session());
    for (auto left = number(0, 3); left > 0; --left) to.unsettled.push_back(session());
    for (auto left = number(0, 300); left > 0; --left)
      to.planner_memory.push_back(static_cast<std::uint8_t>(number(0, 255)));
    add_tree_state(*this, to);
    add_operator_state(*this, to);
    for (const auto member : {&domain::log_positions::commands, &domain::log_positions::results,
                              &domain::log_positions::sessions, &domain::log_positions::requests})
      if (coin()) to.positions.*member = number(0, std::numeric_limits<std::int64_t>::max());
    for (auto left = number(0, 300); left > 0; --left)
      to.part_memory.push_back(static_cast<std::uint8_t>(number(0, 255)));
    for (auto left = number(0, 3); left > 0; --left) to.reservations.push_back(reservation());
    return to;
  }

  messages::dead_letter dead_letter() {
    messages::dead_letter to;
    to.topic = name();
    to.partition = static_cast<std::int32_t>(number(0, 1'000));
    to.offset = number(0, INT64_MAX);
    for (auto left = number(0, 40); left > 0; --left)
      to.key += static_cast<char>(number(0, 255));
    to.code = choice(domain::errc::unavailable);
    to.reason = text();
    for (auto left = number(0, 200); left > 0; --left)
      to.original.push_back(static_cast<std::uint8_t>(number(0, 255)));
    to.original_size = to.original.size() + static_cast<std::uint64_t>(number(0, 1'000'000));
    to.at = at();
    return to;
  }

  domain::shard_fence fence() {
    domain::shard_fence to;
    to.shard = static_cast<std::int32_t>(number(0, INT32_MAX));
    to.node = name();
    to.start = word();
    to.attempt = static_cast<std::uint32_t>(number(0, UINT32_MAX));
    to.written_at = at();
    return to;
  }

  domain::shard_owner owner() {
    domain::shard_owner to;
    to.shard = static_cast<std::int32_t>(number(0, INT32_MAX));
    to.owner = word() | 1U;
    to.node = name();
    if (coin()) to.address = name();
    to.owned_since = at();
    return to;
  }

  std::int64_t number(std::int64_t lowest, std::int64_t highest) {
    return std::uniform_int_distribution<std::int64_t>{lowest, highest}(engine_);
  }
  std::uint64_t word() { return engine_(); }

private:
  bool coin() { return number(0, 1) == 1; }
  domain::instant at() {
    return domain::instant{domain::microseconds{number(0, bounds::time_us_max)}};
  }
  /// Of a request, a fact or a session.
  void add_wants(auto& to) {
    if (coin()) to.energy_wanted = domain::watt_hours{number(0, bounds::wanted_wh_max)};
    if (coin()) to.departs_at = at();
  }
  /// Also characters of two, three and four bytes.
  std::string characters(std::int64_t lowest, std::int64_t highest) {
    static const std::vector<std::string> alphabet{"a", "Z", "0", "-", " ", "ü", "€", "🔌"};
    std::string to;
    for (auto left = number(lowest, highest); left > 0; --left)
      to += alphabet[static_cast<std::size_t>(number(0, 7))];
    return to;
  }
  std::string name() { return characters(1, 16); }
  std::string name_or_empty() { return characters(0, 16); }
  std::string text() { return coin() ? "" : characters(0, 200) + "\n"; }
  template <class Enum> Enum choice(Enum last) {
    return static_cast<Enum>(number(1, static_cast<std::int64_t>(last)));
  }
  template <class Enum> Enum known(Enum last) {
    return static_cast<Enum>(number(0, static_cast<std::int64_t>(last)));
  }
  template <class Index> Index index() {
    return Index{static_cast<std::uint32_t>(number(0, UINT32_MAX))};
  }
  std::int32_t within(std::int64_t most) { return static_cast<std::int32_t>(number(-most, most)); }
  std::int32_t up_to(std::int64_t most) { return static_cast<std::int32_t>(number(0, most)); }
  domain::milliamperes site_current() {
    return domain::milliamperes{number(0, bounds::site_ma_max)};
  }
  domain::per_line<domain::milliamperes> lines() {
    return {site_current(), site_current(), site_current()};
  }
  domain::reason reason() {
    domain::reason to;
    to.which = known(domain::rule::disobedience);
    if (coin()) to.node = index<domain::node_index>();
    to.line = known(domain::binding_line::power);
    to.source = known(domain::limit_source::meter_lost);
    return to;
  }

  domain::reading reading() {
    domain::reading to;
    to.measured_at = at();
    to.connector = index<domain::connector_index>();
    for (auto& current : to.current_ma) current = within(bounds::connector_ma_max);
    to.power_w = within(bounds::connector_w_max);
    to.voltage_mv = up_to(bounds::connector_mv_max);
    to.energy_wh = number(0, bounds::register_wh_max);
    to.state = choice(domain::connector_state::unavailable);
    to.has_soc = coin();
    if (to.has_soc) to.soc_permille = static_cast<std::uint16_t>(number(0, 1'000));
    to.has_temperature = coin();
    if (to.has_temperature)
      to.temperature_mc = static_cast<std::int32_t>(
          number(bounds::temperature_mc_min, bounds::temperature_mc_max));
    to.obeyed = word();
    return to;
  }

  domain::meter_reading meter() {
    domain::meter_reading to;
    to.measured_at = at();
    to.node = index<domain::node_index>();
    for (auto& current : to.current_ma) current = within(bounds::node_ma_max);
    to.power_w = within(bounds::node_w_max);
    to.voltage_mv = up_to(bounds::node_mv_max);
    if (coin())
      to.frequency_mhz = static_cast<std::int32_t>(
          number(bounds::frequency_mhz_min, bounds::frequency_mhz_max));
    to.power_factor_permille = static_cast<std::int32_t>(number(0, 1'000));
    return to;
  }

  domain::health_report health() {
    const bool is_healthy = coin();
    return {at(), index<domain::station_index>(), is_healthy,
            static_cast<std::uint16_t>(is_healthy ? 0 : number(1, 65'535))};
  }

  domain::command command() {
    domain::command to;
    to.connector = index<domain::connector_index>();
    to.kind = choice(domain::command_kind::report);
    if (to.kind == domain::command_kind::set_phases)
      to.lines = static_cast<std::uint8_t>(coin() ? 1 : 3);
    to.is_export = to.kind == domain::command_kind::grant && coin();
    if (to.kind == domain::command_kind::set_charging_profile)
      to.profile.order = std::make_shared<const domain::profile_order>(
          domain::profile_order{coin(), device_.charging_profile(), device_.profile_filter()});
    if (to.kind == domain::command_kind::clear_charging_profile)
      to.profile.order = std::make_shared<const domain::profile_order>(
          domain::profile_order{coin(), {}, device_.profile_filter()});
    to.number = word();
    to.current = domain::milliamperes{number(0, bounds::connector_ma_max)};
    to.lease = domain::seconds{number(0, bounds::lease_s_max)};
    to.because = reason();
    to.session = domain::session_id{name_or_empty()};
    to.driver = domain::driver_id{name_or_empty()};
    to.fault = known(domain::fault_kind::low_power_factor);
    if (to.kind == domain::command_kind::grant && coin())
      to.when_lost = {choice(domain::fallback_action::stop),
                      domain::milliamperes{number(0, bounds::connector_ma_max)},
                      domain::seconds{number(0, bounds::lease_s_max)}};
    return to;
  }

  domain::reservation_state reservation() {
    return {index<domain::station_index>(), domain::driver_id{name()}, at()};
  }

  domain::session_state session() {
    domain::session_state to;
    to.id = domain::session_id{name()};
    to.request = domain::request_id{name_or_empty()};
    to.driver = domain::driver_id{name_or_empty()};
    to.connector = index<domain::connector_index>();
    to.started_at = at();
    to.register_start_wh = number(0, bounds::register_wh_max);
    to.register_now_wh = number(0, bounds::register_wh_max);
    if (coin()) to.start_waits = word();
    if (coin()) to.stop_waits = word();
    if (to.stop_waits) to.stopping_because = name_or_empty();
    add_wants(to);
    to.is_reported = coin();
    if (coin()) to.register_begun_wh = number(0, bounds::register_wh_max);
    return to;
  }

  std::mt19937_64 engine_;
  random_device_values device_{engine_};
};

} // namespace busbar::messages::testing
