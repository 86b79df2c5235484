#include "apps/evaluate/replay.hpp"

#include "control/distribution/split.hpp"
#include "control/limits/lasting_limits.hpp"
#include "control/limits/node_limits.hpp"
#include "control/planner.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>

namespace busbar::apps::evaluate {
namespace {

using domain::instant;
using domain::milliamperes;

constexpr std::int64_t mws_per_wh = 3'600'000;

std::int64_t ceil_of(std::int64_t value, std::int64_t by) { return (value + by - 1) / by; }

/// CPU time of this thread: what a plan costs, whatever else the machine does.
std::int64_t thread_time_us() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
}

/// One run through the sessions.
class player {
public:
  player(const replay_settings& settings, const std::vector<recorded_session>& sessions);
  replay_result play(const std::function<void(int)>& tell);

private:
  void seat(instant now);
  void describe(instant now);
  void describe(std::size_t connector, const recorded_session& session, std::int64_t left_mws,
                std::int64_t span_s);
  void decide();
  void draw(instant now);
  void watch(const control::plan& plan);
  [[nodiscard]] std::int64_t span_of(const recorded_session& session, instant now) const;
  [[nodiscard]] std::int64_t left_of(std::size_t session) const;
  /// In mA.
  [[nodiscard]] std::int64_t vehicle_max_of(std::size_t connector,
                                            const recorded_session& session) const {
    if (!session.power_max_w) return settings_.site->connectors[connector].current_max.count();
    return *session.power_max_w * 1'000'000 / milliwatts_per_ampere_[connector];
  }

  const replay_settings& settings_;
  const std::vector<recorded_session>& sessions_;
  control::planner planner_;
  control::distribution::splitter gauge_;
  control::image image_;
  std::vector<std::int64_t> milliwatts_per_ampere_;
  /// By connector: the session that stands there.
  std::vector<std::optional<std::size_t>> seats_;
  std::size_t next_session_ = 0;
  std::vector<milliamperes> granted_;
  std::vector<double> worst_;
  replay_result result_;
};

player::player(const replay_settings& settings, const std::vector<recorded_session>& sessions)
    : settings_(settings), sessions_(sessions), planner_(settings.site), gauge_(*settings.site) {
  const auto& site = *settings.site;
  const auto voltages = control::limits::voltages_of(site);
  for (const auto& connector : site.connectors) {
    const auto node = site.stations[connector.station.value()].parent.value();
    milliwatts_per_ampere_.push_back(
        control::limits::milliwatts_per_ampere(connector, voltages[node]));
  }
  image_.topology = settings.site;
  image_.nodes.resize(site.nodes.size());
  for (std::size_t i = 0; i < site.nodes.size(); ++i)
    image_.nodes[i].live_limits = control::limits::lasting_protection(site.nodes[i]);
  image_.connectors.resize(site.connectors.size());
  seats_.resize(site.connectors.size());
  granted_.resize(site.connectors.size());
  worst_.resize(site.nodes.size());
  result_.delivered_mws.resize(sessions.size());
}

std::int64_t player::left_of(std::size_t session) const {
  return sessions_[session].takes_wh * mws_per_wh - result_.delivered_mws[session];
}

std::int64_t player::span_of(const recorded_session& session, instant now) const {
  const auto stays = std::chrono::floor<domain::seconds>(session.departs - now);
  return std::min(settings_.period, stays).count();
}

void player::seat(instant now) {
  for (auto& seat : seats_)
    if (seat && sessions_[*seat].departs <= now) seat.reset();
  while (next_session_ < sessions_.size() && sessions_[next_session_].arrives <= now) {
    const auto& session = sessions_[next_session_];
    if (session.departs > now) seats_[session.connector.value()] = next_session_;
    ++next_session_;
  }
}

void player::describe(std::size_t i, const recorded_session& session, std::int64_t left_mws,
                      std::int64_t span_s) {
  // What the station has to allow, in its steps: with 32 A a vehicle takes its 31.7 A, and the last
  // few watt hours come in less than a period.
  const auto& facts = settings_.site->connectors[i];
  const auto in_steps = [&](std::int64_t ma) {
    const std::int64_t step = facts.step.count();
    return ceil_of(std::max(ma, facts.current_min.count()), step) * step;
  };
  const std::int64_t mean_ma = ceil_of(left_mws * 1000, milliwatts_per_ampere_[i] * span_s);
  auto& connector = image_.connectors[i];
  connector.wants = true;
  connector.vehicle_max = milliamperes{in_steps(std::min(vehicle_max_of(i, session), mean_ma))};
  connector.energy_needed = domain::watt_hours{ceil_of(left_mws, mws_per_wh)};
  connector.energy_delivered =
      domain::watt_hours{session.takes_wh - connector.energy_needed->count()};
  connector.arrived_at = session.arrives;
  connector.departs_at = session.announced;
}

void player::describe(instant now) {
  image_.now = now;
  for (std::size_t i = 0; i < seats_.size(); ++i) {
    image_.connectors[i] = {};
    if (!seats_[i]) continue;
    const auto left = left_of(*seats_[i]);
    const auto& session = sessions_[*seats_[i]];
    if (left > 0) describe(i, session, left, span_of(session, now));
  }
}

void player::decide() {
  const auto begin = thread_time_us();
  const auto& plan = planner_.decide(image_);
  result_.plan_us.push_back(thread_time_us() - begin);
  for (std::size_t i = 0; i < granted_.size(); ++i) granted_[i] = plan.grants[i].granted;
  watch(plan);
}

void player::watch(const control::plan& plan) {
  const auto& loads = gauge_.reserved(granted_);
  for (std::size_t i = 0; i < loads.size(); ++i) {
    std::array<std::optional<node_load>, 3> fullest;
    for (const auto line : control::limits::every_line) {
      const auto* bound = plan.bounds[i].find(line);
      if (!bound) continue;
      const node_load load{image_.now, i, line, control::limits::load_on(loads[i], line),
                           bound->allowed};
      worst_[i] = std::max(worst_[i], permille_of(load));
      const auto kind = kind_of(line);
      if (!kind) continue;
      auto& best = fullest[static_cast<std::size_t>(*kind)];
      if (!best || permille_of(load) > permille_of(*best)) best = load;
    }
    for (const auto& each : fullest)
      if (each && settings_.keeps_loads) result_.loads.push_back(*each);
  }
}

void player::draw(instant now) {
  period_draw all{now, settings_.period, 0};
  for (std::size_t i = 0; i < seats_.size(); ++i) {
    if (!seats_[i] || !image_.connectors[i].wants) continue;
    const auto& session = sessions_[*seats_[i]];
    const auto current = std::min(granted_[i].count(), vehicle_max_of(i, session));
    const std::int64_t milliwatts = current * milliwatts_per_ampere_[i] / 1000;
    const auto energy = std::min(milliwatts * span_of(session, now), left_of(*seats_[i]));
    result_.delivered_mws[*seats_[i]] += energy;
    all.milliwatts += ceil_of(energy, settings_.period.count());
  }
  result_.draws.push_back(all);
}

replay_result player::play(const std::function<void(int)>& tell) {
  const auto begin = std::chrono::floor<std::chrono::days>(sessions_.front().arrives);
  instant end{};
  for (const auto& session : sessions_) end = std::max(end, session.departs);
  for (instant now = begin; now < end; now += settings_.period) {
    seat(now);
    describe(now);
    decide();
    draw(now);
    if (tell) tell(static_cast<int>((now - begin) * 1000 / (end - begin)));
  }
  const auto& nodes = settings_.site->nodes;
  for (std::size_t i = 0; i < nodes.size(); ++i)
    result_.worst.push_back({nodes[i].id.text(), worst_[i]});
  return std::move(result_);
}

} // namespace

double permille_of(const node_load& load) {
  const auto limit = static_cast<double>(std::max<std::int64_t>(load.limit, 1));
  return static_cast<double>(load.load) * 1000 / limit;
}

std::optional<load_kind> kind_of(domain::binding_line line) {
  using domain::binding_line;
  if (line == binding_line::power) return load_kind::power;
  if (line >= binding_line::balance_l1) return std::nullopt;
  return line >= binding_line::primary_l1 ? load_kind::primary_lines : load_kind::lines;
}

replay_result replay(const replay_settings& settings, const std::vector<recorded_session>& sessions,
                     const std::function<void(int)>& tell) {
  if (sessions.empty()) return {};
  return player(settings, sessions).play(tell);
}

} // namespace busbar::apps::evaluate
