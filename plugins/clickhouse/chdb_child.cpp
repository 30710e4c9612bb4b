// SPDX-License-Identifier: Apache-2.0
#include "chdb_child.hpp"

#include <poll.h>
#include <sys/random.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

namespace clickhouse {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kScheme = "chdb://";
constexpr std::string_view kReady = "cphost-chdb listening on ";
constexpr size_t kLineBytesMax = 8 << 10;
constexpr size_t kLastWordsBytesMax = 2 << 10;
constexpr int kExitInUse = 75;
constexpr size_t kPasswordBytes = 32;

// Cuts what a pipe brings into lines.
class Lines {
 public:
  explicit Lines(int fd) : fd_(fd) {}
  bool open() const { return open_; }
  int fd() const { return open_ ? fd_ : -1; }

  template <class F>
  void read_some(F take) {
    char buffer[4096];
    const ssize_t n = ::read(fd_, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) return;
    open_ = n > 0;
    for (ssize_t i = 0; i < n; ++i) {
      if (buffer[i] != '\n' && line_.size() < kLineBytesMax) {
        line_ += buffer[i];
      } else {
        take(std::exchange(line_, {}));
      }
    }
    if (!open_ && !line_.empty()) take(std::exchange(line_, {}));
  }

 private:
  int fd_;
  bool open_ = true;
  std::string line_;
};

// Waits for either pipe and takes what is there. False after the time or when both have ended.
template <class F, class G>
bool take_from(Lines& output, Lines& errors, int timeout_ms, F take_output, G take_error) {
  pollfd fds[2] = {{output.fd(), POLLIN, 0}, {errors.fd(), POLLIN, 0}};
  if (!output.open() && !errors.open()) return false;
  const int n = ::poll(fds, 2, timeout_ms);
  if (n == 0) return false;
  if (n < 0) return errno == EINTR;
  if (fds[0].revents) output.read_some(take_output);
  if (fds[1].revents) errors.read_some(take_error);
  return true;
}

std::string random_password() {
  unsigned char bytes[kPasswordBytes];
  if (::getrandom(bytes, sizeof bytes, 0) != static_cast<ssize_t>(sizeof bytes)) {
    throw ChdbError(false, "the system has no random numbers for a password");
  }
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (const unsigned char byte : bytes) {
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

fs::path program_folder() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error).parent_path();
}

}  // namespace

struct ChdbRegistry {
  std::mutex mutex;
  std::map<std::string, std::weak_ptr<ChdbChild>> children;
  int64_t next_log = 0;

  // Never destroyed: sinks may still be about while the process exits.
  static ChdbRegistry& get() {
    static auto* registry = new ChdbRegistry;
    return *registry;
  }

  std::shared_ptr<ChdbChild> find_or_make(const ChdbOptions& options, ChdbChild::Log log) {
    const std::lock_guard lock(mutex);
    auto& slot = children[options.folder];
    auto child = slot.lock();
    if (!child) {
      child.reset(new ChdbChild(options));
      slot = child;
    }
    const int64_t id = next_log++;
    {
      const std::lock_guard log_lock(child->log_mutex_);
      child->logs_.emplace(id, std::move(log));
    }
    // What callers hold takes their log away when they let go.
    ChdbChild* raw = child.get();
    return {raw, [child, id](ChdbChild*) {
              const std::lock_guard log_lock(child->log_mutex_);
              child->logs_.erase(id);
            }};
  }
};

std::shared_ptr<ChdbChild> ChdbChild::acquire(const ChdbOptions& options, Log log) {
  ChdbOptions canonical = options;
  canonical.folder = fs::weakly_canonical(options.folder).string();
  return ChdbRegistry::get().find_or_make(canonical, std::move(log));
}

ChdbChild::ChdbChild(const ChdbOptions& options)
    : options_(options),
      endpoint_{"", options.user, options.password.empty() ? random_password() : options.password} {
}

ChdbChild::~ChdbChild() {
  stop();
}

bool ChdbChild::serves(const std::string& url) {
  const std::lock_guard lock(mutex_);
  return process_ && endpoint_.url == url && process_->running();
}

ChdbEndpoint ChdbChild::endpoint() {
  const std::lock_guard lock(mutex_);
  if (process_ && !process_->running()) {
    log("the embedded engine ended (" + process_->how_it_ended() + ") and is started again");
    stop();
  }
  if (!process_) start();
  return endpoint_;
}

void ChdbChild::start() {
  std::vector<std::string> arguments = {
      "--path",           options_.folder, "--port",          "0",
      "--user",           options_.user,   "--password-file", ChildProcess::kSecretFile,
      "--exit-with-stdin"};
  if (!options_.library.empty()) {
    arguments.push_back("--libchdb");
    arguments.push_back(options_.library);
  }
  try {
    process_ = std::make_unique<ChildProcess>(find_chdb_program(options_.program), arguments,
                                              endpoint_.password);
    await_url();
  } catch (const std::system_error& e) {
    throw ChdbError(true, std::string("the embedded engine cannot be started: ") + e.what());
  } catch (...) {
    stop();
    throw;
  }
  forwarder_ = std::thread([this, output = process_->output(), errors = process_->errors()] {
    forward(output, errors);
  });
}

// Reads the child's first lines until it says where it listens.
void ChdbChild::await_url() {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::milliseconds(options_.start_timeout_ms);
  Lines output(process_->output()), errors(process_->errors());
  std::string last_words;
  const auto take_output = [&](const std::string& line) {
    if (line.starts_with(kReady)) endpoint_.url = "http://" + line.substr(kReady.size());
  };
  const auto take_error = [&](const std::string& line) {
    log(line);
    if (last_words.size() < kLastWordsBytesMax) last_words += " " + line;
  };
  while (endpoint_.url.empty()) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left > 0 && take_from(output, errors, static_cast<int>(left), take_output, take_error))
      continue;
    if (left <= 0) {
      throw ChdbError(false, "the embedded engine does not serve after " +
                                 std::to_string(options_.start_timeout_ms) + " ms:" + last_words);
    }
    process_->end();
    if (process_->exit_code() == kExitInUse) {
      throw ChdbError(false,
                      "folder " + options_.folder +
                          " is in use by another process: stop that one, or give its address "
                          "(http://127.0.0.1:PORT) as url, so that both share it");
    }
    // It says itself what it lacks; only a signal may be no one's fault.
    throw ChdbError(process_->exit_code() > 0, "the embedded engine ended at start (" +
                                                   process_->how_it_ended() + "):" + last_words);
  }
}

void ChdbChild::stop() {
  endpoint_.url.clear();
  if (process_) process_->end();
  if (forwarder_.joinable()) forwarder_.join();  // The pipes have ended with the child.
  process_.reset();
}

void ChdbChild::forward(int output, int errors) {
  Lines out(output), err(errors);
  const auto take = [this](const std::string& line) { log(line); };
  while (take_from(out, err, -1, take, take)) {
  }
}

void ChdbChild::log(const std::string& line) {
  const std::lock_guard lock(log_mutex_);
  if (!logs_.empty()) logs_.begin()->second(line);
}

std::string find_chdb_program(const std::string& given) {
  if (!given.empty()) {
    if (::access(given.c_str(), X_OK) == 0) return given;
    throw ChdbError(true, "chdb_program " + given +
                              " cannot be run: " + std::generic_category().message(errno));
  }
  std::vector<fs::path> places;
  if (const char* of_environment = std::getenv("CPHOST_CHDB")) places.emplace_back(of_environment);
  const fs::path here = program_folder();
  places.push_back(here / "../libexec/cphost/cphost-chdb");
  places.push_back(here / "cphost-chdb");
  places.push_back(here / "../bin/cphost-chdb");
  std::string looked;
  for (const fs::path& place : places) {
    if (::access(place.c_str(), X_OK) == 0) return place.lexically_normal().string();
    looked += (looked.empty() ? "" : ", ") + place.lexically_normal().string();
  }
  throw ChdbError(true, "the embedded engine needs the program cphost-chdb, which is not at " +
                            looked + ": install it, or set chdb_program");
}

std::string chdb_folder(const std::string& url) {
  if (!url.starts_with(kScheme)) return {};
  std::string folder = url.substr(kScheme.size());
  if (!folder.starts_with('/') || folder.size() < 2) {
    throw std::invalid_argument("'" + url +
                                "' must name an absolute folder: chdb:///var/lib/cphost/db");
  }
  return folder;
}

}  // namespace clickhouse
