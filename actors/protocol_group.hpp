#pragma once
// The protocol drivers of an engine node, one for each connection: spawned at once, watched,
// restarted with the connection's record. Held by value in the node's state.

#include "actors/child_minding.hpp"

#include <caf/local_actor.hpp>
#include <caf/system_messages.hpp>

#include <memory>

namespace busbar::actors {

class protocol_group {
public:
  protocol_group() = default;
  protocol_group(const protocol_group&) = delete;
  protocol_group& operator=(const protocol_group&) = delete;
  ~protocol_group();

  /// Before anything else.
  void open(caf::local_actor* self, std::shared_ptr<node_context> context, node_book& book);
  void pass(const connection_report& report);
  /// Once a second.
  void pass(const pulse& pulse);
  /// True: the actor was one of these.
  [[nodiscard]] bool took_down(const caf::down_msg& down, domain::instant now);

private:
  void begin(const std::string& protocol, protocol_entry& entry, domain::instant now);

  caf::local_actor* self_ = nullptr;
  std::shared_ptr<node_context> context_;
  node_book* book_ = nullptr;
};

} // namespace busbar::actors
