#include "node/node_frame.hpp"

namespace busbar::node {

void refuse(const node_frame& frame, const ports::record& record, const domain::error& why) {
  frame.counters->ingest.dead_letters.add(why.code);
  frame.refused->refuse(record, why, wall_clock());
}

} // namespace busbar::node
