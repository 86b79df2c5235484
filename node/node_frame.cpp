#include "node/node_frame.hpp"

#include <utility>

namespace busbar::node {

void publish_note(const node_frame& frame, const domain::site_id& site, site_note note) {
  domain::event event;
  event.site = site;
  event.at = wall_clock();
  event.speaker = domain::speaker::central;
  event.level = note.level;
  event.kind = note.kind;
  event.subject = std::move(note.subject);
  event.text = std::move(note.text);
  static_cast<void>(frame.out->send(event));
}

void refuse(const node_frame& frame, const messages::record& record, const domain::error& why) {
  frame.counters->ingest.dead_letters.add(why.code);
  frame.refused->refuse(record, why, wall_clock());
}

} // namespace busbar::node
