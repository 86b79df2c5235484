#pragma once
// The newest effect of each kind and source, from which the next one is a difference. Writer and
// reader of a file keep one each, and begin blank with every file.

#include "recording/field_lists.hpp"
#include "site/site_layout.hpp"
#include "site/step_recorder.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace busbar::recording {

enum class effect_kind : std::uint8_t { command = 1, fact, event, decision, state };
[[nodiscard]] const char* name_of(effect_kind kind);

/// Of one source. Facts have a slot for each connector of a station, by session.
struct source_memory {
  std::vector<domain::command> commands;
  std::vector<domain::session_fact> facts;
  domain::event event;
  std::size_t next_slot = 0;

  /// The slot of the fact's session, or the one that is used next.
  [[nodiscard]] std::size_t slot_of(const domain::session_id& session);
};

class effect_memory {
public:
  explicit effect_memory(const site::site_layout& layout);

  [[nodiscard]] source_memory& of(site::effect_source source);
  /// The slot of a command's connector among those of its station.
  [[nodiscard]] std::size_t slot_of(domain::connector_index connector) const;
  domain::decision decision;
  state_record state;

private:
  const site::site_layout& layout_;
  source_memory desk_;
  /// Made with the first effect.
  std::vector<std::unique_ptr<source_memory>> bays_;
  std::vector<std::unique_ptr<source_memory>> stations_;
};

} // namespace busbar::recording
