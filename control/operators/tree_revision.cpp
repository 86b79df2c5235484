#include "control/operators/tree_revision.hpp"

#include "control/limits/integer_math.hpp"

#include <algorithm>
#include <utility>

namespace busbar::control::operators {

using domain::errc;
using domain::error;
using domain::node_index;
using domain::node_kind;
using domain::result;

namespace {

/// As for a site file (docs/architecture.md, bounds).
constexpr std::size_t nodes_max = 4'096;
constexpr std::size_t depth_max = 16;
/// Of a list of ids for people.
constexpr std::size_t listed_bytes_max = 400;

std::optional<node_index> node_of(const domain::site& site, const domain::node_id& id) {
  for (std::size_t i = 0; i < site.nodes.size(); ++i)
    if (site.nodes[i].id == id) return node_index{i};
  return std::nullopt;
}

std::optional<std::size_t> station_of(const domain::site& site, const domain::station_id& id) {
  const auto found = std::ranges::find(site.stations, id, &domain::station::id);
  if (found == site.stations.end()) return std::nullopt;
  return static_cast<std::size_t>(found - site.stations.begin());
}

bool is_at_or_above(const domain::site& site, node_index node, node_index place) {
  for (std::optional at{place}; at; at = site.nodes[at->value()].parent)
    if (*at == node) return true;
  return false;
}

void list(std::string& text, const std::string& id) {
  if (text.size() < listed_bytes_max) text += (text.empty() ? "" : ", ") + id;
}

/// Collects the moves of one wish.
class mover {
public:
  mover(const domain::site& site, const domain::tree_wish& wish)
      : site_(site), wish_(wish), own_(node_of(site, wish.node)) {}

  result<domain::site_configuration> moves() {
    if (auto found = find_members(); !found) return found.failure();
    if (auto placed = place_node(); !placed) return placed.failure();
    move_members();
    if (!left_.empty())
      return error{errc::conflict, left_ + ": " + (wish_.stations ? "on " : "right below ") +
                                       wish_.node.text() +
                                       " and not named; name what it hangs on instead, by that "
                                       "node's own configuration"};
    return std::move(out_);
  }

private:
  result<void> find_members() {
    for (const auto& id : wish_.stations.value_or(std::vector<domain::station_id>{})) {
      const auto place = station_of(site_, id);
      if (!place)
        return error{errc::unknown_reference, "connectedStations: no station '" + id.text() + "'"};
      stations_.push_back(*place);
    }
    for (const auto& id : wish_.children.value_or(std::vector<domain::node_id>{})) {
      const auto place = node_of(site_, id);
      if (!place || !site_.nodes[place->value()].parent)
        return error{errc::unknown_reference,
                     "connectedFeeders: no feeder, panel or transformer '" + id.text() + "'"};
      children_.push_back(*place);
    }
    return {};
  }

  result<void> place_node() {
    const bool is_moved = own_ && wish_.parent &&
                          node_of(site_, *wish_.parent) != site_.nodes[own_->value()].parent;
    if (own_ && !is_moved) return {};
    const auto above = wish_.parent ? node_of(site_, *wish_.parent) : common_place();
    if (wish_.parent && !above)
      return error{errc::unknown_reference, "parent: no node '" + wish_.parent->text() + "'"};
    if (!above)
      return error{errc::conflict, "'" + wish_.node.text() +
                                       "' is a new node of which nothing says where it hangs: "
                                       "state `parent`, or what is connected to it"};
    auto& entry = out_.nodes.emplace_back();
    entry.node = wish_.node;
    entry.parent = site_.nodes[above->value()].id;
    if (!own_) entry.kind = kind_below(site_.nodes[above->value()].kind);
    return {};
  }

  /// A panel is a feeder below a feeder.
  [[nodiscard]] node_kind kind_below(node_kind above) const {
    const bool is_below_feeder = above == node_kind::feeder || above == node_kind::panel;
    return wish_.kind == node_kind::feeder && is_below_feeder ? node_kind::panel : wish_.kind;
  }

  /// The nearest node that everything named hangs on.
  [[nodiscard]] std::optional<node_index> common_place() const {
    std::optional<node_index> found;
    const auto take = [&](node_index place) {
      std::optional at = found ? found : std::optional{place};
      while (at && !is_at_or_above(site_, *at, place)) at = site_.nodes[at->value()].parent;
      found = at;
    };
    for (const auto station : stations_) take(site_.stations[station].parent);
    for (const auto child : children_) take(*site_.nodes[child.value()].parent);
    return found;
  }

  void move_members() {
    for (std::size_t i = 0; wish_.stations && i < site_.stations.size(); ++i) {
      const auto& station = site_.stations[i];
      const bool is_named = std::ranges::find(stations_, i) != stations_.end();
      const bool is_there = own_ && is_at_or_above(site_, *own_, station.parent);
      if (is_there && !is_named) list(left_, station.id.text());
      if (is_there || !is_named) continue;
      auto& entry = out_.stations.emplace_back();
      entry.station = station.id;
      entry.parent = wish_.node;
    }
    for (std::size_t i = 1; wish_.children && i < site_.nodes.size(); ++i) {
      const bool is_named = std::ranges::find(children_, node_index{i}) != children_.end();
      const bool is_there = own_ && site_.nodes[i].parent == own_;
      if (is_there && !is_named) list(left_, site_.nodes[i].id.text());
      if (is_there || !is_named) continue;
      auto& entry = out_.nodes.emplace_back();
      entry.node = site_.nodes[i].id;
      entry.parent = wish_.node;
    }
  }

  const domain::site& site_;
  const domain::tree_wish& wish_;
  std::optional<node_index> own_;
  std::vector<std::size_t> stations_;
  std::vector<node_index> children_;
  std::string left_;
  domain::site_configuration out_;
};

/// Changes the tree of one site, by ids.
class tree_editor {
public:
  explicit tree_editor(domain::site& site) : site_(site) {}

  result<void> revise(const domain::site_configuration& configured) {
    for (const auto& each : configured.nodes)
      if (auto done = add(each); !done) return done;
    for (const auto& each : configured.nodes)
      if (auto done = hang(each); !done) return done;
    for (const auto& each : configured.stations)
      if (auto done = hang(each); !done) return done;
    return order();
  }

private:
  result<void> add(const domain::node_configuration& wanted) {
    if (!wanted.kind) return {};
    const auto& id = wanted.node.text();
    if (*wanted.kind == node_kind::service)
      return error{errc::conflict, id + ": a site has one service"};
    if (const auto there = node_of(site_, wanted.node)) {
      const auto kind = site_.nodes[there->value()].kind;
      if (kind == *wanted.kind) return {};
      return error{errc::conflict, id + " is a " + name_of(kind) + ", not a " +
                                       name_of(*wanted.kind)};
    }
    if (site_.nodes.size() >= nodes_max)
      return error{errc::out_of_range,
                   id + ": the site has " + std::to_string(nodes_max) + " nodes, the most allowed"};
    domain::node made;
    made.id = wanted.node;
    made.name = id;
    made.kind = *wanted.kind;
    made.continuous = site_.nodes.front().continuous;
    if (made.kind == node_kind::transformer) {
      if (!wanted.rated)
        return error{errc::out_of_range, id + ": a new transformer needs its rating"};
      made.transformer = domain::transformer_data{*wanted.rated, domain::winding::wye_wye, {}, {}};
    } else if (!wanted.current_max && !wanted.power_max && !wanted.breaker && !wanted.cable) {
      return error{errc::out_of_range, id + ": a new feeder needs a limit: a current, a power, its "
                                            "breaker or its cable"};
    }
    site_.nodes.push_back(std::move(made));
    is_changed_ = true;
    return {};
  }

  result<void> hang(const domain::node_configuration& wanted) {
    if (!wanted.parent) return {};
    const auto own = node_of(site_, wanted.node);
    const auto above = node_of(site_, *wanted.parent);
    if (!own) return unknown(wanted.node);
    if (!above) return unknown(*wanted.parent);
    auto& node = site_.nodes[own->value()];
    if (own->value() == 0)
      return error{errc::conflict, wanted.node.text() + " is the service: it hangs on nothing"};
    if (node.parent == above) return {};
    node.parent = above;
    is_changed_ = true;
    return {};
  }

  result<void> hang(const domain::station_configuration& wanted) {
    if (!wanted.parent) return {};
    const auto own = station_of(site_, wanted.station);
    const auto above = node_of(site_, *wanted.parent);
    if (!own)
      return error{errc::unknown_reference, "no station '" + wanted.station.text() + "'"};
    if (!above) return unknown(*wanted.parent);
    site_.stations[*own].parent = *above;
    return {};
  }

  /// Parents before children, else as they stood.
  result<void> order() {
    if (!is_changed_) return {};
    std::vector<std::optional<node_index>> place(site_.nodes.size());
    std::vector<std::size_t> rows{0}, depth(place.size());
    place[0] = node_index{};
    const auto is_next = [&](std::size_t i) {
      const auto& above = site_.nodes[i].parent;
      return !place[i] && above && place[above->value()] && depth[above->value()] < depth_max;
    };
    for (std::size_t i = 1; i < place.size(); ++i) {
      if (!is_next(i)) continue;
      place[i] = node_index{rows.size()};
      depth[i] = depth[site_.nodes[i].parent->value()] + 1;
      rows.push_back(i);
      i = 0; // what hangs on it may stand before it
    }
    if (rows.size() < place.size()) return not_a_tree(place);
    move_to(place, rows);
    state_voltages();
    return {};
  }

  error not_a_tree(const std::vector<std::optional<node_index>>& place) const {
    std::string ids;
    for (std::size_t i = 1; i < place.size(); ++i)
      if (!place[i]) list(ids, site_.nodes[i].id.text());
    return {errc::conflict, ids + ": would hang on what hangs on it, or be more than " +
                                std::to_string(depth_max) + " steps below the service"};
  }

  void move_to(const std::vector<std::optional<node_index>>& place,
               const std::vector<std::size_t>& rows) {
    std::vector<domain::node> nodes;
    for (const auto row : rows) {
      auto& node = nodes.emplace_back(std::move(site_.nodes[row]));
      if (node.parent) node.parent = place[node.parent->value()];
    }
    site_.nodes = std::move(nodes);
    for (auto& station : site_.stations) station.parent = *place[station.parent.value()];
  }

  /// A new transformer changes no voltage: one that does is stated in the site's file.
  void state_voltages() {
    for (auto& node : site_.nodes) {
      if (!node.transformer || node.transformer->secondary.count() > 0) continue;
      auto at = node.parent;
      while (at && !site_.nodes[at->value()].transformer) at = site_.nodes[at->value()].parent;
      const limits::wide neutral = site_.nominal.count();
      node.transformer->secondary =
          at ? site_.nodes[at->value()].transformer->secondary
             : domain::millivolts{limits::root_ceil(3 * neutral * neutral)};
    }
  }

  static error unknown(const domain::node_id& id) {
    return {errc::unknown_reference, "no node '" + id.text() + "'"};
  }

  domain::site& site_;
  bool is_changed_ = false;
};

} // namespace

result<domain::site_configuration> moves_of(const domain::site& site,
                                            const domain::tree_wish& wish) {
  return mover{site, wish}.moves();
}

result<void> revise_tree(domain::site& site, const domain::site_configuration& configured) {
  return tree_editor{site}.revise(configured);
}

} // namespace busbar::control::operators
