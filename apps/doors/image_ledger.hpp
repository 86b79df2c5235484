#pragma once
// What the grant ledger (site/grant_ledger.hpp) writes into an image, where there are no commands
// with numbers: worked out from two images and what was granted between them. The door of `busbar
// plan` builds its rows with it.
//
// Stations answer in order, and nothing is raised while a decrease is unanswered. So what is told
// rises, then falls, and an answer that is below everything told on the way up can only be the last
// one's.

#include "control/image.hpp"
#include "domain/maybe.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <optional>
#include <span>

namespace busbar::apps::doors {

/// What is remembered of one connector from image to image.
struct image_memory {
  /// The largest current that was told and may still be on its way to the station.
  domain::maybe<domain::milliamperes> in_flight;
  /// What was acknowledged when `in_flight` was set; `in_flight` itself once that was acknowledged.
  domain::milliamperes acknowledged_before{};
  /// When something was last told since `in_flight` was set.
  domain::maybe<domain::instant> in_flight_since;
  /// Last told a lower current then.
  domain::maybe<domain::instant> lowered_at;
  /// Owes the answer to a decrease since; cleared by it.
  domain::maybe<domain::instant> owes_since;
  /// Draws more than it acknowledged since (SAFE-2).
  domain::maybe<domain::instant> overdraws_since;
  /// Draws more than all it was told since, if only a little (LIM-1).
  domain::maybe<domain::instant> exceeds_since;
  bool operator==(const image_memory&) const = default;
};

/// Fills the ledger's part of one row of an image, and keeps `memory`.
void fill_row(control::connector_image& row, image_memory& memory, domain::instant now);

/// `grant` replaces `row.told`: a raise that is not acknowledged yet stays counted until its
/// acknowledgement has come by, although something lower is told after it.
void note_grant(const control::connector_image& row, domain::milliamperes grant,
                domain::instant now, image_memory& memory);

/// Memories of an image of another time: nothing in them is later than `now`. `at`: that image's
/// time, where it is known.
void follow_clock(std::span<image_memory> memories, std::optional<domain::instant> at,
                  domain::instant now);

} // namespace busbar::apps::doors
