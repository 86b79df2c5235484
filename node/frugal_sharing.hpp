#pragma once
// How CAF's workers share their jobs (a scheduler policy of CAF 0.17.6): like its own
// `caf::policy::work_sharing`, but a job wakes a worker only where those awake do not suffice.

#include "node/job_queue.hpp"

#include <caf/policy/unprofiled.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <mutex>
#include <optional>

namespace busbar::node {

class frugal_sharing : public caf::policy::unprofiled {
public:
  using jobs = job_queue<caf::resumable*>;

  struct coordinator_data {
    explicit coordinator_data(caf::scheduler::abstract_coordinator* owner) : owner_(owner) {}
    /// The number of workers is known once CAF has read its configuration.
    jobs& queue() {
      std::call_once(is_made_, [this] { queue_.emplace(owner_->num_workers()); });
      return *queue_;
    }

  private:
    caf::scheduler::abstract_coordinator* owner_;
    std::once_flag is_made_;
    std::optional<jobs> queue_;
  };

  struct worker_data {
    explicit worker_data(caf::scheduler::abstract_coordinator* /*owner*/) {}
    jobs::seat seat;
  };

  template <class Coordinator>
  void central_enqueue(Coordinator* self, caf::resumable* job) {
    d(self).queue().put(job);
  }
  template <class Worker>
  void external_enqueue(Worker* self, caf::resumable* job) {
    central_enqueue(self->parent(), job);
  }
  template <class Worker>
  void internal_enqueue(Worker* self, caf::resumable* job) {
    central_enqueue(self->parent(), job);
  }
  template <class Worker>
  void resume_job_later(Worker* self, caf::resumable* job) {
    d(self->parent()).queue().put_last(job);
  }
  template <class Worker>
  caf::resumable* dequeue(Worker* self) {
    return d(self->parent()).queue().take(d(self).seat);
  }
  template <class Worker>
  void before_shutdown(Worker* self) {
    d(self->parent()).queue().leave(d(self).seat);
  }
  template <class Worker, class Function>
  void foreach_resumable(Worker* /*self*/, Function /*function*/) {}
  template <class Coordinator, class Function>
  void foreach_central_resumable(Coordinator* self, Function function) {
    for (auto* job : d(self).queue().take_all()) function(job);
  }
};

} // namespace busbar::node
