#include "adapters/store/store_folder.hpp"

#include "adapters/sqlite/migrations.hpp"
#include "adapters/store/schema.hpp"
#include "domain/time_text.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace busbar::adapters::store {

namespace {

namespace files = std::filesystem;
using sqlite::database;
using sqlite::statement;

constexpr mode_t owner_alone = 0600;
constexpr std::string_view head{"SQLite format 3\0", 16};
/// What waits is written a little later.
constexpr std::chrono::milliseconds busy_patience{100};
constexpr std::array parts{"", "-wal", "-shm"};

domain::error failed(const std::string& place, const char* what) {
  return {domain::errc::unavailable, place + ": " + what + ": " + std::strerror(errno)};
}

/// The process that has written its number into the file; empty: none.
std::string holder_in(int file) {
  std::array<char, 16> text{};
  const auto size = ::pread(file, text.data(), text.size(), 0);
  const std::string number{text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
  return number.empty() ? std::string{} : " (process " + number + ")";
}

bool is_same(const struct stat& one, const struct stat& other) {
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/// "20260501T120000Z": as part of a file's name.
std::string stamp_of(domain::instant at) {
  std::string stamp;
  for (const char c : domain::text_of(std::chrono::floor<std::chrono::seconds>(at)))
    if (c != '-' && c != ':') stamp += c;
  return stamp;
}

} // namespace

domain::result<std::unique_ptr<store_folder>> store_folder::open(const std::string& folder) {
  std::unique_ptr<store_folder> made{new store_folder{folder}};
  std::error_code failure;
  const bool is_new = files::create_directories(folder, failure);
  if (failure)
    return domain::error{domain::errc::unavailable,
                         folder + ": cannot be made: " + failure.message()};
  if (is_new) files::permissions(folder, files::perms::owner_all, failure);
  if (auto locked = made->lock(); !locked) return locked.failure();
  return made;
}

store_folder::~store_folder() {
  for (const int each : {file_, lock_})
    if (each >= 0) ::close(each);
}

domain::result<void> store_folder::lock() {
  const auto place = folder_ + "/lock";
  const int made = ::open(place.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, owner_alone);
  if (made < 0) return failed(place, "cannot be opened");
  if (::flock(made, LOCK_EX | LOCK_NB) != 0) {
    const auto holder = holder_in(made);
    ::close(made);
    return domain::error{domain::errc::conflict,
                         folder_ + ": another process keeps its history in this folder" + holder};
  }
  const auto number = std::to_string(::getpid());
  // For people: the lock holds without it.
  if (::ftruncate(made, 0) == 0)
    static_cast<void>(::pwrite(made, number.data(), number.size(), 0));
  if (lock_ >= 0) ::close(lock_);
  lock_ = made;
  return {};
}

bool store_folder::has_lock() const {
  struct stat own{};
  struct stat there{};
  return ::fstat(lock_, &own) == 0 && ::stat((folder_ + "/lock").c_str(), &there) == 0 &&
         is_same(own, there);
}

domain::result<std::unique_ptr<database>> store_folder::open_database() {
  // A folder that is gone is not made again: it may be a disk that is not mounted.
  std::error_code failure;
  const auto kind = files::status(folder_, failure).type();
  if (kind != files::file_type::directory)
    return domain::error{domain::errc::unavailable,
                         folder_ + (kind == files::file_type::none
                                        ? ": it cannot be looked at: " + failure.message()
                                        : ": the folder is gone")};
  if (!has_lock())
    if (auto locked = lock(); !locked) return locked.failure();
  // Before SQLite makes files of its own that are open to the same.
  for (const auto* part : parts) ::chmod((path() + part).c_str(), owner_alone);
  bool is_damaged = false;
  auto opened = database::open(path(), busy_patience, &is_damaged);
  auto store = opened ? std::move(opened.value()) : nullptr;
  const auto current = store ? sqlite::migrate(*store, migrations())
                             : domain::result<void>{opened.failure()};
  if (!current) {
    auto why = current.failure();
    if (is_damaged || (store && store->is_damaged())) why.code = domain::errc::malformed;
    if (why.code == domain::errc::wrong_identifier) why.message = path() + ": " + why.message;
    return why;
  }
  file_ = ::open(path().c_str(), O_RDONLY | O_CLOEXEC);
  if (file_ < 0) return failed(path(), "cannot be opened");
  if (::stat((path() + "-wal").c_str(), &written_ahead_) != 0) written_ahead_ = {};
  return store;
}

void store_folder::close_database() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

void store_folder::remove_leftovers() {
  struct stat there{};
  const auto ahead = path() + "-wal";
  if (::stat(ahead.c_str(), &there) != 0 || !is_same(there, written_ahead_)) return;
  std::error_code failure;
  for (const auto& each : {ahead, path() + "-shm"}) files::remove(each, failure);
}

domain::result<void> store_folder::check() const {
  struct stat own{};
  struct stat there{};
  const bool is_there = ::stat(path().c_str(), &there) == 0;
  if (!is_there && errno != ENOENT) return failed(path(), "cannot be looked at");
  if (!is_there || ::fstat(file_, &own) != 0 || !is_same(own, there))
    return domain::error{domain::errc::unknown_reference,
                         path() + ": the file is gone, or another one stands in its place"};
  std::array<char, head.size()> begin{};
  const auto size = ::pread(file_, begin.data(), begin.size(), 0);
  if (size < 0) return failed(path(), "cannot be read");
  if (std::string_view{begin.data(), static_cast<std::size_t>(size)} != head)
    return domain::error{domain::errc::malformed, path() + ": it is no database any more"};
  return {};
}

domain::result<std::string> store_folder::set_aside(domain::instant now) {
  auto name = path() + ".damaged-" + stamp_of(now);
  std::error_code failure;
  while (files::exists(name, failure)) name += "-again";
  if (!files::exists(path(), failure) && !files::exists(path() + "-wal", failure))
    return std::string{};
  for (const auto* part : parts) {
    if (!files::exists(path() + part, failure)) continue;
    files::rename(path() + part, name + part, failure);
    if (failure)
      return domain::error{domain::errc::unavailable,
                           path() + part + ": cannot be set aside: " + failure.message()};
  }
  return name;
}

std::uint64_t bytes_of(const std::string& path) {
  std::uint64_t all = 0;
  struct stat there{};
  for (const auto* part : parts)
    if (::stat((path + part).c_str(), &there) == 0)
      all += static_cast<std::uint64_t>(there.st_size);
  return all;
}

domain::result<void> quick_check(database& store) {
  statement asked{store, "PRAGMA quick_check(1)"};
  const bool is_there = asked.step();
  if (is_there && asked.text(0) == "ok") return {};
  const bool is_damaged = is_there || store.is_damaged();
  return domain::error{is_damaged ? domain::errc::malformed : domain::errc::unavailable,
                       is_there ? "quick_check: " + asked.text(0)
                                : asked.failure() ? asked.failure()->message
                                                  : "quick_check says nothing"};
}

} // namespace busbar::adapters::store
