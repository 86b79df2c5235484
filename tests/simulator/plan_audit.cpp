#include "tests/simulator/plan_audit.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace busbar::tests {

using domain::milliamperes;

namespace {

/// What the site file and the moment allow on one line of a node, and who says so.
struct stated {
  double ma = 1e18;
  std::set<domain::limit_source> sources;

  void take(double limit, domain::limit_source source) {
    if (limit < ma - 0.5) sources.clear();
    if (limit < ma + 0.5) sources.insert(source);
    ma = std::min(ma, limit);
  }
};

stated stated_on(const domain::node& node, const control::node_image& seen, std::size_t line) {
  stated found;
  for (const auto& limit : node.limits) {
    if (!limit.current) continue;
    const bool is_derated =
        limit.source == domain::limit_source::rating && node.continuous.count() < 1000;
    const auto ma = static_cast<double>((*limit.current)[line].count());
    found.take(is_derated ? ma * static_cast<double>(node.continuous.count()) / 1000 : ma,
               is_derated ? domain::limit_source::continuous_factor : limit.source);
  }
  // VA over three lines at V / sqrt 3 each, in mA.
  if (node.transformer)
    found.take(static_cast<double>(node.transformer->rated.count()) * 1e6 /
                   (std::sqrt(3.0) * static_cast<double>(node.transformer->secondary.count())),
               domain::limit_source::transformer);
  for (const auto& limit : seen.live_limits)
    if (limit.current)
      found.take(static_cast<double>((*limit.current)[line].count()), limit.source);
  return found;
}

std::string number(std::int64_t ma) { return std::to_string(ma) + " mA"; }

} // namespace

plan_audit::plan_audit(std::shared_ptr<const domain::site> site) : site_(std::move(site)) {
  exceeds_since_.resize(site_->connectors.size());
  const std::vector<domain::per_line<milliamperes>> nothing(site_->nodes.size());
  for (std::size_t c = 0; c < site_->connectors.size(); ++c) {
    const domain::connector_index index{c};
    const simulator::load one{index, milliamperes{1'000},
                              simulator::supply_of(*site_, index).phases};
    const auto flows = simulator::flow_of(*site_, {one}, nothing);
    bool is_plain = site_->lines.are_learned;
    std::optional at{site_->stations[site_->connectors[c].station.value()].parent};
    for (; at; at = site_->nodes[at->value()].parent) {
      const auto& data = site_->nodes[at->value()].transformer;
      if (data && (data->primary || data->connection == domain::winding::delta_wye))
        is_plain = false;
    }
    can_spare_.push_back(is_plain);
    auto& lines_at = loads_.emplace_back();
    for (const auto& flow : flows) {
      auto& lines = lines_at.emplace_back();
      for (std::size_t line = 0; line < 3; ++line)
        lines[line] = simulator::magnitude(flow.lines[line]).count() > 0;
    }
  }
}

bool plan_audit::can_judge(const domain::site& site) {
  const auto is_wye = [](const auto& connector) {
    return connector.wiring == domain::connection::wye;
  };
  return site.split == domain::policy::equal &&
         std::all_of(site.connectors.begin(), site.connectors.end(), is_wye);
}

void plan_audit::check_excess(const control::image& image, const control::plan& plan,
                              std::size_t connector) {
  const auto& seen = image.connectors[connector];
  const auto over = seen.drawn - std::max({seen.told, seen.acknowledged, seen.unanswered});
  auto& since = exceeds_since_[connector];
  if (over <= milliamperes{} || plan.is_fixed[connector]) since.reset();
  else if (!since) since = image.now;
  // Counted after 7 s, which begin anew where a command between two plans allowed it for a moment.
  if (since && image.now - *since >= domain::seconds{20} && seen.excess < over)
    find("LIM-1", site_->connectors[connector].id.text() + ": draws " + number(over.count()) +
                      " above all it was told, counted are " + number(seen.excess.count()));
}

void plan_audit::find(const char* rule, const std::string& what) {
  findings_.push_back(std::string{rule} + ": " + what);
}

std::int64_t plan_audit::weight(std::size_t connector) const {
  return site_->stations[site_->connectors[connector].station.value()].weight;
}

bool plan_audit::loads(std::size_t connector, std::size_t node, std::size_t line) const {
  if (!loads_[connector][node][line]) return false;
  if (used_[connector].contains(domain::all_lines[line])) return true;
  return wanted_[connector] >= kept_[node][line].least;
}

void plan_audit::note_lines(const control::image& image, const control::plan& plan) {
  used_.assign(plan.grants.size(), domain::line_set::all());
  for (std::size_t c = 0; c < plan.grants.size(); ++c) {
    const auto& seen = image.connectors[c];
    const bool is_believed = can_spare_[c] && seen.used_lines && seen.is_reachable &&
                             plan.grants[c].because.which != domain::rule::disobedience;
    if (is_believed) used_[c] = *seen.used_lines;
  }
}

void plan_audit::note_kept(const control::plan& plan) {
  kept_.assign(site_->nodes.size(), {});
  for (std::size_t n = 0; n < site_->nodes.size(); ++n)
    for (std::size_t line = 0; line < 3; ++line) {
      std::vector<std::int64_t> spared;
      for (std::size_t c = 0; c < plan.grants.size(); ++c)
        if (loads_[c][n][line] && !used_[c].contains(domain::all_lines[line]))
          spared.push_back(wanted_[c]);
      std::sort(spared.rbegin(), spared.rend());
      spared.resize(site_->lines.changes_at_once);
      kept_[n][line] = {std::accumulate(spared.begin(), spared.end(), std::int64_t{}),
                        spared.back()};
    }
}

std::int64_t plan_audit::sum_on(std::size_t node, std::size_t line) const {
  return simulator::magnitude(planned_[node].lines[line]).count() + kept_[node][line].sum;
}

void plan_audit::look(const control::image& image, const control::plan& plan) {
  note_lines(image, plan);
  std::vector<simulator::load> wanted;
  wanted_.assign(plan.grants.size(), 0);
  for (std::size_t c = 0; c < plan.grants.size(); ++c) {
    const auto& row = plan.grants[c];
    const domain::connector_index index{c};
    check_excess(image, plan, c);
    const auto ma = plan.is_fixed[c] ? row.reserved : row.target + image.connectors[c].excess;
    wanted_[c] = ma.count();
    const auto offered = simulator::supply_of(*site_, index).phases;
    // A vehicle uses the first lines of its outlet.
    wanted.push_back(
        {index, ma, std::min(offered, static_cast<std::uint8_t>(used_[c].count()))});
  }
  note_kept(plan);
  planned_ = simulator::flow_of(
      *site_, wanted, std::vector<domain::per_line<milliamperes>>(site_->nodes.size()));
  check_sums(plan);
  check_limits(image, plan);
  for (std::size_t c = 0; c < plan.grants.size(); ++c) check_target(image, plan, c);
}

void plan_audit::check_sums(const control::plan& plan) {
  for (std::size_t n = 0; n < site_->nodes.size(); ++n)
    for (std::size_t line = 0; line < 3; ++line) {
      const auto* bound = plan.bounds[n].find(control::limits::every_line[line]);
      const auto sum = sum_on(n, line);
      if (!bound || sum <= bound->left + 1) continue; // 1 mA: rounded
      for (std::size_t c = 0; c < plan.grants.size(); ++c)
        if (loads(c, n, line) && !plan.is_fixed[c] &&
            !plan.grants[c].target.is_zero())
          find("LIM-1", site_->connectors[c].id.text() + ": is to have " +
                            number(plan.grants[c].target.count()) + " where " + number(sum) +
                            " are above the limit of " + site_->nodes[n].id.text());
    }
}

/// Whether an order binds there beside the stated sources: of the chargers alone what it allows is
/// all that is left.
bool plan_audit::check_orders(const control::node_image& seen, const control::limits::bound* bound,
                              std::size_t line, const std::string& where) {
  for (const auto& order : seen.orders)
    if (bound && order.limit.current && bound->left > (*order.limit.current)[line].count())
      find("LIM-7", where + ": " + number(bound->left) + " left, ordered " +
                        number((*order.limit.current)[line].count()));
  return !seen.orders.empty();
}

void plan_audit::check_limits(const control::image& image, const control::plan& plan) {
  for (std::size_t n = 0; n < site_->nodes.size(); ++n)
    for (std::size_t line = 0; line < 3; ++line) {
      const auto allowed = stated_on(site_->nodes[n], image.nodes[n], line);
      const auto* bound = plan.bounds[n].find(control::limits::every_line[line]);
      const std::string where =
          site_->nodes[n].id.text() + " " + name_of(domain::all_lines[line]);
      if (check_orders(image.nodes[n], bound, line, where)) continue;
      if (!bound || std::abs(static_cast<double>(bound->allowed) - std::floor(allowed.ma)) > 1)
        find("LIM-2", where + ": " + (bound ? number(bound->allowed) : "no limit") + ", stated " +
                          number(std::llround(allowed.ma)));
      else if (!allowed.sources.contains(bound->source))
        find("LIM-2", where + ": " + name_of(bound->source) + " is not who allows least");
    }
}

void plan_audit::check_target(const control::image& image, const control::plan& plan,
                              std::size_t connector) {
  const auto& row = plan.grants[connector];
  const auto& facts = site_->connectors[connector];
  const auto& seen = image.connectors[connector];
  if (row.reserved < seen.drawn)
    find("SAFE-2", facts.id.text() + ": draws " + number(seen.drawn.count()) + ", reserved " +
                       number(row.reserved.count()));
  if (seen.is_disobeying && !plan.is_fixed[connector])
    find("SAFE-2", facts.id.text() + ": does not obey, and is decided about");
  if (plan.is_fixed[connector]) return;
  for (const auto current : {row.target, row.granted})
    if (current.count() % facts.step.count() != 0)
      find("LIM-5", facts.id.text() + ": " + number(current.count()) + " in steps of " +
                        number(facts.step.count()));
  if (!row.target.is_zero() && row.target < facts.current_min)
    find("FAIR-2", facts.id.text() + ": " + number(row.target.count()) + " is below its minimum " +
                       number(facts.current_min.count()));
  const auto told = image.connectors[connector].told;
  if (row.target < told && row.granted > row.target)
    find("RAMP-1", facts.id.text() + ": told " + number(told.count()) + ", granted " +
                       number(row.granted.count()) + ", is to have " +
                       number(row.target.count()));
  // Power is no line: vehicles on one line use it up before any line.
  const bool is_of_line = row.because.line != domain::binding_line::power;
  if (row.because.which == domain::rule::limit && is_of_line && !row.target.is_zero())
    check_fairness(plan, connector);
}

void plan_audit::check_fairness(const control::plan& plan, std::size_t connector) {
  ++held_;
  for (std::size_t n = 0; n < site_->nodes.size(); ++n)
    for (std::size_t line = 0; line < 3; ++line)
      if (loads(connector, n, line) && is_used_up(plan, n, line) &&
          is_fair(plan, connector, n, line))
        return;
  find("FAIR-1", site_->connectors[connector].id.text() + ": held at " +
                     number(plan.grants[connector].target.count()) +
                     " where no limit is used up by who has no more than it");
}

/// Who was rounded down left less than a step each.
bool plan_audit::is_used_up(const control::plan& plan, std::size_t node, std::size_t line) const {
  const auto* bound = plan.bounds[node].find(control::limits::every_line[line]);
  if (!bound) return false;
  std::int64_t rounded = 0;
  for (std::size_t c = 0; c < plan.grants.size(); ++c)
    if (loads(c, node, line) && !plan.grants[c].target.is_zero())
      rounded += site_->connectors[c].step.count();
  return sum_on(node, line) + rounded > bound->left;
}

bool plan_audit::is_fair(const control::plan& plan, std::size_t connector, std::size_t node,
                         std::size_t line) const {
  const auto own = (plan.grants[connector].target + site_->connectors[connector].step).count();
  for (std::size_t c = 0; c < plan.grants.size(); ++c) {
    const auto& row = plan.grants[c];
    const auto& facts = site_->connectors[c];
    if (!loads(c, node, line) || plan.is_fixed[c]) continue;
    if (row.target <= facts.current_min) continue;
    // Per weight, give or take a step: (target - step) / weight <= (own + step) / own weight.
    if ((row.target - facts.step).count() * weight(connector) > own * weight(c)) return false;
  }
  return true;
}

} // namespace busbar::tests
