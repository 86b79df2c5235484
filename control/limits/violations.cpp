#include "control/limits/violations.hpp"

#include "control/limits/integer_math.hpp"

namespace busbar::control::limits {

using domain::binding_line;

namespace {

struct worst_bound {
  binding_line which = binding_line::unspecified;
  const bound* limit = nullptr;
  std::int64_t load = 0;
  [[nodiscard]] std::int64_t excess() const { return load - limit->allowed; }
};

/// The bound with the largest excess; of an empty node none.
worst_bound worst_of(const node_limits& limits, const distribution::node_load& load) {
  worst_bound worst;
  for (const auto which : every_line) {
    const bound* limit = limits.find(which);
    if (!limit) continue;
    const worst_bound next{which, limit, load_on(load, which) + limit->used};
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

void watch_nodes(const violation_settings& settings, const domain::site& site,
                 std::span<const node_limits> limits,
                 std::span<const distribution::node_load> loads, domain::instant now,
                 std::span<node_memory> memory, std::vector<domain::violation_view>& violations) {
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const auto worst = worst_of(limits[i], loads[i]);
    const bool is_exceeded = worst.limit && worst.excess() > 0;
    watch(settings, is_exceeded, now, memory[i]);
    if (!is_exceeded) continue;
    const auto since = *memory[i].exceeded_since;
    domain::violation_view violation;
    violation.subject = site.nodes[i].id.text();
    violation.what = std::string{name_of(worst.which)} + " above " + name_of(worst.limit->source);
    violation.level = severity_of(settings, worst.load, worst.limit->allowed, now - since);
    violation.since = since;
    violation.measured = worst.load;
    violation.allowed = worst.limit->allowed;
    violation.unit = worst.which == binding_line::power ? "w" : "ma";
    violations.push_back(std::move(violation));
  }
}

domain::violation_view disobedience(const violation_settings& settings,
                                    const std::string& connector, domain::milliamperes told,
                                    domain::milliamperes drawn, domain::instant since,
                                    domain::instant now) {
  domain::violation_view violation;
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
