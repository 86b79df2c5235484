#include "control/carry_over/carried_state.hpp"

#include "control/carry_over/left_loads.hpp"
#include "control/limits/integer_math.hpp"
#include "control/limits/node_voltage.hpp"
#include "control/plan_state.hpp"
#include "control/sessions/bill.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace busbar::control::carry_over {

namespace {

using domain::milliamperes;

const outline_station& station_of(const site_outline& outline, domain::connector_index place) {
  return outline.stations[outline.connectors[place.value()].station.value()];
}

/// Moves what `state` says by connector, station and node to the places of now.
class carrier {
public:
  carrier(const domain::site_state& state, const site_outline& before, const domain::site& now)
      : from_(state), before_(before), now_(now), places_(match(before, now)) {
    find_voltages();
  }

  carried_state carry(domain::instant at) {
    auto& to = out_.state;
    to.site = from_.site;
    to.topology_hash = now_.topology_hash;
    to.owner = from_.owner;
    to.at = from_.at;
    to.plan_number = from_.plan_number;
    to.shedding = from_.shedding;
    to.configured = from_.configured;
    if (from_.topology_hash == now_.topology_hash) to.part_memory = from_.part_memory;
    find_left();
    find_reserves(at);
    carry_told();
    carry_sessions();
    carry_of_stations();
    carry_node_orders();
    carry_connector_orders();
    carry_memory();
    carry_loads(at);
    carry_warmth();
    out_.places = std::move(places_);
    return std::move(out_);
  }

private:
  /// The lower one of before and now: what is reserved there is enough in both.
  void find_voltages() {
    for (const auto& each : limits::voltages_of(now_))
      voltages_.push_back(limits::to_neutral(each));
    for (std::size_t i = 0; i < before_.nodes.size(); ++i) {
      const auto& place = places_.nodes[i];
      const auto then = before_.nodes[i].voltage;
      if (!place || then.is_zero()) continue;
      auto& lowest = voltages_[place->value()];
      lowest = std::min(lowest, then);
    }
  }

  void find_left() {
    left_of_.resize(before_.connectors.size());
    for (std::size_t i = 0; i < before_.connectors.size(); ++i) {
      const auto& row = places_.connectors[i];
      if (row.fate == place_fate::same) continue;
      const domain::connector_index place{i};
      const auto& station = station_of(before_, place);
      left_of_[i] = out_.left.size();
      auto& left = out_.left.emplace_back();
      left.before = place;
      left.is_gone = row.fate == place_fate::gone;
      left.why = row.why;
      left.may_draw = station.fallback;
      left.at = row.left_at;
      left.falls_back_after = station.falls_back_after;
    }
  }

  [[nodiscard]] domain::node_index parent_of(domain::connector_index connector) const {
    return now_.stations[now_.connectors[connector.value()].station.value()].parent;
  }

  /// What an earlier change left behind and still counts.
  void find_reserves(domain::instant at) {
    for (const auto& load : from_.left_behind)
      if (at < (load.of ? load.of->until : from_.left_until)) reserves_.push_back(load);
    if (reserves_.empty()) return;
    for (std::size_t i = 0; i < now_.connectors.size(); ++i) {
      const auto& own = now_.connectors[i];
      by_id_.emplace(std::pair{now_.stations[own.station.value()].id, own.id},
                     domain::connector_index{i});
    }
  }

  /// Where the owner of a reserve is now, if it is wired as it was.
  [[nodiscard]] std::optional<domain::connector_index>
  place_of(const domain::left_load& load) const {
    if (!load.of) return std::nullopt;
    const auto found = by_id_.find({load.of->station, load.of->connector});
    const bool is_same = found != by_id_.end() &&
                         wiring_of(now_.connectors[found->second.value()]) == load.of->wiring;
    return is_same ? std::optional{found->second} : std::nullopt;
  }

  /// A connector that is back after it was gone counts with what it may still draw until it has
  /// acknowledged something.
  void carry_returned(std::map<domain::connector_index, domain::told_state>& told) const {
    std::vector<bool> is_known(now_.connectors.size());
    for (const auto& row : places_.connectors)
      if (row.fate != place_fate::gone) is_known[row.now.value()] = true;
    for (const auto& load : reserves_) {
      const auto place = place_of(load);
      if (!place || is_known[place->value()]) continue;
      auto& own = told[*place];
      own.connector = *place;
      own.told = std::max({own.told, load.line[0], load.line[1], load.line[2]});
    }
  }

  left_connector* left_at(domain::connector_index place) {
    const auto& number = left_of_[place.value()];
    return number ? &out_.left[*number] : nullptr;
  }

  /// A station that may still be in a higher fallback of the tree before counts with it until it
  /// has acknowledged something.
  void carry_fallbacks(std::map<domain::connector_index, domain::told_state>& told) const {
    for (std::size_t i = 0; i < before_.connectors.size(); ++i) {
      const auto& row = places_.connectors[i];
      if (row.fate == place_fate::gone) continue;
      const auto fallback = station_of(before_, domain::connector_index{i}).fallback;
      const auto station = now_.connectors[row.now.value()].station;
      if (fallback <= now_.stations[station.value()].when_lost.current) continue;
      auto& own = told[row.now];
      own.connector = row.now;
      own.told = std::max(own.told, fallback);
    }
  }

  void carry_told() {
    std::map<domain::connector_index, domain::told_state> all;
    for (auto told : from_.told) {
      if (auto* left = left_at(told.connector))
        left->may_draw = std::max({left->may_draw, told.told, told.acknowledged});
      const auto& row = places_.connectors[told.connector.value()];
      if (row.fate == place_fate::gone) continue;
      told.connector = row.now;
      all.emplace(row.now, told);
    }
    carry_fallbacks(all);
    carry_returned(all);
    for (const auto& [place, told] : all) out_.state.told.push_back(told);
  }

  void carry_sessions() {
    for (auto session : from_.sessions) {
      const auto& row = places_.connectors[session.connector.value()];
      if (row.fate == place_fate::gone) {
        left_at(session.connector)->session = std::move(session);
        continue;
      }
      session.connector = row.now;
      out_.state.sessions.push_back(std::move(session));
    }
    for (auto session : from_.unsettled) {
      const auto& row = places_.connectors[session.connector.value()];
      if (row.fate == place_fate::gone)
        lose(before_.connectors[session.connector.value()].id.text(),
             "the bill of session " + session.id.text() +
                 " stands as it is: its register is no longer part of the site");
      if (row.fate == place_fate::gone) continue;
      session.connector = row.now;
      out_.state.unsettled.push_back(std::move(session));
    }
  }

  /// Charging profiles and reservations.
  void carry_of_stations() {
    for (auto profiles : from_.profiles) {
      const auto place = places_.stations[profiles.station.value()];
      if (!place)
        lose(before_.stations[profiles.station.value()].id.text(),
             "its charging profiles are forgotten: its connectors are not the same");
      if (!place) continue;
      profiles.station = *place;
      out_.state.profiles.push_back(std::move(profiles));
    }
    std::ranges::sort(out_.state.profiles, {}, &domain::station_profiles::station);
    for (auto reservation : from_.reservations) {
      const auto place = places_.stations[reservation.station.value()];
      if (!place)
        lose(before_.stations[reservation.station.value()].id.text(),
             "the reservation of " + reservation.driver.text() +
                 " is void: its connectors are not the same");
      if (!place) continue;
      reservation.station = *place;
      out_.state.reservations.push_back(std::move(reservation));
    }
  }

  void carry_node_orders() {
    for (auto constraint : from_.node_constraints) {
      const auto& place = places_.nodes[constraint.node.value()];
      if (!place)
        lose(before_.nodes[constraint.node.value()].id.text(),
             std::string{"the limit that "} + name_of(constraint.limit.source) +
                 " set is void: the node is no longer part of the site");
      if (!place) continue;
      constraint.node = *place;
      out_.state.node_constraints.push_back(std::move(constraint));
    }
  }

  void carry_connector_orders() {
    for (auto constraint : from_.connector_constraints) {
      const auto& row = places_.connectors[constraint.connector.value()];
      if (row.fate == place_fate::gone)
        lose(before_.connectors[constraint.connector.value()].id.text(),
             "the operator's limit is void: the connector is no longer part of the site");
      if (row.fate == place_fate::gone) continue;
      constraint.connector = row.now;
      out_.state.connector_constraints.push_back(std::move(constraint));
    }
  }

  /// Turns, ramps and what is on its way, row by row. What is new begins anew.
  void carry_memory() {
    const auto memory = control::decode(from_.planner_memory, before_.connectors.size(),
                                        before_.nodes.size());
    if (!memory) return;
    plan_state to;
    to.at = memory->at;
    to.connectors.resize(now_.connectors.size());
    to.nodes.resize(now_.nodes.size());
    for (std::size_t i = 0; i < before_.connectors.size(); ++i) {
      const auto& row = places_.connectors[i];
      if (row.fate != place_fate::gone) to.connectors[row.now.value()] = memory->connectors[i];
    }
    for (std::size_t i = 0; i < before_.nodes.size(); ++i)
      if (const auto& place = places_.nodes[i]) to.nodes[place->value()] = memory->nodes[i];
    out_.state.planner_memory = control::encode(to);
  }

  /// What an earlier change left behind, and what this one does.
  void carry_loads(domain::instant at) {
    std::vector<domain::left_load> loads;
    for (const auto& load : reserves_) carry_load(load, loads);
    for (const auto& left : out_.left) {
      if (left.may_draw.is_zero()) continue;
      for (const auto node : left.at) {
        const auto& own = before_.connectors[left.before.value()];
        domain::left_owner owner{station_of(before_, left.before).id, own.id, wiring_of(own),
                                 at + left.falls_back_after + left_grace, std::nullopt};
        auto& load = loads.emplace_back(domain::left_load{node, {}, std::move(owner)});
        add(load.line, left, node);
      }
    }
    auto& until = out_.state.left_until;
    for (const auto& load : loads)
      until = std::max(until, load.of ? load.of->until : from_.left_until);
    settle(now_, loads);
    if (loads.empty()) until = {};
    out_.state.left_behind = std::move(loads);
  }

  void carry_load(const domain::left_load& load, std::vector<domain::left_load>& to) const {
    const auto place = place_of(load);
    const auto own = place ? std::optional{parent_of(*place)} : std::nullopt;
    const auto highest = std::max({load.line[0], load.line[1], load.line[2]});
    for (const auto node : nodes_left(before_, now_, places_.nodes, load.node, own)) {
      auto& carried = to.emplace_back(load);
      carried.node = node;
      if (places_.nodes[load.node.value()] == node) continue;
      const auto above = spread(current_at(highest, load.node, node));
      carried.line = {above, above, above};
    }
  }

  /// What flows at `node` where `current` flows at `there`, which hung below it: more where a
  /// transformer between steps up.
  milliamperes current_at(milliamperes current, domain::node_index there,
                          domain::node_index node) const {
    const auto then = before_.nodes[there.value()].voltage;
    const auto here = voltages_[node.value()];
    if (then <= here || here.is_zero()) return current;
    return milliamperes{static_cast<std::int64_t>(
        limits::ceil_of(limits::wide{current.count()} * then.count(), here.count()))};
  }

  /// On each primary line of a delta-wye transformer flows at most 2 / sqrt 3 of what flows on each
  /// of two secondary lines, in its ratio.
  static milliamperes spread(milliamperes current) {
    return milliamperes{
        static_cast<std::int64_t>(limits::ceil_of(limits::wide{current.count()} * 1'155, 1'000))};
  }

  void carry_warmth() {
    for (auto warmth : from_.warmth) {
      const auto& place = places_.nodes[warmth.node.value()];
      if (!place) continue;
      warmth.node = *place;
      out_.state.warmth.push_back(warmth);
    }
  }

  void add(domain::per_line<milliamperes>& to, const left_connector& left,
           domain::node_index node) const {
    const auto& own = before_.connectors[left.before.value()];
    const bool hung_there = places_.nodes[station_of(before_, left.before).parent.value()] == node;
    const bool is_on_all = own.wiring == domain::connection::delta || !hung_there;
    auto most = left.may_draw;
    if (!hung_there) most = current_at(most, station_of(before_, left.before).parent, node);
    if (!hung_there && own.wiring == domain::connection::delta) most = spread(most);
    for (std::size_t i = 0; i < (is_on_all ? 3U : own.line_count); ++i)
      to[is_on_all ? i : index_of(own.lines[i])] += most;
  }

  void lose(std::string subject, std::string text) {
    out_.lost.push_back({std::move(subject), std::move(text)});
  }

  const domain::site_state& from_;
  const site_outline& before_;
  const domain::site& now_;
  place_match places_;
  /// By node of now, line to neutral.
  std::vector<domain::millivolts> voltages_;
  /// By place before: its number in `left`.
  std::vector<std::optional<std::size_t>> left_of_;
  std::vector<domain::left_load> reserves_;
  /// Of now; empty where nothing is left behind.
  std::map<std::pair<domain::station_id, domain::connector_id>, domain::connector_index> by_id_;
  carried_state out_;
};

} // namespace

bool is_of(const domain::site_state& state, const site_outline& outline) {
  const auto connector = [&](const auto& each) {
    return each.connector.value() < outline.connectors.size();
  };
  const auto node = [&](const auto& each) { return each.node.value() < outline.nodes.size(); };
  return std::ranges::all_of(state.told, connector) &&
         std::ranges::all_of(state.sessions, connector) &&
         std::ranges::all_of(state.unsettled, connector) &&
         std::ranges::all_of(state.connector_constraints, connector) &&
         std::ranges::all_of(state.node_constraints, node) &&
         std::ranges::all_of(state.left_behind, node) && std::ranges::all_of(state.warmth, node) &&
         std::ranges::all_of(state.profiles, [&](const auto& each) {
           return each.station.value() < outline.stations.size();
         });
}

carried_state carry(const domain::site_state& state, const site_outline& before,
                    const domain::site& now, domain::instant at) {
  return carrier{state, before, now}.carry(at);
}

domain::session_fact last_fact_of(const left_connector& left, const site_outline& before,
                                  const domain::site_id& site, domain::instant at) {
  const auto& connector = before.connectors[left.before.value()];
  const auto& station = before.stations[connector.station.value()];
  const auto& session = *left.session;
  const auto bill = sessions::bill_of(session, connector.rating, station.price, at);
  domain::session_fact fact;
  fact.session = session.id;
  fact.request = session.request;
  fact.site = site;
  fact.station = station.id;
  fact.driver = session.driver;
  fact.kind = domain::session_fact_kind::completed;
  fact.at = at;
  fact.energy = bill.energy;
  fact.cost = bill.cost;
  fact.energy_wanted = session.energy_wanted;
  fact.departs_at = session.departs_at;
  fact.why = connector.id.text() + " " + left.why;
  return fact;
}

} // namespace busbar::control::carry_over
