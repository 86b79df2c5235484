#include "simulator/auditor.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace busbar::simulator {

namespace {

using domain::instant;
using domain::session_fact_kind;

constexpr double sqrt3 = 1.7320508075688772;
/// Rounding noise of double arithmetic, in mA and mW.
constexpr double noise = 1e-3;
/// Facts and meters are a reading apart; a register counts whole Wh.
constexpr domain::microseconds energy_slack{std::chrono::seconds{5}};

void lower(std::optional<double>& bound, double to) {
  bound = bound ? std::min(*bound, to) : to;
}

double size_of(const phasor& current) {
  return std::sqrt(current.x * current.x + current.y * current.y);
}

} // namespace

auditor::auditor(std::shared_ptr<const domain::site> site, auditor_settings settings)
    : site_(std::move(site)), settings_(settings), imposed_(site_->nodes.size()),
      points_(site_, settings.points), lines_(site_, settings.settle),
      obedience_(site_, settings.obedience) {
  for (const auto& node : site_->nodes) bounds_.push_back(bounds_of(node));
}

auditor::bounds auditor::bounds_of(const domain::node& node) {
  bounds made;
  for (const auto& limit : node.limits) {
    const bool is_rating = limit.source == domain::limit_source::rating;
    const double factor =
        is_rating ? static_cast<double>(node.continuous.count()) / 1000.0 : 1.0;
    for (std::size_t line = 0; limit.current && line < 3; ++line)
      lower(made.lines[line], factor * static_cast<double>((*limit.current)[line].count()));
    if (limit.power) lower(made.power, factor * 1000.0 * static_cast<double>(limit.power->count()));
  }
  if (!node.transformer) return made;
  const auto& data = *node.transformer;
  // mA per phase: VA / 3 / (mV / 1000 / sqrt 3) * 1000.
  const auto per_phase = [&](domain::millivolts volts) {
    return static_cast<double>(data.rated.count()) / 3.0 /
           (static_cast<double>(volts.count()) / sqrt3) * 1e6;
  };
  for (auto& line : made.lines) lower(line, per_phase(data.secondary));
  if (data.connection == domain::winding::delta_wye)
    made.primary = per_phase(data.primary.value_or(data.secondary));
  return made;
}

void auditor::note(instant at, const char* rule, std::string text) {
  ++finding_count_;
  if (findings_.size() < settings_.findings_max) findings_.push_back({at, rule, std::move(text)});
}

void auditor::compare_one(double value, std::optional<double> bound, const std::string& what,
                          instant now) {
  if (!bound) return;
  if (*bound > 0)
    worst_permille_ = std::max(worst_permille_, static_cast<std::int64_t>(value / *bound * 1000));
  if (value <= *bound + noise) return;
  note(now, flow_rule_,
       what + ": " + std::to_string(std::llround(value)) + " above " +
           std::to_string(std::llround(*bound)));
}

void auditor::compare(const std::vector<node_flow>& flows, const char* what, instant now) {
  for (std::size_t n = 0; n < flows.size(); ++n) {
    const std::string where = std::string{what} + " at " + site_->nodes[n].id.text();
    for (std::size_t line = 0; line < 3; ++line) {
      const std::string name = name_of(domain::all_lines[line]);
      compare_one(size_of(flows[n].lines[line]), bounds_[n].lines[line],
                  where + " " + name + " mA", now);
      compare_one(size_of(flows[n].upstream[line]), bounds_[n].primary,
                  where + " primary " + name + " mA", now);
    }
    compare_one(static_cast<double>(flows[n].power_mw), bounds_[n].power, where + " mW", now);
  }
}

/// Export gives no room: it may end at any time, and so may charging.
void auditor::compare_apart(const std::vector<load>& drawn, const base_load& base, instant now) {
  std::vector<load> charging, exporting;
  for (const auto& each : drawn) (each.is_export ? exporting : charging).push_back(each);
  if (exporting.empty()) return;
  ++looks_at_export_;
  compare(flow_of(*site_, charging, base), "flow without export", now);
  compare(flow_of(*site_, exporting, base_load(site_->nodes.size())), "export alone", now);
}

auditor::base_load auditor::lowest_base(const plant& yard, instant now) {
  const auto& base = yard.node_meters().base();
  if (bases_.empty() || bases_.back().second != base) bases_.emplace_back(now, base);
  // An entry holds until the next one begins: the one in force `settle` ago still counts.
  while (bases_.size() > 1 && bases_[1].first <= now - settings_.settle) bases_.pop_front();
  base_load lowest = base;
  for (const auto& [at, seen] : bases_)
    for (std::size_t n = 0; n < lowest.size(); ++n)
      for (std::size_t line = 0; line < 3; ++line)
        lowest[n][line] = std::min(lowest[n][line], seen[n][line]);
  return lowest;
}

void auditor::look(const plant& yard, instant now) {
  ++looks_;
  bills_.look(yard);
  std::vector<load> drawn;
  std::vector<load> held;
  std::vector<line_use> uses;
  for (const auto& point : yard.points())
    for (const auto& outlet : point.outlets()) {
      if (outlet.drawn().count() > 0)
        drawn.push_back({outlet.index(), outlet.drawn(), outlet.phases(), outlet.is_export()});
      // A welded contactor carries current without a session.
      const auto may_draw = outlet.session().is_empty() ? domain::milliamperes{}
                                                        : outlet.allowed(now);
      const auto most = std::max(outlet.drawn(), may_draw);
      if (most.count() == 0) continue;
      held.push_back({outlet.index(), most, outlet.offered().phases});
      uses.push_back({outlet.index(), most, outlet.phases(), outlet.offered().phases});
    }
  lines_.look(std::move(uses), now);
  const bool have_run_out = points_.have_all_leases_run_out(now);
  flow_without_leases_ += have_run_out && !drawn.empty();
  flow_rule_ = have_run_out ? "LIM-4" : "LIM-1";
  const auto flows = flow_of(*site_, drawn, lowest_base(yard, now));
  const auto holds = flow_of(*site_, lines_.loads(), base_load(site_->nodes.size()));
  compare(flows, "flow", now);
  compare_apart(drawn, lowest_base(yard, now), now);
  compare(holds, "held", now);
  compare_kept(holds, now);
  flow_rule_ = "LIM-7";
  compare_imposed(flows, "flow", false, now);
  compare_imposed(flow_of(*site_, drawn, base_load(site_->nodes.size())), "flow", true, now);
  compare_imposed(holds, "held", true, now);
  look_at_points(yard, held, now);
}

void auditor::compare_kept(const std::vector<node_flow>& holds, instant now) {
  flow_rule_ = "LIM-8";
  for (std::size_t n = 0; n < holds.size(); ++n) {
    const domain::node_index node{n};
    const std::string where = "held and kept at " + site_->nodes[n].id.text();
    for (const auto line : domain::all_lines) {
      const auto l = domain::index_of(line);
      const double room = lines_.room_on(node, line);
      if (room > 0)
        compare_one(size_of(holds[n].lines[l]) + room, bounds_[n].lines[l],
                    where + " " + name_of(line) + " mA", now);
    }
    const double power = lines_.power_at(node);
    if (power > 0)
      compare_one(static_cast<double>(holds[n].power_mw) + power, bounds_[n].power,
                  where + " mW", now);
  }
}

void auditor::look_at_points(const plant& yard, const std::vector<load>& held, instant now) {
  // Worked out on demand only: most of the time no point needs it.
  std::optional<std::vector<node_flow>> all;
  points_.look(yard, now, [&](domain::connector_index connector) {
    if (!all) all = flow_of(*site_, held, yard.node_meters().base());
    return has_room(*all, connector);
  });
  obedience_.look(now);
  gather();
}

bool auditor::has_room(const std::vector<node_flow>& flows,
                       domain::connector_index connector) const {
  const auto& data = site_->connectors[connector.value()];
  const auto minimum = static_cast<double>(data.current_min.count());
  const auto& station = site_->stations[data.station.value()];
  for (std::optional at{station.parent}; at; at = site_->nodes[at->value()].parent) {
    const auto n = at->value();
    const auto most = imposed_[n].most;
    for (std::size_t line = 0; line < 3; ++line) {
      const double size = size_of(flows[n].lines[line]) + minimum;
      if (bounds_[n].lines[line] && size > *bounds_[n].lines[line]) return false;
      if (most && size > static_cast<double>(most->count())) return false;
      if (bounds_[n].primary && size_of(flows[n].upstream[line]) + minimum > *bounds_[n].primary)
        return false;
    }
    const auto power = flows[n].power_mw +
                       milliwatts(supply_of(*site_, connector), data.line_count, data.current_min);
    if (bounds_[n].power && static_cast<double>(power) > *bounds_[n].power) return false;
  }
  return true;
}

void auditor::compare_imposed(const std::vector<node_flow>& flows, const char* what,
                              bool is_of_points, instant now) {
  for (std::size_t n = 0; n < flows.size(); ++n) {
    if (!imposed_[n].most || now < imposed_[n].from + settings_.settle) continue;
    if (!is_of_points && imposed_[n].is_of_points) continue;
    for (std::size_t line = 0; line < 3; ++line)
      compare_one(size_of(flows[n].lines[line]),
                  static_cast<double>(imposed_[n].most->count()),
                  std::string{what} + " at " + site_->nodes[n].id.text() + " " +
                      name_of(domain::all_lines[line]) + " mA",
                  now);
  }
}

void auditor::impose(domain::node_index node, std::optional<domain::milliamperes> most,
                     instant from, bool is_of_points) {
  imposed_[node.value()] = {most, from, is_of_points};
}

void auditor::hear(const domain::command_batch& told) {
  points_.hear(told);
  obedience_.hear(told);
  gather();
}

void auditor::hear(const outputs& said) {
  if (said.telemetry) points_.hear(*said.telemetry);
  if (said.telemetry) obedience_.hear(*said.telemetry);
  for (const auto& answers : said.results) points_.hear(answers);
  for (const auto& answers : said.results) obedience_.hear(answers);
  gather();
}

void auditor::gather() {
  const auto take = [this](std::vector<finding> found) {
    for (auto& each : found) note(each.at, each.rule.c_str(), std::move(each.text));
  };
  take(points_.take_findings());
  take(obedience_.take_findings());
}

void auditor::begin_session(const domain::session_fact& fact) {
  const bool is_new = !open_.contains(fact.session) && !ended_.contains(fact.session);
  if (!is_new) note(fact.at, "LIFE-1", "session " + fact.session.text() + " begins twice");
  open_session session{fact.at, 0, 0, false};
  for (const auto& station : site_->stations) {
    if (station.id != fact.station) continue;
    for (std::uint32_t n = 0; n < station.connector_count; ++n) {
      const domain::connector_index at{station.first_connector.value() + n};
      const auto offered = supply_of(*site_, at);
      const auto mw =
          milliwatts(offered, offered.phases, site_->connectors[at.value()].current_max);
      session.rating_w = std::max(session.rating_w, static_cast<double>(mw) / 1000.0);
    }
  }
  open_.insert_or_assign(fact.session, session);
}

void auditor::check_energy(open_session& session, const domain::session_fact& fact) {
  const std::int64_t energy = fact.energy.count();
  const auto time = fact.at - session.began + energy_slack;
  const double most =
      session.rating_w * static_cast<double>(time.count()) / 3.6e9 + 1.0;
  const std::string what = "session " + fact.session.text() + ": " + std::to_string(energy);
  if (energy < session.energy_wh)
    note(fact.at, "LIFE-1", what + " Wh after " + std::to_string(session.energy_wh));
  if (static_cast<double>(energy) > most)
    note(fact.at, "LIFE-1",
         what + " Wh is above rating x time, " + std::to_string(std::llround(most)));
  session.energy_wh = std::max(session.energy_wh, energy);
}

/// Once, after its end.
void auditor::settle(const domain::session_fact& fact) {
  const auto ended = ended_.find(fact.session);
  const bool is_due = ended != ended_.end() && !ended->second.is_settled;
  if (!is_due)
    return note(fact.at, "LIFE-1", "session " + fact.session.text() + " is not to settle");
  ended->second.is_settled = true;
  check_energy(ended->second, fact);
}

void auditor::hear(const domain::session_fact& fact) {
  bills_.hear(fact);
  if (fact.kind == session_fact_kind::denied) return;
  if (fact.kind == session_fact_kind::accepted) return begin_session(fact);
  if (fact.kind == session_fact_kind::settled) return settle(fact);
  const auto open = open_.find(fact.session);
  if (open == open_.end()) {
    const char* why = ended_.contains(fact.session) ? " goes on after its end" : " has no start";
    note(fact.at, "LIFE-1", "session " + fact.session.text() + why);
    return;
  }
  check_energy(open->second, fact);
  if (fact.kind != session_fact_kind::completed) return;
  ended_.emplace(fact.session, open->second);
  open_.erase(open);
}

} // namespace busbar::simulator
