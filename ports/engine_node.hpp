#pragma once
// All that an engine node offers the outside. Adapters take the part that they need; what serves
// everything (the HTTP server, `busbar demo`) takes this.

#include "ports/health.hpp"
#include "ports/history.hpp"
#include "ports/metrics.hpp"
#include "ports/orders.hpp"
#include "ports/sites.hpp"

namespace busbar::ports {

class engine_node : public sites,
                    public orders,
                    public history,
                    public health,
                    public metrics {};

} // namespace busbar::ports
