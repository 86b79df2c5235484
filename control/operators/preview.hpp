#pragma once
// What an order comes to at a site as it stands: the whole order, whether it may be taken, and what
// is expected of it. The site that owns the places decides by it, by its own state.

#include "domain/order_standing.hpp"
#include "domain/site.hpp"

#include <variant>
#include <vector>

namespace busbar::control::operators {

/// DC limits with a ramp move by so much a second where the site does not say how it ramps.
inline constexpr domain::watts usual_ramp_per_second{10'000};

/// As the site ramps DC stations.
[[nodiscard]] domain::watts ramp_per_second_of(const domain::site& site);

/// Why `wish` may not be taken as the site stands, beside what `check` says of the order itself: an
/// export without a session, a fresh reading or anything to spare; thresholds that do not go
/// together.
[[nodiscard]] std::vector<domain::order_fault> faults_of(const domain::order_wish& wish,
                                                         const domain::site& site,
                                                         const domain::order_standing& stands);

/// The errors are those of `check` (order_book.hpp); errc::out_of_range with every fault where
/// `faults_of` has some. REQUIRES: `stands` is the wish's.
[[nodiscard]] std::variant<domain::order_taken, domain::order_refusal>
preview(const domain::order_wish& wish, const domain::site& site,
        const domain::order_standing& stands, domain::instant now);

} // namespace busbar::control::operators
