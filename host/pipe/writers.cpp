// SPDX-License-Identifier: Apache-2.0
// The threads: started, given blocks, stopped.
#include "host/pipe/writers.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "host/pipe/left_behind.hpp"
#include "host/pipe/writer.hpp"

namespace cphost::host {
namespace {

// A sink may miss an interrupt that comes just before its write begins, so it is told again.
constexpr std::chrono::milliseconds kInterruptAgain{20};

// How long a stop waits for a sink that is being opened.
constexpr int64_t kOpenPatienceMs = 250;

}  // namespace

Writers::Writers(const Settings& settings, const Component& sink, void* sink_object,
                 const std::shared_ptr<const void>& keeps_sink, const ArrowSchema& rows, Log log,
                 std::atomic<int64_t>& retries, std::function<void()> wake)
    : settings_(settings),
      sink_(sink),
      log_(std::move(log)),
      retries_(retries),
      wake_(std::move(wake)) {
  const auto schema = std::make_shared<const UniqueSchema>(deep_copy(rows));
  for (uint32_t i = 0; i < settings_.threads; ++i) {
    auto& writer = writers_.emplace_back(std::make_shared<Writer>(sink_, log_, settings_));
    writer->sink_object = sink_object;
    writer->keeps_sink = keeps_sink;
    writer->rows = schema;
  }
  for (auto& writer : writers_) {
    writer->thread = std::thread([this, w = writer]() mutable {
      run(*w);
      const bool left_behind = w->left_behind;
      w.reset();
      if (left_behind) --calls_left_behind();
    });
  }
}

Writers::~Writers() {
  stop();
}

void Writers::put(std::unique_ptr<Block> block) {
  ++in_flight_;
  {
    std::lock_guard lock(mutex_);
    todo_.push_back(std::move(block));
  }
  work_.notify_one();
}

std::unique_ptr<Block> Writers::take() {
  std::lock_guard lock(mutex_);
  if (done_.empty()) return nullptr;
  auto block = std::move(done_.front());
  done_.pop_front();
  --in_flight_;
  return block;
}

void Writers::begin_stop() {
  const std::lock_guard lock(mutex_);
  stop_ = true;
  work_.notify_all();
  stop_signal_.notify_all();
  for (auto& block : todo_) {
    block->status = CPHOST_AGAIN;
    done_.push_back(std::move(block));
  }
  todo_.clear();
}

bool Writers::ended() {
  {
    const std::lock_guard lock(mutex_);
    if (interrupt_all()) return false;
  }
  join();
  return true;
}

bool Writers::drained() {
  {
    const std::lock_guard lock(mutex_);
    const auto is_ended = [](const auto& writer) { return writer->ended; };
    if (!std::all_of(writers_.begin(), writers_.end(), is_ended)) return false;
  }
  join();
  return true;
}

void Writers::join() {
  for (auto& writer : writers_) {
    if (writer->thread.joinable()) writer->thread.join();
  }
}

void Writers::stop() {
  begin_stop();
  const int64_t patience_ends_ms = monotonic_ms() + kOpenPatienceMs;
  while (!ended()) {
    if (monotonic_ms() >= patience_ends_ms) leave_openings_behind();
    std::unique_lock lock(mutex_);
    ended_signal_.wait_for(lock, kInterruptAgain);
  }
}

// Takes their blocks back.
void Writers::leave_openings_behind() {
  const std::lock_guard lock(mutex_);
  for (auto& writer : writers_) {
    const std::lock_guard object_lock(writer->object_mutex);
    if (writer->ended || !writer->opening) continue;
    writer->left_behind = true;
    writer->ended = true;
    ++calls_left_behind();
    writer->thread.detach();
    writer->block->status = CPHOST_AGAIN;
    done_.push_back(std::move(writer->block));
  }
}

// True while a writer is still at work. With the mutex held.
bool Writers::interrupt_all() {
  bool any = false;
  for (auto& writer : writers_) {
    if (writer->ended) continue;
    any = true;
    std::lock_guard lock(writer->object_mutex);
    if (writer->object) sink_.sink.interrupt(writer->object);
  }
  return any;
}

void Writers::run(Writer& writer) {
  for (;;) {
    std::unique_lock lock(mutex_);
    work_.wait(lock, [&] { return stopping() || !todo_.empty(); });
    if (stopping()) break;
    writer.block = std::move(todo_.front());
    todo_.pop_front();
    lock.unlock();

    if (!write_block(writer, *writer.block)) return;

    lock.lock();
    done_.push_back(std::move(writer.block));
    lock.unlock();
    wake_();
  }
  close(writer);
  std::lock_guard lock(mutex_);
  writer.ended = true;
  ended_signal_.notify_all();
}

void Writers::close(Writer& writer) {
  std::lock_guard lock(writer.object_mutex);
  if (writer.object) sink_.sink.close(writer.object);
  writer.object = nullptr;
}

}  // namespace cphost::host
