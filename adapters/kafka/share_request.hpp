#pragma once
// How a member with a name of its own asks its group for a share. A group that stands still gives
// a member that comes back what it had when it left, and shares nothing out anew: nothing, where
// it left in an orderly way. A member of a known id that names other topics than before is shared
// out to (JoinGroup of Kafka's classic groups), so it names another topic beside its own for one
// round. A group that moves gives a new member nothing in the first round, too, and soon more: it
// is given some time.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace busbar::adapters::kafka {

enum class named_topics : std::uint8_t { own, own_and_another };

/// One for each client that joins.
class share_request {
public:
  /// `is_wanted`: the member has a name, and another topic that it may name.
  explicit share_request(bool is_wanted = false) : is_wanted_(is_wanted) {}

  using time_point = std::chrono::steady_clock::time_point;
  /// The group has told the member how many partitions of its own topics it has.
  void was_given(std::size_t own_partitions, time_point now);
  /// The member comes back: what it is given next counts as the first.
  void begin_anew();
  [[nodiscard]] bool has_been_given() const { return has_been_given_; }
  /// The topics to name to the group now; absent: those named before.
  [[nodiscard]] std::optional<named_topics> take_next(time_point now);

private:
  bool is_wanted_;
  bool has_been_given_ = false;
  bool awaits_first_ = true;
  bool names_another_ = false;
  std::optional<named_topics> next_;
  time_point due_;
};

} // namespace busbar::adapters::kafka
