// SPDX-License-Identifier: Apache-2.0
// The sink "clickhouse": `Sink::Shared` knows the target, a `Sink` writes blocks to it, one INSERT
// each.
//
//     Shared: create --> (describe | prepare)* --> destroy      Sink: open --> write* --> close
#pragma once

#include <cphost/env.hpp>
#include <cphost/sink.hpp>

#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chdb_child.hpp"
#include "frames.hpp"
#include "json_encoder.hpp"
#include "native_encoder.hpp"
#include "options.hpp"
#include "server.hpp"
#include "target_column.hpp"

namespace clickhouse {

class Sink {
 public:
  class Shared {
   public:
    Shared(Options options, cphost::Env env);

    /// AGAIN: the table does not exist yet and prepare will create it.
    cphost::Status describe(ArrowSchema* target) const;
    cphost::Status prepare(const ArrowSchema& wanted, uint32_t flags,
                           const cphost::Statements& statements) const;
    /// AGAIN: the table does not exist.
    cphost::Status runs(const cphost_runs_query& query, const cphost::ArrowRows& out) const;
    cphost::Status read_rejects(const cphost_rejects_query& query,
                                const cphost::ArrowRows& out) const;
    cphost::Status mark_rejects(std::string_view pipe, std::span<const cphost_str> ids,
                                int64_t mark) const;

    const Options& options() const { return options_; }
    /// Where to connect to; starts the embedded engine if it does not run.
    HttpOptions endpoint() const;
    /// The embedded engine does not serve there any more: it died, and may be back elsewhere.
    bool engine_left(const std::string& url) const { return chdb_ && !chdb_->serves(url); }

   private:
    cphost::Error missing_table() const;
    HttpOptions patient_endpoint() const;
    void check_exactly_once(Server& server, const TableName& name) const;

    Options options_;
    cphost::Env env_;
    std::shared_ptr<ChdbChild> chdb_;
  };

  /// `rows` outlives the Sink. The server is asked for the table's columns by the first write: that
  /// can be interrupted, and is repeated while there is an outage.
  Sink(Shared& shared, cphost::Env env, const ArrowSchema& rows);

  cphost::Status write(const cphost_block& block, cphost::Result& result);
  void interrupt() { server_.interrupt(); }

 private:
  void bind();
  cphost::Status wait_for_table(const cphost::Error& error) const;
  bool goes_as_json(const cphost_block& block);
  cphost::Status check_columns();
  UrlParameters parameters_for(const cphost_block& block, bool json) const;
  cphost::Status reject_faults(const std::vector<RowFault>& faults, cphost::Result& result) const;
  cphost::Status report(const Failure& failure, int64_t rows, cphost::Result& result) const;

  Shared& shared_;
  cphost::Env env_;
  const ArrowSchema& rows_;
  Server server_;
  std::vector<TargetColumn> filled_;       // The table's columns that rows have, once it is known.
  std::unique_ptr<NativeEncoder> native_;  // Then too.
  std::unique_ptr<JsonEncoder> json_;      // For blocks that native_ can't write.
  FrameWriter frames_;
  UrlParameters native_parameters_, json_parameters_;  // The statement and the settings.
  bool has_tokens_ = false;  // The server knows insert_deduplication_token.
  bool warned_absent_ = false;
};

}  // namespace clickhouse
