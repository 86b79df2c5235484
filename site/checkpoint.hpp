#pragma once
// A site's state, written and read in one place: what its bays remember, and what its desk's parts
// cannot learn again.

#include "control/planner.hpp"
#include "domain/ids.hpp"
#include "domain/site_state.hpp"
#include "domain/time.hpp"
#include "site/bay_report.hpp"
#include "site/left_behind.hpp"
#include "site/node_flows.hpp"
#include "site/operator_orders.hpp"
#include "site/shedding_watch.hpp"
#include "site/site_events.hpp"
#include "site/site_layout.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace busbar::site {

/// The parts whose state is kept.
struct kept_parts {
  control::planner& planner;
  operator_orders& orders;
  shedding_watch& shedding;
  node_flows& flows;
  left_behind& left;
  /// What the desk's parts remember beside (site/part_bytes.hpp).
  std::vector<std::uint8_t> desk = {};
};

class checkpoint {
public:
  explicit checkpoint(std::shared_ptr<const site_layout> layout);

  /// What a bay remembers.
  void take(bay_index bay, const bay_memory& memory);
  void note_change() { is_changed_ = true; }
  /// The state is due now, whatever has changed.
  void claim();
  /// Whether something has changed and the newest state is of an earlier period: facts and commands
  /// are in the log beside it (KEEP-2).
  [[nodiscard]] bool is_due(domain::instant now) const;

  /// Owner, time and number of the plan are the caller's.
  [[nodiscard]] domain::site_state write(const kept_parts& parts, domain::instant now,
                                         site_events& events);
  /// Takes back a predecessor's state of the same tree.
  void read(const domain::site_state& state, const kept_parts& parts,
            std::vector<control::node_image>& nodes);

private:
  void add_profiles(domain::site_state& state, site_events& events);
  void add_outline(domain::site_state& state, site_events& events);

  std::shared_ptr<const site_layout> layout_;
  /// By bay.
  std::vector<bay_memory> memories_;
  bool is_changed_ = false;
  domain::instant written_at_{};
  std::uint32_t profiles_left_out_ = 0;
  bool is_tree_said_ = false;
};

} // namespace busbar::site
