#pragma once
// State that outlives an actor: the parent keeps it, the child borrows it while it lives. A
// replacement can borrow only after the one before has let go, so the two never touch it at once,
// even when the old one is still finishing its last message on another thread.

#include <atomic>
#include <utility>

namespace busbar::actors {

template <class Value> class lendable;

/// The right to use a value; gives it back when destroyed. Empty when it was not free.
template <class Value> class loan {
public:
  loan() = default;
  loan(loan&& other) noexcept : from_(std::exchange(other.from_, nullptr)) {}
  loan& operator=(loan&& other) noexcept {
    if (this != &other) give_back();
    from_ = std::exchange(other.from_, nullptr);
    return *this;
  }
  ~loan() { give_back(); }
  explicit operator bool() const { return from_ != nullptr; }
  Value* operator->() const { return &from_->value_; }
  Value& operator*() const { return from_->value_; }

private:
  friend class lendable<Value>;
  explicit loan(lendable<Value>* from) : from_(from) {}
  void give_back() {
    if (from_ != nullptr) from_->is_lent_.store(false, std::memory_order_release);
    from_ = nullptr;
  }
  lendable<Value>* from_ = nullptr;
};

/// Must stay in place and outlive its loans.
template <class Value> class lendable {
public:
  template <class... Arguments>
  explicit lendable(Arguments&&... arguments) : value_(std::forward<Arguments>(arguments)...) {}
  lendable(const lendable&) = delete;
  lendable& operator=(const lendable&) = delete;

  [[nodiscard]] bool is_free() const { return !is_lent_.load(std::memory_order_acquire); }
  [[nodiscard]] loan<Value> borrow() {
    if (is_lent_.exchange(true, std::memory_order_acquire)) return {};
    return loan<Value>{this};
  }

private:
  friend class loan<Value>;
  Value value_;
  std::atomic<bool> is_lent_{false};
};

} // namespace busbar::actors
