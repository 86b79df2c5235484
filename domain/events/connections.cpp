#include "domain/events/connections.hpp"

#include "domain/events/form.hpp"

#include <utility>

namespace busbar::domain::events {

namespace {

using enum severity;

constexpr form answers{"connected", info, "the connection answers", speaker::log};
constexpr form failed{"breaker_opened", warning, "the connection fails: {why}", speaker::log};
constexpr form answers_again{"breaker_closed", info, "the connection answers again",
                             speaker::log};
constexpr form silent{"watchdog_overdue", warning, "the connection says nothing", speaker::log};
constexpr form counted{
    "traffic", info,
    "read {batches} batches, {requests} requests, {answers} answers; wrote {records} records",
    speaker::log};

constexpr form log_fails{"breaker_opened", critical, "the log does not take records: {why}"};
constexpr form log_works{"breaker_moved", info, "the log takes records again"};
constexpr form sites_stall{"breaker_opened", critical,
                           "sites do not tick: their drivers are denied"};
constexpr form sites_tick{"breaker_moved", info, "all sites tick again"};

constexpr form drained{"node_drained", info,
                       "hands its sites to other engine nodes, and takes none"};
constexpr form put_back{"node_put_back", info, "takes its share of the sites again"};

constexpr form contested{
    "epoch_taken", critical,
    "stations obey orders of epoch {obeyed} that this engine node ({own}) has not given: it goes "
    "on with epoch {next}; another engine commands this site, or commands were forged"};

} // namespace

event connected(const moment& now, std::string protocol) {
  return filled(answers, now, std::move(protocol));
}

event connection_opened(const moment& now, std::string protocol, const std::string& why) {
  return filled(failed, now, std::move(protocol), {why});
}

event connection_closed(const moment& now, std::string protocol) {
  return filled(answers_again, now, std::move(protocol));
}

event connection_overdue(const moment& now, std::string protocol) {
  return filled(silent, now, std::move(protocol));
}

event traffic(const moment& now, std::string protocol, const traffic_counts& counts) {
  return filled(counted, now, std::move(protocol),
                {std::to_string(counts.batches), std::to_string(counts.requests),
                 std::to_string(counts.answers), std::to_string(counts.written)});
}

event log_opened(const moment& now, const std::string& why) {
  return filled(log_fails, now, now.site.text(), {why});
}

event log_closed(const moment& now) { return filled(log_works, now, now.site.text()); }

event sites_opened(const moment& now, std::string engine) {
  return filled(sites_stall, now, std::move(engine));
}

event sites_closed(const moment& now, std::string engine) {
  return filled(sites_tick, now, std::move(engine));
}

event node_drained(const moment& now, std::string engine, const cause& by) {
  return caused(filled(drained, now, std::move(engine)), by);
}

event node_put_back(const moment& now, std::string engine, const cause& by) {
  return caused(filled(put_back, now, std::move(engine)), by);
}

event epoch_taken(const moment& now, const epoch_contest_words& epochs) {
  return filled(contested, now, now.site.text(),
                {std::to_string(epochs.obeyed), std::to_string(epochs.own),
                 std::to_string(epochs.next)});
}

} // namespace busbar::domain::events
