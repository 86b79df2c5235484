#pragma once
// Steps and effects of one site as bytes, each as its difference to the one before. A file's bytes
// are one stream: `step_reader` reads them from the first on.

#include "recording/byte_stream.hpp"
#include "recording/effect_memory.hpp"
#include "site/site_layout.hpp"
#include "site/site_step.hpp"
#include "site/step_recorder.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace busbar::recording {

/// The newest of what comes from outside, by its place, and of times.
struct input_memory {
  explicit input_memory(const domain::site& site);
  std::vector<domain::reading> readings;
  std::vector<domain::meter_reading> meters;
  std::vector<domain::health_report> health;
  std::vector<domain::command_result> results;
  domain::instant now{};
  std::uint64_t tick = 0;
};

/// Steps go to the end of `bytes`.
class step_writer {
public:
  explicit step_writer(std::shared_ptr<const site::site_layout> layout);

  void put(const site::site_step& step);
  void put(site::effect_source from, const domain::command& command);
  void put(site::effect_source from, const domain::session_fact& fact);
  void put(site::effect_source from, const domain::event& event);
  void put(const domain::decision& decision);
  void put(const domain::site_state& state);

  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] std::vector<std::uint8_t> take_bytes() { return std::exchange(bytes_, {}); }

private:
  void put_effect(effect_kind kind, site::effect_source from);

  std::shared_ptr<const site::site_layout> layout_;
  input_memory inputs_;
  effect_memory effects_;
  std::vector<std::uint8_t> bytes_;
  /// An effect's own bytes, before their number is known.
  std::vector<std::uint8_t> effect_;
};

/// An effect that is not read yet.
struct raw_effect {
  effect_kind kind = effect_kind::command;
  site::effect_source from;
  std::span<const std::uint8_t> bytes;
  /// Holds `bytes`.
  std::shared_ptr<const std::vector<std::uint8_t>> block;
};

class step_reader {
public:
  explicit step_reader(std::shared_ptr<const site::site_layout> layout);

  /// The next block of the file's bytes. REQUIRES: `next` has said that the one before is over.
  void open(std::shared_ptr<const std::vector<std::uint8_t>> block);

  enum class found : std::uint8_t { nothing, step, effect, failure };
  /// failure: the bytes are none of a recording of this site.
  [[nodiscard]] found next();
  /// Valid until the next call of `next`.
  [[nodiscard]] const site::site_step& step() const { return step_; }
  [[nodiscard]] const raw_effect& effect() const { return effect_; }

private:
  [[nodiscard]] bool read_step(std::size_t kind);
  void read_input(std::size_t kind);
  void read_bay_step(std::size_t kind);
  void read_desk_step(std::size_t kind);
  void read_actor_step(std::size_t kind);
  void read_reported();
  void read_decide();
  [[nodiscard]] bool read_effect(effect_kind kind);

  std::shared_ptr<const site::site_layout> layout_;
  input_memory inputs_;
  std::shared_ptr<const std::vector<std::uint8_t>> block_;
  byte_reader in_;
  site::site_step step_;
  raw_effect effect_;
  // What the step refers to.
  std::vector<domain::reading> readings_;
  std::vector<domain::health_report> health_;
  std::vector<domain::command_result> results_;
  std::vector<domain::meter_reading> meters_;
  domain::driver_request request_;
  site::direct_order direct_;
  site::profile_errand errand_;
  domain::operator_order order_;
  domain::cause by_;
  std::vector<std::shared_ptr<const site::bay_report>> reports_;
  std::vector<site::node_sum> sums_;
  std::vector<site::step::branch_standing> branches_;
};

/// Reads effects of one file, those of each source in their order.
class effect_reader {
public:
  using value = std::variant<const domain::command*, const domain::session_fact*,
                             const domain::event*, const domain::decision*, const state_record*>;

  explicit effect_reader(const site::site_layout& layout) : memory_(layout) {}
  /// Valid until the next one of the same source; nothing where the bytes are none.
  [[nodiscard]] std::optional<value> read(const raw_effect& effect);

private:
  effect_memory memory_;
};

} // namespace busbar::recording
