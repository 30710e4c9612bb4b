// SPDX-License-Identifier: Apache-2.0
// A default that its own check refuses does not compile.
#include <cphost/options.hpp>

struct Options {
  std::chrono::milliseconds wait;
};
#ifdef REFUSED
#define MOST "4s"
#else
#define MOST "6s"
#endif
constexpr auto kOptions = cphost::options<Options>(
    cphost::optional("wait", &Options::wait, "5s", "How long.", cphost::range("1ms.." MOST)));
static_assert(kOptions.count == 1);
