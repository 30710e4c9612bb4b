// SPDX-License-Identifier: Apache-2.0
// A member of a type that no option has does not compile.
#include <cphost/options.hpp>

struct Options {
#ifdef REFUSED
  char* path;
#else
  std::string path;
#endif
};
constexpr auto kOptions =
    cphost::options<Options>(cphost::required("path", &Options::path, "Where."));
static_assert(kOptions.count == 1);
