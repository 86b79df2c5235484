#include "tests/control/distribution/certificate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>

namespace busbar::control::distribution::tests {

namespace {

using domain::binding_line;
using phase = std::complex<double>;
using three = std::array<phase, 3>;
constexpr double tolerance = 1e-6;
/// Currents seen through transformers of different ratios are each rounded up to 2^-20 mA.
constexpr double rounding = 1e-5;
constexpr double degree = std::numbers::pi / 180;

/// Voltages of lines 1, 2, 3 to neutral.
const three neutral{std::polar(1.0, 0.0), std::polar(1.0, 240 * degree),
                    std::polar(1.0, 120 * degree)};

double line_voltage(const domain::site& site, std::uint32_t node) {
  for (std::optional<std::uint32_t> at = node; at;) {
    const auto& looked = site.nodes[*at];
    if (looked.transformer) return static_cast<double>(looked.transformer->secondary.count()) / 1e3;
    at = looked.parent ? std::optional(looked.parent->value()) : std::nullopt;
  }
  return static_cast<double>(site.nominal.count()) / 1e3 * std::numbers::sqrt3;
}

three currents_of(const domain::connector& connector) {
  three result{};
  const auto line = [&](int k) {
    return domain::index_of(connector.lines[static_cast<std::size_t>(k)]);
  };
  if (connector.wiring == domain::connection::delta && connector.line_count == 2) {
    const phase voltage = neutral[line(0)] - neutral[line(1)];
    const phase current = voltage / std::abs(voltage);
    result[line(0)] += current;
    result[line(1)] -= current;
    return result;
  }
  for (int k = 0; k < connector.line_count; ++k) result[line(k)] = neutral[line(k)];
  return result;
}

double watts_per_milliampere(const domain::connector& connector, double between_lines) {
  const double to_neutral = between_lines / std::numbers::sqrt3;
  if (connector.wiring == domain::connection::delta && connector.line_count == 2) {
    return between_lines / 1e3;
  }
  return to_neutral * connector.line_count / 1e3;
}

/// What the primary lines of `data` carry for secondary line currents `below`.
three primary_of(const domain::transformer_data& data, const three& below) {
  const auto secondary = static_cast<double>(data.secondary.count());
  const double primary = data.primary ? static_cast<double>(data.primary->count()) : secondary;
  three above{};
  for (std::size_t k = 0; k < 3; ++k) {
    if (data.connection == domain::winding::delta_wye) {
      // In the primary's frame the secondary's voltages lead by 30 degrees.
      above[k] = (below[k] - below[(k + 2) % 3]) * std::polar(1.0, 30 * degree) * secondary /
                 (std::numbers::sqrt3 * primary);
    } else {
      above[k] = below[k] * secondary / primary;
    }
  }
  return above;
}

struct bound_builder {
  const domain::site& site;
  std::vector<judged_bound> result;
  std::vector<std::array<judged_bound, 7>> by_node;

  explicit bound_builder(const domain::site& of) : site(of), by_node(of.nodes.size()) {
    for (std::uint32_t n = 0; n < by_node.size(); ++n) {
      for (std::size_t k = 0; k < 7; ++k) {
        by_node[n][k].node = n;
        by_node[n][k].line = static_cast<binding_line>(k + 1);
      }
    }
    for (std::uint32_t c = 0; c < site.connectors.size(); ++c) add(c);
  }

  void put(judged_bound& bound, std::uint32_t connector, phase effect) {
    if (std::abs(effect) > 1e-9) bound.parts.push_back({connector, effect});
  }

  void add(std::uint32_t c) {
    const auto& connector = site.connectors[c];
    std::uint32_t node = site.stations[connector.station.value()].parent.value();
    const double power = watts_per_milliampere(connector, line_voltage(site, node));
    for (three lines = currents_of(connector);;) {
      for (std::size_t k = 0; k < 3; ++k) put(by_node[node][k], c, lines[k]);
      put(by_node[node][6], c, power);
      if (site.nodes[node].transformer) {
        lines = primary_of(*site.nodes[node].transformer, lines);
        for (std::size_t k = 0; k < 3; ++k) put(by_node[node][3 + k], c, lines[k]);
      }
      if (!site.nodes[node].parent) return;
      node = site.nodes[node].parent->value();
    }
  }
};

/// One direction of a bound's parts, and the sum that lies in it.
struct ray {
  double angle;
  phase sum;
  std::vector<std::uint32_t> connectors;
};

double angle_between(double from, double to) {
  return std::remainder(to - from, 2 * std::numbers::pi);
}

template <class CurrentOf> std::vector<ray> rays_of(const judged_bound& bound, CurrentOf current) {
  std::vector<ray> rays;
  for (const auto& [connector, effect] : bound.parts) {
    const double angle = std::arg(effect);
    auto found = std::find_if(rays.begin(), rays.end(), [&](const ray& known) {
      return std::abs(angle_between(known.angle, angle)) < 1e-7;
    });
    if (found == rays.end()) found = rays.insert(found, ray{angle, 0, {}});
    found->sum += effect * current(connector);
    found->connectors.push_back(connector);
  }
  return rays;
}

/// Calls `visit(rays in the run, their sum)` for every set of rays within 90 degrees of a
/// direction.
template <class Visit> void for_each_run(const std::vector<ray>& rays, Visit visit) {
  for (const auto& edge : rays) {
    for (const double side : {-1.0, 1.0}) {
      for (const double nudge : {-1e-6, 1e-6}) {
        const double towards = edge.angle + side * std::numbers::pi / 2 + nudge;
        phase sum = 0;
        std::vector<const ray*> run;
        for (const auto& each : rays) {
          if (std::abs(angle_between(towards, each.angle)) >= std::numbers::pi / 2) continue;
          sum += each.sum;
          run.push_back(&each);
        }
        visit(run, std::abs(sum));
      }
    }
  }
}

template <class CurrentOf> double worst(const judged_bound& bound, CurrentOf current) {
  double largest = 0;
  for_each_run(rays_of(bound, current),
               [&](const auto&, double sum) { largest = std::max(largest, sum); });
  return largest;
}

double of(domain::milliamperes current) { return static_cast<double>(current.count()); }

std::string named(const judged_bound& bound) {
  return "node " + std::to_string(bound.node) + " " + domain::name_of(bound.line);
}

} // namespace

double worst_load(const judged_bound& bound, std::span<const domain::milliamperes> currents) {
  return worst(bound, [&](std::uint32_t c) { return of(currents[c]); });
}

std::vector<judged_bound> all_bounds(const domain::site& site) {
  bound_builder builder(site);
  std::vector<judged_bound> result;
  for (auto& node : builder.by_node) {
    for (auto& bound : node) result.push_back(std::move(bound));
  }
  return result;
}

judge::judge(const domain::site& site, std::span<const demand> demands,
             std::span<const node_bounds> bounds)
    : demands_(demands) {
  for (auto& bound : all_bounds(site)) {
    const auto& stated = bounds[bound.node];
    const auto k = static_cast<std::size_t>(bound.line) - 1;
    if (k < 3 && stated.line) {
      bound.limit = of((*stated.line)[k]);
    } else if (k >= 3 && k < 6 && stated.primary_line) {
      bound.limit = of((*stated.primary_line)[k - 3]);
    } else if (k == 6 && stated.power) {
      bound.limit = static_cast<double>(stated.power->count());
    } else {
      continue;
    }
    if (!bound.parts.empty()) bounds_.push_back(std::move(bound));
  }
  for (const auto& bound : bounds_) overloaded_.push_back(is_overloaded(bound));
}

bool judge::is_overloaded(const judged_bound& bound) const {
  return worst(bound, [&](std::uint32_t c) { return of(demands_[c].floor); }) >
         bound.limit + tolerance;
}

std::string judge::fault_of_range(std::span<const domain::milliamperes> currents) const {
  for (std::size_t c = 0; c < currents.size(); ++c) {
    if (currents[c] < demands_[c].floor || currents[c] > demands_[c].cap) {
      return "connector " + std::to_string(c) + " outside floor and cap";
    }
  }
  return {};
}

std::string judge::fault_of_bounds(std::span<const domain::milliamperes> currents) const {
  for (std::size_t b = 0; b < bounds_.size(); ++b) {
    const auto& bound = bounds_[b];
    if (!overloaded_[b]) {
      const double load = worst_load(bound, currents);
      if (load > bound.limit + tolerance) {
        return named(bound) + " carries " + std::to_string(load) + " of " +
               std::to_string(bound.limit);
      }
      continue;
    }
    for (const auto& part : bound.parts) {
      if (currents[part.connector] != demands_[part.connector].floor) {
        return named(bound) + " is overloaded by floors, yet connector " +
               std::to_string(part.connector) + " is above its floor";
      }
    }
  }
  return {};
}

bool judge::is_feasible(std::span<const domain::milliamperes> currents) const {
  return std::all_of(bounds_.begin(), bounds_.end(), [&](const judged_bound& bound) {
    return worst_load(bound, currents) <= bound.limit + tolerance;
  });
}

/// Blesses rows in a used-up set of draws in which none above its floor has more per weight.
/// The real point lies less than 1 mA above `currents`.
void judge::bless(const judged_bound& bound, std::span<const domain::milliamperes> currents,
                  std::vector<bool>& blessed) const {
  const auto real_at_most = [&](std::uint32_t c) {
    return currents[c] < demands_[c].cap ? of(currents[c]) + 1 : of(currents[c]);
  };
  const auto rays = rays_of(bound, real_at_most);
  for_each_run(rays, [&](const std::vector<const ray*>& run, double sum) {
    if (sum < bound.limit - tolerance) return;
    double most = 0;
    for (const ray* each : run) {
      for (const auto c : each->connectors) {
        if (currents[c] > demands_[c].floor)
          most = std::max(most, of(currents[c]) / demands_[c].weight);
      }
    }
    for (const ray* each : run) {
      for (const auto c : each->connectors) {
        const double own = (of(currents[c]) + 1) / demands_[c].weight;
        if (own + 1e-9 >= most) blessed[c] = true;
      }
    }
  });
}

std::string judge::fault_of_exact(std::span<const domain::milliamperes> currents) const {
  if (auto fault = fault_of_range(currents); !fault.empty()) return fault;
  if (auto fault = fault_of_bounds(currents); !fault.empty()) return fault;
  std::vector<bool> blessed(currents.size());
  for (std::size_t c = 0; c < currents.size(); ++c) blessed[c] = currents[c] >= demands_[c].cap;
  for (std::size_t b = 0; b < bounds_.size(); ++b) {
    if (!overloaded_[b]) {
      bless(bounds_[b], currents, blessed);
      continue;
    }
    for (const auto& part : bounds_[b].parts) blessed[part.connector] = true;
  }
  const auto found = std::find(blessed.begin(), blessed.end(), false);
  if (found == blessed.end()) return {};
  return "connector " + std::to_string(found - blessed.begin()) +
         " is below its cap and nothing fair holds it there";
}

std::string judge::fault_of_stepped(std::span<const domain::milliamperes> currents) const {
  if (auto fault = fault_of_range(currents); !fault.empty()) return fault;
  if (auto fault = fault_of_bounds(currents); !fault.empty()) return fault;
  for (std::size_t c = 0; c < currents.size(); ++c) {
    const std::int64_t step = demands_[c].step.count();
    if (currents[c] != demands_[c].floor && currents[c].count() % step != 0) {
      return "connector " + std::to_string(c) + " is not at a step";
    }
  }
  std::vector<bool> stuck(currents.size());
  for (std::size_t c = 0; c < currents.size(); ++c) {
    const std::int64_t step = demands_[c].step.count();
    stuck[c] = (currents[c].count() / step + 1) * step > demands_[c].cap.count();
  }
  std::vector<domain::milliamperes> tried(currents.begin(), currents.end());
  for (const auto& bound : bounds_) {
    for (const auto& part : bound.parts) {
      const auto c = part.connector;
      if (stuck[c]) continue;
      const std::int64_t step = demands_[c].step.count();
      tried[c] = domain::milliamperes{(currents[c].count() / step + 1) * step};
      stuck[c] = worst_load(bound, tried) > bound.limit - rounding;
      tried[c] = currents[c];
    }
  }
  const auto found = std::find(stuck.begin(), stuck.end(), false);
  if (found == stuck.end()) return {};
  return "connector " + std::to_string(found - stuck.begin()) + " could take one more step";
}

bool judge::holds_fairly(const judged_bound& bound, std::span<const domain::milliamperes> currents,
                         std::uint32_t c) const {
  const auto next = [&](std::uint32_t of_connector) {
    const std::int64_t step = demands_[of_connector].step.count();
    return static_cast<double>((currents[of_connector].count() / step + 1) * step);
  };
  const auto rays = rays_of(
      bound, [&](std::uint32_t other) { return other == c ? next(c) : of(currents[other]); });
  const double own = next(c) / demands_[c].weight;
  bool is_held = false;
  for_each_run(rays, [&](const std::vector<const ray*>& run, double sum) {
    if (sum < bound.limit - rounding) return;
    bool is_in = false, is_fair = true;
    for (const ray* each : run) {
      for (const auto other : each->connectors) {
        is_in = is_in || other == c;
        const double less_a_step =
            of(currents[other]) - static_cast<double>(demands_[other].step.count());
        const bool is_raised = currents[other] > demands_[other].floor;
        if (is_raised && less_a_step / demands_[other].weight > own + 1e-9) is_fair = false;
      }
    }
    is_held = is_held || (is_in && is_fair);
  });
  return is_held;
}

std::string judge::fault_of_fair_steps(std::span<const domain::milliamperes> currents) const {
  std::vector<bool> is_settled(currents.size());
  for (std::size_t c = 0; c < currents.size(); ++c) {
    const std::int64_t step = demands_[c].step.count();
    is_settled[c] = (currents[c].count() / step + 1) * step > demands_[c].cap.count();
  }
  for (std::size_t b = 0; b < bounds_.size(); ++b) {
    for (const auto& part : bounds_[b].parts) {
      const auto c = part.connector;
      if (is_settled[c]) continue;
      is_settled[c] = overloaded_[b] || holds_fairly(bounds_[b], currents, c);
    }
  }
  const auto found = std::find(is_settled.begin(), is_settled.end(), false);
  if (found == is_settled.end()) return {};
  return "connector " + std::to_string(found - is_settled.begin()) + " is held back unfairly";
}

} // namespace busbar::control::distribution::tests
