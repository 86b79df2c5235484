#pragma once
// A request for a site that another engine node owns is passed on to its owner; what follows from
// what came of that. Pure: time is passed in.
//
//   asking --the owner's answer--> passed on
//     |  ^
//     |  | again, while it is certain that nothing was done, for as long as a hand-over may take
//     +--+
//     |--no owner answers for the site in that time--> 503
//     '--the owner was asked, and has not answered as an engine node does--> 504, 502

#include "domain/time.hpp"

#include <chrono>
#include <cstdint>

namespace busbar::control::cluster {

struct forwarding_terms {
  /// Longest hand-over that a request waits for.
  domain::microseconds hand_over = std::chrono::seconds{2};
};

enum class forward_outcome : std::uint8_t {
  /// No node is known to own the site, or where its owner answers.
  no_owner,
  /// Nothing was sent to the owner.
  unreachable,
  /// The node that was asked does not hold the site, or does not plan it yet: nothing was done.
  not_there,
  /// Too many requests are under way to other nodes: nothing was sent.
  busy,
  answered,
  /// The connection ended before an answer had begun.
  broken,
  /// No answer in time.
  unanswered,
  /// The answer is no answer of an engine node, or too large.
  garbled,
};

enum class forward_verdict : std::uint8_t {
  pass_on,
  ask_again,
  /// 503: nothing was done.
  none_answers,
  /// 504: it may have been done.
  unknown_outcome,
  /// 504 of a request that changes nothing.
  no_answer,
  /// 502: it may have been done.
  bad_answer,
};

/// `changes`: whether the request may change anything. `waited`: since it was first asked.
[[nodiscard]] constexpr forward_verdict verdict_of(forward_outcome outcome, bool changes,
                                                   domain::microseconds waited,
                                                   const forwarding_terms& terms = {}) {
  const auto later = waited < terms.hand_over ? forward_verdict::ask_again
                                              : forward_verdict::none_answers;
  switch (outcome) {
  case forward_outcome::answered: return forward_verdict::pass_on;
  case forward_outcome::busy: return forward_verdict::none_answers;
  case forward_outcome::garbled: return forward_verdict::bad_answer;
  case forward_outcome::unanswered:
    return changes ? forward_verdict::unknown_outcome : forward_verdict::no_answer;
  // It may have been done before the connection ended: what changes something is not asked twice.
  case forward_outcome::broken: return changes ? forward_verdict::unknown_outcome : later;
  default: return later;
  }
}

} // namespace busbar::control::cluster
