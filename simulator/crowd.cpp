#include "simulator/crowd.hpp"

#include "control/ownership/command_fence.hpp"
#include "messages/codec.hpp"
#include "simulator/random.hpp"
#include "simulator/wiring.hpp"

#include <algorithm>
#include <utility>

namespace busbar::simulator {

namespace {

/// What stands at a connector: a vehicle that waits for a session, one that needs none, or none.
enum plug_state : std::uint8_t { waits, charges_freely, is_gone };

constexpr std::int64_t mw_ms_per_wh = 3'600'000'000;

domain::connector_state state_of(std::uint8_t plug, std::int32_t drawn) {
  if (plug == is_gone) return domain::connector_state::disconnected;
  return plug == charges_freely || drawn > 0 ? domain::connector_state::supplying
                                             : domain::connector_state::activated;
}

/// 0..63 mA that change with every reading: a vehicle never takes its whole grant.
std::int32_t ripple(std::size_t connector, std::uint64_t batch) {
  const auto mixed = (connector * 0x9e3779b97f4a7c15ULL) ^ (batch * 0xff51afd7ULL);
  return static_cast<std::int32_t>(mixed >> 7 & 63);
}

} // namespace

crowd::crowd(std::vector<std::shared_ptr<const domain::site>> sites, std::uint64_t seed) {
  random_source random{seed};
  for (auto& site : sites) {
    site_row row{site, granted_ma_.size(), 0, 0, {}};
    for (std::size_t c = 0; c < site->connectors.size(); ++c) {
      const auto offered = supply_of(*site, domain::connector_index{c});
      const auto most = site->connectors[c].current_max.count();
      granted_ma_.push_back(0);
      appetite_ma_.push_back(static_cast<std::int32_t>(random.between(most / 2, most)));
      mw_per_a_.push_back(
          static_cast<std::int32_t>(offered.voltage.count() * offered.phases));
      line_count_.push_back(offered.is_delta ? std::uint8_t{2} : offered.phases);
    }
    sites_.push_back(std::move(row));
  }
  obeyed_.resize(granted_ma_.size());
  energy_.resize(granted_ma_.size());
  plug_.resize(granted_ma_.size(), waits);
}

void crowd::plug(std::size_t number, domain::connector_index connector, bool is_there) {
  plug_[sites_[number].first + connector.value()] = is_there ? charges_freely : is_gone;
}

std::vector<domain::driver_request> crowd::requests(std::size_t number,
                                                    domain::instant now) const {
  const auto& site = *sites_[number].topology;
  std::vector<domain::driver_request> made;
  made.reserve(site.connectors.size());
  for (std::size_t c = 0; c < site.connectors.size(); ++c) {
    const auto& station = site.stations[site.connectors[c].station.value()].id;
    const std::string name = site.id.text() + "-" + std::to_string(c);
    made.push_back({domain::request_id{"q-" + name}, site.id, domain::driver_id{"d-" + name},
                    domain::request_kind::start, station, {}, now, std::nullopt, std::nullopt});
  }
  return made;
}

const domain::telemetry_batch& crowd::read(std::size_t number, domain::instant now) {
  auto& row = sites_[number];
  const std::size_t count = row.topology->connectors.size();
  const std::int64_t passed_ms =
      row.batch_number == 0 ? 0 : (now - row.read_at).count() / 1000;
  batch_.site = row.topology->id;
  batch_.topology_hash = row.topology->topology_hash;
  batch_.sent_at = row.read_at = now;
  batch_.batch_number = ++row.batch_number;
  batch_.readings.resize(count);
  for (std::size_t c = 0; c < count; ++c) {
    const std::size_t at = row.first + c;
    const std::int32_t wish = plug_[at] == is_gone ? 0 : appetite_ma_[at];
    const std::int32_t most = std::min(granted_ma_[at], wish);
    const std::int32_t drawn = most > 64 ? most - ripple(at, row.batch_number) : 0;
    const std::int64_t mw = std::int64_t{drawn} * mw_per_a_[at] / 1000;
    energy_[at] += mw * passed_ms;
    auto& reading = batch_.readings[c];
    reading.measured_at = now;
    reading.connector = domain::connector_index{c};
    for (std::size_t line = 0; line < 3; ++line)
      reading.current_ma[line] = line < line_count_[at] ? drawn : 0;
    reading.power_w = static_cast<std::int32_t>((mw + 999) / 1000);
    reading.energy_wh = energy_[at] / mw_ms_per_wh;
    reading.state = state_of(plug_[at], drawn);
    reading.obeyed = obeyed_[at];
  }
  return batch_;
}

ports::shared_bytes crowd::read_bytes(std::size_t number, domain::instant now) {
  return messages::encode(read(number, now));
}

domain::command_result crowd::obey_one(const site_row& row, const domain::command& told,
                                       domain::instant now) {
  domain::command_result answer{told.connector, told.number, domain::outcome::refused, {}, now};
  if (told.connector.value() >= row.topology->connectors.size()) {
    answer.why = "no such connector";
    return answer;
  }
  const std::size_t at = row.first + told.connector.value();
  using control::ownership::fence_verdict;
  const auto verdict =
      control::ownership::judge({row.owner, obeyed_[at]}, {row.owner, told.number});
  if (verdict == fence_verdict::older_number) {
    answer.why = "older than sequence " + std::to_string(obeyed_[at]);
    return answer;
  }
  obeyed_[at] = told.number;
  if (told.kind == domain::command_kind::grant)
    granted_ma_[at] = static_cast<std::int32_t>(told.current.count());
  if (told.kind == domain::command_kind::stop) granted_ma_[at] = 0;
  answer.answer = domain::outcome::accepted;
  return answer;
}

void crowd::begin_epoch(site_row& row, domain::epoch owner) {
  row.owner = owner;
  const auto first = obeyed_.begin() + static_cast<std::ptrdiff_t>(row.first);
  std::fill_n(first, row.topology->connectors.size(), domain::sequence{0});
}

const domain::result_batch& crowd::obey(std::size_t number, const domain::command_batch& batch,
                                        domain::instant now) {
  auto& row = sites_[number];
  const bool is_ours = batch.topology_hash == row.topology->topology_hash;
  const bool is_current = is_ours && control::ownership::admits_epoch(row.owner, batch.owner);
  if (is_current && row.owner != batch.owner) begin_epoch(row, batch.owner);
  answers_.site = row.topology->id;
  answers_.topology_hash = row.topology->topology_hash;
  answers_.owner = is_ours ? row.owner : batch.owner;
  answers_.results.clear();
  for (const auto& told : batch.commands) {
    if (is_current)
      answers_.results.push_back(obey_one(row, told, now));
    else
      answers_.results.push_back({told.connector, told.number, domain::outcome::refused,
                                  "older epoch or another topology", now});
  }
  return answers_;
}

domain::milliamperes crowd::granted(std::size_t number, domain::connector_index connector) const {
  return domain::milliamperes{granted_ma_[sites_[number].first + connector.value()]};
}

} // namespace busbar::simulator
