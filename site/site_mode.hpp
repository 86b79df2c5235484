#pragma once
// Whether a site is controlled by its plan or is in its safe mode (SAFE-1): no plan is carried out
// then, and every station is told its fallback, again at a third of the lease. Either of two facts
// puts it there, and it leaves once neither holds.
//
//   controlling --no reading of any connector for `cycles_max` cycles--> safe: input lost
//        ^ ^--------------------- readings come again -------------------------/
//        |                                   (from both) --fail--> safe: what runs it has failed
//        \------- recover, once `is_failure_over` ------------------/

#include "control/image.hpp"
#include "control/limits/unmanaged_count.hpp"
#include "control/safety/input_watch.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "site/operator_orders.hpp"
#include "site/plan_orders.hpp"
#include "site/site_events.hpp"
#include "site/site_layout.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace busbar::site {

/// What the fallbacks of a site are told from.
struct safe_terms {
  const control::image& image;
  const operator_orders& orders;
  /// By node.
  std::span<const control::limits::unmanaged_use> uses;
};

class site_mode {
public:
  explicit site_mode(std::shared_ptr<const site_layout> layout);

  /// A bay has reported: whether any of its connectors was heard.
  void take(bay_index bay, bool is_heard) { are_heard_[bay] = is_heard; }
  /// One cycle.
  void watch(site_events& events);
  /// What carries out its plans has failed beyond repair: it stays away until it is tried again.
  void fail(std::string why, domain::instant tried_again_at);
  /// It is tried again.
  void recover() { failure_.reset(); }

  [[nodiscard]] bool is_safe() const { return failure_ || input_.is_lost(); }
  [[nodiscard]] bool has_failed() const { return failure_.has_value(); }
  /// REQUIRES: has_failed().
  [[nodiscard]] bool is_failure_over(domain::instant now) const {
    return now >= failure_->tried_again_at;
  }
  /// "controlling" or "safe".
  [[nodiscard]] std::string_view name() const { return is_safe() ? "safe" : "controlling"; }
  /// Why it is safe, of both reasons the failure; empty: it is controlling. Valid until it changes.
  [[nodiscard]] std::string_view because() const;
  /// What is told changes: it is told with the next tick (LIM-7).
  void tell_again() { told_at_ = {}; }

  /// What the bays are told in the safe mode: their fallbacks where that is due, else nothing.
  [[nodiscard]] std::shared_ptr<const plan_orders> orders(const safe_terms& terms,
                                                          std::uint64_t tick, domain::instant now);

  /// KEEP-3: what decides later; what runs a site is tried anew by a new process.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.input_, self.has_been_heard_, self.told_at_);
    visit.rows(self.are_heard_);
  }

private:
  struct failure {
    std::string why;
    domain::instant tried_again_at{};
  };
  /// Every connector to its fallback, none raised.
  [[nodiscard]] std::shared_ptr<const plan_orders>
  fallbacks(const safe_terms& terms, std::uint64_t tick, domain::instant now) const;
  /// By connector.
  [[nodiscard]] std::vector<domain::milliamperes> safe_currents(const safe_terms& terms,
                                                                domain::instant now) const;

  std::shared_ptr<const site_layout> layout_;
  control::safety::input_watch input_;
  /// By bay: whether any connector was heard at its newest report.
  std::vector<bool> are_heard_;
  bool has_been_heard_ = false;
  std::optional<failure> failure_;
  domain::instant told_at_{};
};

} // namespace busbar::site
