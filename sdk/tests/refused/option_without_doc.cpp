// SPDX-License-Identifier: Apache-2.0
// An option without a doc sentence does not compile.
#include <cphost/options.hpp>

struct Options {
  int limit;
};
#ifdef REFUSED
#define DOC ""
#else
#define DOC "How many."
#endif
constexpr auto kOptions = cphost::options<Options>(cphost::required("limit", &Options::limit, DOC));
static_assert(kOptions.count == 1);
