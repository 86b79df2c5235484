#pragma once
// The sites that an engine node holds. A site comes with its checkpoint (busbar.sites.v1) and what
// the topics hold after it, under the epoch after the one that the checkpoint names, which is in
// the log before anything is commanded under it (KEEP-2); it goes once no actor of it runs and its
// checkpoint is in the log, so that the node that acquires it next reads all of it (OWN-1). Sites
// are acquired, released and forgotten by the ingest thread; any thread may ask.

#include "actors/site_context.hpp"
#include "domain/site_state.hpp"
#include "node/node_frame.hpp"
#include "node/site_recovery.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace busbar::node {

using shared_site = std::shared_ptr<const domain::site>;
using shared_context = std::shared_ptr<actors::site_context>;

class site_host {
public:
  using sites = std::vector<domain::site_id>;

  /// `files`: every site that the node may come to hold, as its file says.
  site_host(node_frame& frame, const std::vector<shared_site>& files);

  /// All of `wanted`, or none where the log did not answer within `patience`.
  [[nodiscard]] domain::result<void> acquire(const sites& wanted, domain::microseconds patience);
  /// Sites that were acquired since the last call, with what they have still to take.
  [[nodiscard]] std::vector<recovered_site> take_recovered() {
    return std::exchange(recovered_, {});
  }
  /// Which of `held` have been another node's since: their checkpoints name a newer epoch.
  [[nodiscard]] domain::result<sites> overtaken(const sites& held, domain::microseconds patience);
  /// Ends their actors, writes their checkpoints and waits until the log has them.
  void release(const sites& leaving);
  /// Ends their actors and writes nothing: another node may hold them.
  void forget(const sites& gone);
  /// As `release`, when the node ends and no actor runs any more.
  /// False where the log did not take them in time.
  [[nodiscard]] bool write_checkpoints();

  [[nodiscard]] std::vector<shared_context> contexts() const;
  /// The newest context of a site; null where it is not held here.
  [[nodiscard]] shared_context find(const domain::site_id& site) const;
  /// `next` goes on in place of the newest context of its site. REQUIRES: `frame.changing` is held.
  void replace(const shared_context& next);
  [[nodiscard]] shared_site file_of(const domain::site_id& site) const;
  /// The site's file was read again.
  void set_file(shared_site file);

private:
  using states_by_site = std::map<domain::site_id, domain::site_state>;
  [[nodiscard]] domain::result<states_by_site> read_checkpoints(const sites& of,
                                                                domain::microseconds patience);
  using recovered_by_site = std::map<domain::site_id, recovered_site>;
  [[nodiscard]] domain::result<recovered_by_site> recover_all(const sites& wanted,
                                                              const states_by_site& states,
                                                              domain::microseconds patience);
  [[nodiscard]] domain::result<void> claim(recovered_by_site& found, domain::microseconds patience);
  void build(recovered_site found, bool is_known);
  void restore(actors::site_context& context, const domain::site_state& state);
  void see_out(const std::vector<shared_context>& leaving);
  void remove(const shared_context& context);
  void write_checkpoint(const shared_context& own);

  node_frame& frame_;
  /// Of the files and of which context stands for a site.
  mutable std::mutex guard_;
  std::map<domain::site_id, shared_site> files_;
  std::map<domain::site_id, shared_context> sites_;
  /// Of the thread that acquires.
  std::vector<recovered_site> recovered_;
  /// Records of sites that are not known here are refused once, at the first reading.
  bool has_read_ = false;
};

/// A context of the node; nothing is restored and no actor runs.
[[nodiscard]] shared_context make_context(const node_frame& frame, shared_site site,
                                          domain::epoch owner);

} // namespace busbar::node
