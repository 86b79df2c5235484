#pragma once
// Recorded sessions against a site under one policy: one plan a period, batteries ideal. A
// connector draws the least of its grant, its vehicle's maximum and what it still needs in the
// period. Beside the stated limits of the nodes hold those of their protection that last (peak
// demand, breaker, settled transformer, apparent power): every plan is long enough for them. Within
// a period every command is long acknowledged, so each plan may grant its targets at once.

#include "apps/evaluate/recorded_session.hpp"
#include "domain/reason.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::apps::evaluate {

struct replay_settings {
  /// With the policy and the transformer's rating that are to be tried.
  std::shared_ptr<const domain::site> site;
  domain::seconds period{300};
  /// Every period's load of every node is kept.
  bool keeps_loads = false;
};

/// What all vehicles drew in one period, from `at` on.
struct period_draw {
  domain::instant at{};
  domain::seconds length{};
  std::int64_t milliwatts = 0;
};

/// What the grants of one period come to at a node: the fullest of its lines, of its primary lines,
/// or its power.
struct node_load {
  domain::instant at{};
  std::size_t node = 0;
  domain::binding_line line = domain::binding_line::power;
  /// In mA, of power in W.
  std::int64_t load = 0;
  std::int64_t limit = 0;
};

/// Load over limit.
[[nodiscard]] double permille_of(const node_load& load);

enum class load_kind : std::uint8_t { lines, primary_lines, power };
/// Absent: a bound of balance, which no load is held against.
[[nodiscard]] std::optional<load_kind> kind_of(domain::binding_line line);

struct node_worst {
  std::string node;
  /// Load of the grants over the limit; at most 1000.
  double permille = 0;
};

struct replay_result {
  /// By session, in milliwatt seconds.
  std::vector<std::int64_t> delivered_mws;
  std::vector<period_draw> draws;
  /// The worst moment of each node that has a limit, in the site's order.
  std::vector<node_worst> worst;
  /// By time and the site's order of nodes, at most one of each kind; empty unless they are kept.
  std::vector<node_load> loads;
  /// CPU time of each plan, in microseconds.
  std::vector<std::int64_t> plan_us;
};

/// `tell` hears the share of the time that is replayed, in permille, now and then; may be empty.
[[nodiscard]] replay_result replay(const replay_settings& settings,
                                   const std::vector<recorded_session>& sessions,
                                   const std::function<void(int)>& tell);

} // namespace busbar::apps::evaluate
