#pragma once
// State that outlives an actor: the parent keeps it, the child borrows it while it lives. A
// replacement can borrow only after the one before has let go, so the two never touch it at once,
// even when the old one is still finishing its last message on another thread.
//
// A child and its parent may both work with a value that is lent to the child, one at a time: each
// takes a turn for one piece of work. The parent does so between the child's messages only.

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

/// The right to work with a value for one piece of work, whoever has borrowed it; ends when
/// destroyed. Empty while another one is at work with it.
template <class Value> class turn {
public:
  turn() = default;
  turn(turn&& other) noexcept : at_(std::exchange(other.at_, nullptr)) {}
  turn& operator=(turn&&) = delete;
  ~turn() {
    if (at_ != nullptr) at_->is_worked_with_.store(false, std::memory_order_release);
  }
  explicit operator bool() const { return at_ != nullptr; }
  Value& operator*() const { return at_->value_; }

private:
  friend class lendable<Value>;
  explicit turn(lendable<Value>* at) : at_(at) {}
  lendable<Value>* at_ = nullptr;
};

/// Must stay in place and outlive its loans and turns.
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
  [[nodiscard]] turn<Value> take_turn() {
    if (is_worked_with_.exchange(true, std::memory_order_acquire)) return {};
    return turn<Value>{this};
  }

private:
  friend class loan<Value>;
  friend class turn<Value>;
  Value value_;
  std::atomic<bool> is_lent_{false};
  std::atomic<bool> is_worked_with_{false};
};

} // namespace busbar::actors
