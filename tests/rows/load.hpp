// SPDX-License-Identifier: Apache-2.0
//
// The loading commands of cphost-load: `rows` and `oracle`. Each prints one JSON line that sums the
// load up: {"topic":T,"records":N,"rows":N,"bytes":B,"seconds":S,"stopped":false,"partitions":[
// {"partition":P,"first":OFFSET,"next":OFFSET},...]}. `oracle` prints a line before it for every
// malformed record: {"partition":P,"offset":O,"damage":KIND,"hex":BYTES}.
#pragma once

#include "admin.hpp"
#include "load_options.hpp"

namespace rows {

// From here on SIGTERM and SIGINT end a load after the record at hand.
void stop_on_signals();

void load_rows(const LoadOptions& options);
void load_oracle(const LoadOptions& options);

// Prints to stdout, one a line, what load_rows or load_oracle would send. The oracle's order is
// that of a topic which was empty.
void dump_rows(const LoadOptions& options);
void dump_oracle(const LoadOptions& options);

// An administration client for the cluster that the options name.
Admin make_admin(const LoadOptions& options);

}  // namespace rows
