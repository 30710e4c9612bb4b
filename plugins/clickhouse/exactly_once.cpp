// SPDX-License-Identifier: Apache-2.0
#include "exactly_once.hpp"

#include <cstdlib>
#include <optional>
#include <set>
#include <vector>

#include "json_answer.hpp"
#include "sql_text.hpp"

namespace clickhouse {
namespace {

// A block whose fate is open is repeated by the next owner of its stream when the session of the
// last one has run out, and all other streams go on meanwhile: 45 s of 100 blocks a second, twice.
constexpr long long kWindowMin = 10'000;

// The longest `dedup_window` that a pipe may have, and what servers have by default.
constexpr long long kWindowSecondsMin = 3'600;

// Views of views: a cycle is not possible, a chain this long not sensible.
constexpr size_t kTablesMax = 100;

struct Table {
  TableName name;
  std::string because;  // how rows of the target come here: "a.t feeds a.view, which fills "
};

struct Facts {
  std::string engine;
  bool replicated = false;
  long long window = 0;
  long long window_seconds = -1;  // -1: tokens do not age
  std::vector<TableName> views;
  TableName filled;  // by a materialized view
};

// A setting of MergeTree tables as this one has it: of its own, else the server's.
std::string setting_sql(const std::string& name, const char* defaults) {
  const std::string pattern = quote_string("(?:^|[ ,])" + name + " = ([0-9]+)");
  return "coalesce(nullIf(extract(engine_full, " + pattern + "), ''), (SELECT value FROM system." +
         defaults + " WHERE name = " + quote_string(name) + "), '0')";
}

// The name of the table that a view fills is known from 26.x on; what is not there matches nothing.
std::string facts_sql(const TableName& name, bool names_what_views_fill) {
  return "SELECT engine, " +
         setting_sql("non_replicated_deduplication_window", "merge_tree_settings") + " AS plain, " +
         setting_sql("replicated_deduplication_window", "replicated_merge_tree_settings") +
         " AS replicated, " +
         setting_sql("replicated_deduplication_window_seconds", "replicated_merge_tree_settings") +
         " AS seconds, dependencies_database AS databases, dependencies_table AS tables" +
         (names_what_views_fill ? ", target_database, target_table" : "") +
         " FROM system.tables WHERE database = " +
         (name.database.empty() ? "currentDatabase()" : quote_string(name.database)) +
         " AND name = " + quote_string(name.table);
}

// Nothing where there is no such table, or the user may not see it.
std::optional<Facts> facts_of(const std::string& answer) {
  const Json::Value rows = rows_of_answer(answer);
  if (rows.empty()) return std::nullopt;
  const Json::Value& row = rows[0];
  Facts facts;
  facts.engine = row["engine"].asString();
  facts.replicated = facts.engine.starts_with("Replicated") || facts.engine.starts_with("Shared");
  facts.window = std::atoll(row[facts.replicated ? "replicated" : "plain"].asString().c_str());
  if (facts.replicated) facts.window_seconds = std::atoll(row["seconds"].asString().c_str());
  for (Json::ArrayIndex i = 0; i < row["tables"].size(); ++i)
    facts.views.push_back({row["databases"][i].asString(), row["tables"][i].asString()});
  facts.filled = {row["target_database"].asString(), row["target_table"].asString()};
  return facts;
}

std::string engine_fault(const Table& table, const Facts& facts) {
  std::string fault = table.because + table.name.display() + " is a " + facts.engine +
                      " table, which remembers no tokens: exactly-once delivery needs the "
                      "MergeTree family";
  if (facts.engine == "Distributed") fault += "; name the local table of each shard instead";
  return fault;
}

std::string window_fault(const Table& table, const Facts& facts) {
  const std::string setting =
      facts.replicated ? "replicated_deduplication_window" : "non_replicated_deduplication_window";
  const auto change = [&](const std::string& name, long long value) {
    return "ALTER TABLE " + table.name.sql() + " MODIFY SETTING " + name + " = " +
           std::to_string(value);
  };
  if (facts.window < kWindowMin) {
    return table.because + table.name.display() + " remembers the tokens of " +
           std::to_string(facts.window) + " blocks (" + setting +
           "), and exactly-once delivery needs at least " + std::to_string(kWindowMin) + ": " +
           change(setting, kWindowMin);
  }
  if (facts.replicated && facts.window_seconds < kWindowSecondsMin) {
    return table.because + table.name.display() + " remembers tokens for " +
           std::to_string(facts.window_seconds) + " s, and exactly-once delivery needs at least " +
           std::to_string(kWindowSecondsMin) + ": " +
           change(setting + "_seconds", kWindowSecondsMin);
  }
  return "";
}

}  // namespace

std::string exactly_once_fault(Server& server, const TableName& name) {
  const auto is_there = [&](const char* what) {
    return server.query(std::string("SELECT count() FROM ") + what + " FORMAT TSV") != "0\n";
  };
  if (!is_there("system.settings WHERE name = 'insert_deduplication_token'"))
    return "this server knows no tokens for blocks: exactly-once delivery needs a newer one";
  const bool names_what_views_fill = is_there(
      "system.columns WHERE database = 'system' AND table = 'tables' AND "
      "name = 'target_table'");
  std::vector<Table> tables{{name, ""}};
  std::set<std::string> seen{name.sql()};
  for (size_t i = 0; i < tables.size(); ++i) {
    const Table table = tables[i];
    const std::optional<Facts> found =
        ask_in_json(server, facts_sql(table.name, names_what_views_fill), facts_of);
    if (!found) {
      return table.because + table.name.display() +
             " is not in system.tables: the user lacks the right to look, and so it can't be told "
             "whether tokens are remembered";
    }
    const Facts& facts = *found;
    if (facts.engine == "MaterializedView") {
      if (facts.filled.table.empty()) {
        return table.because + table.name.display() +
               " fills a table that this server does not name: whether it remembers tokens can't "
               "be told";
      }
      if (seen.insert(facts.filled.sql()).second)
        tables.push_back({facts.filled, table.because + table.name.display() + ", which fills "});
      continue;
    }
    if (!facts.engine.ends_with("MergeTree")) return engine_fault(table, facts);
    if (std::string fault = window_fault(table, facts); !fault.empty()) return fault;
    for (const TableName& view : facts.views) {
      if (seen.insert(view.sql()).second)
        tables.push_back({view, table.because + table.name.display() + " feeds "});
    }
    if (tables.size() > kTablesMax)
      return name.display() + " fills more than " + std::to_string(kTablesMax) + " tables";
  }
  return "";
}

}  // namespace clickhouse
