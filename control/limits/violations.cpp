#include "control/limits/violations.hpp"

#include "control/limits/integer_math.hpp"

#include <algorithm>
#include <optional>

namespace busbar::control::limits {

using domain::binding_line;

namespace {

constexpr domain::microseconds one_tick = std::chrono::seconds{1};

struct worst_bound {
  binding_line which = binding_line::unspecified;
  const bound* limit = nullptr;
  std::int64_t load = 0;
  /// By its meter it is kept.
  bool is_measured_within = false;
  /// Exceeded by what is heard.
  bool is_known = true;
  [[nodiscard]] std::int64_t excess() const { return load - limit->allowed; }
};

std::int64_t counted_of(const bound& limit) {
  return limit.is_meter_lost ? limit.sure : limit.used;
}

/// What the node's meter measures on that bound; absent where it does not.
std::optional<std::int64_t> measured_on(const node_image& node, binding_line which) {
  if (!node.flow) return std::nullopt;
  if (which == binding_line::power) return node.flow->power.count();
  if (which > binding_line::l3) return std::nullopt;
  return node.flow->current[static_cast<std::size_t>(which) - 1].count();
}

/// What of the node's own unmanaged load is sure on that bound; absent where all of it is.
std::optional<std::int64_t> sure_on(const node_image& node, binding_line which) {
  if (!node.unmanaged_sure) return std::nullopt;
  if (which == binding_line::power) return node.unmanaged_sure->power.count();
  if (which > binding_line::l3) return std::nullopt;
  return node.unmanaged_sure->current[static_cast<std::size_t>(which) - 1].count();
}

/// The bound with the largest excess; of an empty node none.
worst_bound worst_of(const node_limits& limits, const watched_loads& loads, std::size_t place) {
  worst_bound worst;
  for (const auto which : every_line) {
    const bound* limit = limits.find(which);
    if (!limit) continue;
    worst_bound next{which, limit, load_on(loads.reserved[place], which) + counted_of(*limit)};
    const auto measured = loads.undrawn.empty() ? std::nullopt
                                                : measured_on(loads.nodes[place], which);
    if (measured) {
      next.load = std::min(next.load, *measured + load_on(loads.undrawn[place], which));
      next.is_measured_within = *measured <= limit->allowed;
    }
    const auto sure = measured ? sure_on(loads.nodes[place], which) : std::nullopt;
    if (sure)
      next.load = std::min(next.load, std::max(*measured, load_on(loads.reserved[place], which) +
                                                              *sure));
    const bool is_measured_above = measured && *measured > limit->allowed;
    next.is_known = loads.known.empty() || is_measured_above ||
                    load_on(loads.known[place], which) + counted_of(*limit) > limit->allowed;
    if (!worst.limit || next.excess() > worst.excess()) worst = next;
  }
  return worst;
}

domain::severity severity_of(const violation_settings& settings, std::int64_t measured,
                             std::int64_t allowed, domain::microseconds lasted) {
  const auto scaled = wide{measured} * 1000;
  if (lasted >= settings.critical_after) return domain::severity::critical;
  if (scaled >= wide{allowed} * settings.critical_from.count()) return domain::severity::critical;
  if (lasted < settings.followed_within) return domain::severity::info;
  if (scaled <= wide{allowed} * settings.info_up_to.count()) return domain::severity::info;
  return domain::severity::warning;
}

/// An order lowers a bound at once below what flows, and what protects equipment stays below its
/// own bounds meanwhile: no alarm until the order could be followed.
bool is_being_followed(const violation_settings& settings, domain::limit_source source,
                       domain::microseconds lasted) {
  const bool is_order = source == domain::limit_source::site_operator ||
                        source == domain::limit_source::demand_response;
  return is_order && lasted < settings.followed_within;
}

/// Since when the node is exceeded; a bound that was kept for a short time only does not end that.
void watch(const violation_settings& settings, bool is_exceeded, domain::instant now,
           node_memory& memory) {
  if (is_exceeded) {
    memory.kept_since.reset();
    if (!memory.exceeded_since) memory.exceeded_since = now;
    return;
  }
  if (!memory.exceeded_since) return;
  if (!memory.kept_since) memory.kept_since = now;
  if (now - *memory.kept_since >= settings.clear_after) memory = node_memory{};
}

} // namespace

bool is_any_above(std::span<const node_limits> limits,
                  std::span<const distribution::node_load> reserved) {
  const watched_loads loads{reserved, {}, {}};
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const auto worst = worst_of(limits[i], loads, i);
    if (worst.limit && worst.excess() > 0) return true;
  }
  return false;
}

void watch_nodes(const violation_settings& settings, const domain::site& site,
                 std::span<const node_limits> limits, const watched_loads& loads,
                 domain::instant now, std::span<node_memory> memory,
                 std::vector<domain::violation>& violations) {
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const auto worst = worst_of(limits[i], loads, i);
    const bool stands = memory[i].exceeded_since && !memory[i].kept_since;
    const bool is_exceeded = worst.limit && worst.excess() > 0 && (worst.is_known || stands);
    watch(settings, is_exceeded, now, memory[i]);
    if (!is_exceeded) continue;
    const auto since = *memory[i].exceeded_since;
    if (worst.is_measured_within && now - since < settings.reserved_for) continue;
    domain::violation violation;
    violation.subject = site.nodes[i].id.text();
    violation.what = std::string{name_of(worst.which)} + " above " + name_of(worst.limit->source);
    // What is not heard does not get worse by lasting.
    const auto lasted = worst.is_known ? now - since
                                       : std::min(now - since, settings.critical_after - one_tick);
    violation.level = is_being_followed(settings, worst.limit->source, lasted)
                          ? domain::severity::info
                          : severity_of(settings, worst.load, worst.limit->allowed, lasted);
    violation.since = since;
    violation.measured = worst.load;
    violation.allowed = worst.limit->allowed;
    violation.unit = worst.which == binding_line::power ? "w" : "ma";
    violations.push_back(std::move(violation));
  }
}

domain::violation disobedience(const violation_settings& settings,
                                    const std::string& connector, domain::milliamperes told,
                                    domain::milliamperes drawn, domain::instant since,
                                    domain::instant now) {
  domain::violation violation;
  violation.subject = connector;
  violation.what = "draws more than it acknowledged";
  violation.level = severity_of(settings, drawn.count(), told.count(), now - since);
  violation.since = since;
  violation.measured = drawn.count();
  violation.allowed = told.count();
  violation.unit = "ma";
  return violation;
}

} // namespace busbar::control::limits
