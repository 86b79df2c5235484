#pragma once
// Orders on their way to the site that owns their places, and its answer on the way back.

#include "adapters/http/json/body_reader.hpp"
#include "adapters/http/server/message.hpp"
#include "domain/site.hpp"
#include "domain/site_view.hpp"
#include "ports/orders.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace busbar::adapters::http::api {

/// One request that orders something.
struct ordering {
  /// As it was shown to the request: the wishes' places are its.
  std::shared_ptr<const domain::site> site;
  std::vector<domain::order_wish> wishes;
  server::request asked;
  /// Where the request has one: faults of the order are told as faults of it. It has none itself.
  std::shared_ptr<json::body_reader> body;
};

using taken_orders = std::vector<domain::order_taken>;

/// Asks the site; `receipt` makes the answer of what it took, any refusal is a problem.
void give(ports::orders& to, const ordering& order, const server::responder& reply,
          std::function<server::response(const taken_orders&)> receipt);

/// Answers with `receipt` once the log has what was ordered (KEEP-1).
[[nodiscard]] ports::kept_listener when_kept(const server::responder& reply,
                                             const server::request& asked,
                                             server::response receipt);

/// The id of a driver's request: the one that the body states, or the order's key, or a new one
/// that begins with `kind`. A site takes an id once (KEEP-1), also under its next owner.
[[nodiscard]] domain::request_id request_id_from(json::body_reader& body,
                                                 const server::request& asked, const char* kind);

/// Lists what stands against `wish` beside the body's own faults, where it has some: a body that is
/// refused anyway is refused with everything at once.
void add_faults(json::body_reader& body, const domain::order_wish& wish,
                const domain::site_view& view);

} // namespace busbar::adapters::http::api
