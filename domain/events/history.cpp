#include "domain/events/history.hpp"

#include "domain/events/form.hpp"

#include <utility>

namespace busbar::domain::events {

namespace {

using enum severity;

constexpr form lost{"store_lost", warning,
                    "the history cannot be written: {why}; what happens waits in the log"};
constexpr form back{"store_back", info, "the history is written again"};
constexpr form aside{"store_set_aside", critical,
                     "the history was no whole database ({why}): it is kept as {aside}, and a new "
                     "one is filled from the log"};
constexpr form replaced{"store_replaced", critical,
                        "the history's file is gone, or another one stands in its place: it goes "
                        "on with what is there, and with what the log has"};
constexpr form missed{"store_missed", warning,
                      "the log had lost {records} records before they were in the history"};

} // namespace

event store_lost(const moment& now, std::string path, const std::string& why) {
  return filled(lost, now, std::move(path), {why});
}

event store_back(const moment& now, std::string path) {
  return filled(back, now, std::move(path));
}

event store_set_aside(const moment& now, std::string path, const std::string& why,
                      const std::string& where) {
  return filled(aside, now, std::move(path), {why, where});
}

event store_replaced(const moment& now, std::string path) {
  return filled(replaced, now, std::move(path));
}

event store_missed(const moment& now, std::string path, std::uint64_t records) {
  return filled(missed, now, std::move(path), {std::to_string(records)});
}

} // namespace busbar::domain::events
