// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/target_question.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "host/pipe/left_behind.hpp"

namespace cphost::host {

struct TargetQuestion::State {
  std::mutex mutex;
  std::condition_variable answered;
  std::optional<Answer> answer;
  bool left_behind = false;
  std::function<void()> wake;
};

TargetQuestion::TargetQuestion(std::shared_ptr<Target> target, std::function<void()> wake)
    : target_(std::move(target)), wake_(std::move(wake)) {}

TargetQuestion::~TargetQuestion() {
  if (!state_) return;
  const std::lock_guard lock(state_->mutex);
  if (state_->answer) return;
  state_->left_behind = true;
  ++calls_left_behind();
}

void TargetQuestion::ask(Ask ask) {
  state_ = std::make_shared<State>();
  state_->wake = wake_;
  std::thread([state = state_, target = target_, ask = std::move(ask)]() mutable {
    Answer answer = ask(*target);
    ask = nullptr;
    target.reset();
    const std::lock_guard lock(state->mutex);
    if (state->left_behind) {
      answer = {};
      --calls_left_behind();
      return;
    }
    state->answer = std::move(answer);
    state->answered.notify_all();
    if (state->wake) state->wake();
  }).detach();
}

std::optional<TargetQuestion::Answer> TargetQuestion::take() {
  if (!state_) return std::nullopt;
  std::optional<Answer> answer;
  {
    const std::lock_guard lock(state_->mutex);
    answer = std::move(state_->answer);
  }
  if (answer) state_.reset();
  return answer;
}

bool TargetQuestion::wait(int64_t timeout_ms) {
  std::unique_lock lock(state_->mutex);
  return state_->answered.wait_for(lock, std::chrono::milliseconds(timeout_ms),
                                   [this] { return state_->answer.has_value(); });
}

}  // namespace cphost::host
