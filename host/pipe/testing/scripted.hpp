// SPDX-License-Identifier: Apache-2.0
// Hooks that most tests of what goes wrong need: they fit every hook of FakeSource and FakeSink
// that gets a reader, a write or an environment first. When one has no status to answer, the fake
// goes on as if there were no hook.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "host/pipe/testing/fake_stage.hpp"

namespace cphost::host::testing {

inline int32_t answer(const cphost_env* env, int32_t status) {
  return fail(env, status);
}

template <class ReaderOrWrite>
int32_t answer(const ReaderOrWrite& caller, int32_t status) {
  return caller.answer(status);
}

/// Answers the status to every call.
inline auto failing(int32_t status) {
  return [status](const auto& caller, auto&&...) -> std::optional<int32_t> {
    return answer(caller, status);
  };
}

/// Answers the status to so many calls, the first ones.
inline auto failing_first(int times, int32_t status) {
  return [times, status](const auto& caller, auto&&...) mutable -> std::optional<int32_t> {
    if (times-- > 0) return answer(caller, status);
    return std::nullopt;
  };
}

/// Answers the status to every call in the next so many milliseconds.
inline auto failing_for_ms(int64_t duration, int32_t status) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(duration);
  return [end, status](const auto& caller, auto&&...) -> std::optional<int32_t> {
    if (std::chrono::steady_clock::now() < end) return answer(caller, status);
    return std::nullopt;
  };
}

}  // namespace cphost::host::testing
