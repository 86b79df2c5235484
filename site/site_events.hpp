#pragma once
// What a site's desk tells people until its actor takes it away.

#include "domain/event.hpp"
#include "domain/time.hpp"
#include "site/site_layout.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace busbar::site {

class site_events {
public:
  explicit site_events(std::shared_ptr<const site_layout> layout) : layout_(std::move(layout)) {}

  void set_time(domain::instant now) { now_ = now; }
  /// About the site itself.
  void say(domain::severity level, const char* kind, std::string text) {
    say(level, kind, layout_->site->id.text(), std::move(text));
  }
  void say(domain::severity level, const char* kind, const std::string& subject,
           std::string text) {
    auto& event = events_.emplace_back();
    event.site = layout_->site->id;
    event.at = now_;
    event.speaker = domain::speaker::central;
    event.level = level;
    event.kind = kind;
    event.subject = subject;
    event.text = std::move(text);
  }
  [[nodiscard]] std::vector<domain::event> take() { return std::exchange(events_, {}); }

private:
  std::shared_ptr<const site_layout> layout_;
  domain::instant now_{};
  std::vector<domain::event> events_;
};

} // namespace busbar::site
