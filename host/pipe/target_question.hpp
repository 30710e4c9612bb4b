// SPDX-License-Identifier: Apache-2.0
// A question to a target (describe, prepare), asked on a thread of its own: a server that accepts
// and never answers must hold up neither the polling of a worker nor a stop.
//
//     ask --> take, take, ... (or wait)          all by one thread
//
// What is under way when the question is destroyed is left behind, together with all it needs.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "host/pipe/target.hpp"

namespace cphost::host {

class TargetQuestion {
 public:
  struct Answer {
    int32_t status = CPHOST_OK;
    Failure failure{};
    Target::Schema schema{};
  };
  using Ask = std::function<Answer(Target&)>;

  /// `wake` is called from the question's thread when the answer is there.
  TargetQuestion(std::shared_ptr<Target> target, std::function<void()> wake);
  ~TargetQuestion();

  /// Asks; nothing is under way. `ask` must own what it needs.
  void ask(Ask ask);

  /// Asked, and not answered or the answer not taken.
  bool under_way() const { return state_ != nullptr; }

  /// The answer, once.
  std::optional<Answer> take();

  /// Waits for the answer, at most so long. False: there is none yet.
  bool wait(int64_t timeout_ms);

 private:
  struct State;
  std::shared_ptr<Target> target_;
  std::function<void()> wake_;
  std::shared_ptr<State> state_;
};

}  // namespace cphost::host
