#include "actors/operator_mail.hpp"

#include "site/operator_orders.hpp"
#include "site/order_decision.hpp"

#include <utility>
#include <variant>

namespace busbar::actors {

namespace {

void take(const site_context& context, const domain::operator_order& order,
          const operator_message& message, site_desk& to) {
  context.recording.step(site::step::operators{&order, &message.by, message.now});
  to.take(order);
  const auto event =
      site::event_of(order, *context.layout->site, {message.by, message.now});
  context.recording.effect(site::desk_source{}, event);
  if (context.out) static_cast<void>(context.out->send(event));
}

/// REQUIRES: its ticket is claimed.
void decide(const site_context& context, const operator_message& message, site_desk& to) {
  const auto& site = *context.layout->site;
  const auto tree = message.ticket->topology_hash();
  if (tree != 0 && tree != site.topology_hash)
    return message.ticket->answer(domain::order_refusal{
        {domain::errc::conflict, "site: its tree has changed meanwhile; try again"}, {}});
  auto answer = site::decide(message.ticket->wishes(), site, to.view(), message.now);
  auto* taken = std::get_if<std::vector<domain::order_taken>>(&answer);
  if (taken == nullptr) return message.ticket->answer(std::move(answer));
  for (const auto& each : *taken) take(context, each.order, message, to);
  // KEEP-1: the next state holds them.
  context.inbox->promises.add(message.ticket, std::move(*taken));
}

} // namespace

void obey(const site_context& context, const std::vector<operator_message>& mail, site_desk& to) {
  for (const auto& message : mail) {
    if (!message.ticket) take(context, message.order, message, to);
    else if (message.ticket->claim()) decide(context, message, to);
  }
}

} // namespace busbar::actors
