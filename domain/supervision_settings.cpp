#include "domain/supervision_settings.hpp"

namespace busbar::domain {

namespace {

template <class Value> void overlay(std::optional<Value>& place, const std::optional<Value>& own) {
  if (own) place = own;
}

void overlay(supervision_terms& wide, const supervision_terms& narrow) {
  overlay(wide.failure_threshold, narrow.failure_threshold);
  overlay(wide.success_threshold, narrow.success_threshold);
  overlay(wide.reset_timeout, narrow.reset_timeout);
  overlay(wide.call_timeout, narrow.call_timeout);
  overlay(wide.retries, narrow.retries);
  overlay(wide.retry_after, narrow.retry_after);
  overlay(wide.watchdog, narrow.watchdog);
  overlay(wide.action, narrow.action);
}

void overlay(supervision_terms& wide, const std::map<std::string, supervision_terms>& tables,
             const std::string& name) {
  const auto found = tables.find(name);
  if (found != tables.end()) overlay(wide, found->second);
}

} // namespace

const char* name_of(watchdog_action action) {
  switch (action) {
  case watchdog_action::restart: return "restart";
  case watchdog_action::fall_back: return "fall-back";
  case watchdog_action::event: return "event";
  case watchdog_action::unspecified: break;
  }
  return "unspecified";
}

supervision_terms supervision_settings::of(const std::string& actor) const {
  auto terms = all;
  overlay(terms, by_kind, actor.substr(0, actor.find(':')));
  overlay(terms, by_actor, actor);
  return terms;
}

} // namespace busbar::domain
