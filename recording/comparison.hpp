#pragma once
// What a replayed site does against what was recorded: the effects of each source in their order.
// The first that differs is named with its step, tick and field.

#include "domain/time.hpp"
#include "recording/difference.hpp"
#include "recording/step_codec.hpp"
#include "site/site_layout.hpp"
#include "site/site_step.hpp"
#include "site/step_recorder.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace busbar::recording {

/// "bay of feeder:f1 takes 12 readings", for people.
[[nodiscard]] std::string text_of(const site::site_step& step, const site::site_layout& layout);
[[nodiscard]] std::string text_of(site::effect_source source, const site::site_layout& layout);

struct effect_difference {
  /// Of the step at which it was found.
  domain::instant at{};
  std::uint64_t tick = 0;
  std::string input;
  /// Whose effect it is: "desk", "station:CP-7".
  std::string source;
  /// "command 12", "event breaker_opened".
  std::string effect;
  field_difference field;
};

struct comparison_counts {
  std::uint64_t same = 0;
  std::uint64_t different = 0;
  /// Recorded, and not made by the replay to its end: at most the last moment of a record that is
  /// cut.
  std::uint64_t left_recorded = 0;
  /// Made by the replay, and not recorded to the record's end.
  std::uint64_t left_replayed = 0;
};

/// Listens to the replayed site; one for each segment.
class comparison : public site::effect_listener {
public:
  explicit comparison(std::shared_ptr<const site::site_layout> layout);

  /// What differs before then is passed over.
  void count_from(domain::instant from) { from_ = from; }
  /// What is recorded from here on stands in the next file.
  void open_file();
  /// The step that is taken next.
  void begin(const site::site_step& step);
  void recorded(const raw_effect& effect);
  /// The record ends here, or what was on its way is void.
  void forget();

  void effect(site::effect_source from, const domain::command& command) override;
  void effect(site::effect_source from, const domain::session_fact& fact) override;
  void effect(site::effect_source from, const domain::event& event) override;
  void effect(const domain::decision& decision) override;
  void effect(const domain::site_state& state) override;

  [[nodiscard]] const comparison_counts& counts() const { return counts_; }
  [[nodiscard]] const std::optional<effect_difference>& first() const { return first_; }
  /// When the newest effect that differs was found.
  [[nodiscard]] domain::instant last_at() const { return last_at_; }
  [[nodiscard]] domain::instant now() const { return now_; }
  [[nodiscard]] std::uint64_t tick() const { return tick_; }

private:
  using made = std::variant<domain::command, domain::session_fact, domain::event, domain::decision,
                            state_record>;
  /// With the reader of its file.
  struct waiting {
    raw_effect raw;
    std::shared_ptr<effect_reader> reader;
  };
  struct queue {
    std::deque<waiting> recorded;
    std::deque<made> replayed;
  };
  template <class Value> void replayed(site::effect_source from, const Value& value);
  template <class Value> void compare(const waiting& effect, const Value& value);
  void differs(site::effect_source from, std::string effect, field_difference field);
  [[nodiscard]] queue& queue_of(site::effect_source source);

  std::shared_ptr<const site::site_layout> layout_;
  std::shared_ptr<effect_reader> reader_;
  std::vector<queue> queues_;
  comparison_counts counts_;
  std::optional<effect_difference> first_;
  domain::instant last_at_{};
  domain::instant from_ = domain::instant::min();
  domain::instant now_{};
  std::uint64_t tick_ = 0;
  const site::site_step* step_ = nullptr;
};

} // namespace busbar::recording
