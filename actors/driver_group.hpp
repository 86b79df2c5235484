#pragma once
// The drivers of an engine node: each is spawned with its first request, watched while it lives,
// restarted with its record, and passivated when idle. Held by value in the node's state; the book
// that it works on is lent to the node.

#include "actors/child_minding.hpp"
#include "actors/site_context.hpp"

#include <caf/local_actor.hpp>
#include <caf/system_messages.hpp>

#include <memory>

namespace busbar::actors {

class driver_group {
public:
  driver_group() = default;
  driver_group(const driver_group&) = delete;
  driver_group& operator=(const driver_group&) = delete;
  ~driver_group();

  /// Before anything else.
  void open(caf::local_actor* self, std::shared_ptr<node_context> context, node_book& book);
  /// Takes up the drivers of a site's open sessions. No actor of that site runs.
  void restore(const site_context& site);
  /// The site has left this engine node. No actor of it runs.
  void forget(const site_context& site, domain::instant now);
  /// A request that no driver can take now is denied.
  void pass(const driver_request_message& message);
  void pass(const driver_notice& notice);
  void deny(const driver_request_message& message, const char* why);
  /// Once a second.
  void pass(const pulse& pulse);
  /// True: the actor was one of these.
  [[nodiscard]] bool took_down(const caf::down_msg& down, domain::instant now);

private:
  driver_entry& entry_of(const domain::driver_id& id, domain::instant now);
  void begin(const domain::driver_id& id, driver_entry& entry, domain::instant now);
  void passivate_idle(domain::instant now);

  caf::local_actor* self_ = nullptr;
  std::shared_ptr<node_context> context_;
  node_book* book_ = nullptr;
};

} // namespace busbar::actors
