// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/binding.hpp"

#include <gtest/gtest.h>

#include <cphost/schema.hpp>

namespace cphost::host {
namespace {

class BindingTest : public ::testing::Test {
 protected:
  BindingTest() {
    records_ = Schema{{"_value", "z"},
                      {"_topic", "z"},
                      {"_offset", "l", {{"cphost.role", "position"}}},
                      {"_timestamp", "tsm:UTC"}};
    config_.format.emplace();
  }

  void map(const char* column, const char* path) {
    config_.columns.push_back({column, path, "", "", {"orders.toml", 12}});
  }
  void bind(const Schema& target) {
    arrow_records_ = records_.to_arrow();
    arrow_target_ = target.to_arrow();
    binding_ = std::make_unique<Binding>(config_, *arrow_records_.get(), arrow_target_.get());
  }
  void bind_to_anything() {
    arrow_records_ = records_.to_arrow();
    binding_ = std::make_unique<Binding>(config_, *arrow_records_.get(), nullptr);
  }
  std::string error(const Schema& target) {
    try {
      bind(target);
    } catch (const BindingError& e) {
      return e.what();
    }
    return "";
  }
  static std::string names(const ArrowSchema& schema) {
    std::string text;
    for (int64_t i = 0; i < schema.n_children; ++i)
      text += std::string(i ? " " : "") + schema.children[i]->name;
    return text;
  }

  Schema records_;
  PipeConfig config_;
  UniqueSchema arrow_records_, arrow_target_;
  std::unique_ptr<Binding> binding_;
};

TEST_F(BindingTest, metadata_columns_come_from_the_records_all_others_from_the_format) {
  bind({{"id", "L"}, {"_offset", "l"}, {"city", "z"}});
  EXPECT_EQ(names(*binding_->wanted()), "id city");
  EXPECT_EQ(metadata(*binding_->wanted()->children[1], "cphost.path"), "city");
  EXPECT_EQ(binding_->record_columns(), std::vector<int>{2});
  binding_->complete(Schema{{"id", "L"}, {"city", "z"}}.to_arrow());
  EXPECT_EQ(names(binding_->columns_schema()), "id city _offset");
}

TEST_F(BindingTest, mappings_give_paths_and_rename_metadata) {
  map("city", "user.address.city");
  map("kafka_offset", "_offset");
  bind({{"kafka_offset", "l"}, {"city", "z"}, {"other", "z"}});
  EXPECT_EQ(names(*binding_->wanted()), "city other");
  EXPECT_EQ(metadata(*binding_->wanted()->children[0], "cphost.path"), "user.address.city");
  binding_->complete(Schema{{"city", "z"}, {"other", "z"}}.to_arrow());
  EXPECT_EQ(names(binding_->columns_schema()), "city other kafka_offset");
}

TEST_F(BindingTest, a_column_without_a_mapping_takes_the_field_of_its_whole_name) {
  bind({{"n.a", "z"}, {"b\\c", "z"}});
  EXPECT_EQ(metadata(*binding_->wanted()->children[0], "cphost.path"), "n\\.a");
  EXPECT_EQ(metadata(*binding_->wanted()->children[1], "cphost.path"), "b\\\\c");
}

TEST_F(BindingTest, columns_only_leaves_out_what_is_not_mapped) {
  config_.columns_only = true;
  map("city", "town");
  bind({{"id", "L"}, {"city", "z"}, {"_offset", "l"}});
  EXPECT_EQ(names(*binding_->wanted()), "city");
  EXPECT_TRUE(binding_->record_columns().empty());
}

TEST_F(BindingTest, a_path_with_an_underscore_may_be_a_field_of_the_record) {
  map("id", "_id");
  bind({{"id", "L"}});
  EXPECT_EQ(metadata(*binding_->wanted()->children[0], "cphost.path"), "_id");
}

TEST_F(BindingTest, a_nullable_column_with_a_default_is_marked_where_it_is_absent) {
  Field with_default{"a", "z"}, required{"b", "z"}, plain{"c", "z"};
  with_default.set("cphost.default", "1");
  required.set("cphost.default", "1");
  required.nullable = false;
  bind(Schema({with_default, required, plain}));
  EXPECT_EQ(metadata(*binding_->wanted()->children[0], "cphost.absent"), "1");
  EXPECT_EQ(metadata(*binding_->wanted()->children[1], "cphost.absent"), "");
  EXPECT_EQ(metadata(*binding_->wanted()->children[2], "cphost.absent"), "");
}

TEST_F(BindingTest, a_sink_that_takes_any_rows_gets_all_there_is) {
  bind_to_anything();
  EXPECT_EQ(binding_->wanted(), nullptr);
  binding_->complete(Schema{{"x", "l"}}.to_arrow());
  EXPECT_EQ(names(binding_->columns_schema()), "x _topic _offset _timestamp");
}

TEST_F(BindingTest, a_source_of_rows_fills_columns_by_name_without_a_format) {
  records_ = Schema{{"id", "L"}, {"_lsn", "z", {{"cphost.role", "position"}}}};
  config_.format.reset();
  map("number", "id");
  bind({{"number", "L"}, {"_lsn", "z"}});
  binding_->complete({});
  EXPECT_FALSE(binding_->has_format());
  EXPECT_FALSE(binding_->position_is_integer());
  EXPECT_EQ(names(binding_->columns_schema()), "number _lsn");
}

TEST_F(BindingTest, a_column_that_the_target_lacks_is_refused_with_the_nearest_name) {
  map("citty", "city");
  const std::string text = error({{"city", "z"}});
  EXPECT_NE(text.find("orders.toml:12"), text.npos) << text;
  EXPECT_NE(text.find("'citty'"), text.npos) << text;
  EXPECT_NE(text.find("city"), text.npos) << text;
}

TEST_F(BindingTest, a_mapping_to_what_a_source_of_rows_lacks_is_refused) {
  records_ = Schema{{"id", "L"}, {"_lsn", "l", {{"cphost.role", "position"}}}};
  config_.format.reset();
  map("number", "idd");
  EXPECT_NE(error({{"number", "L"}, {"id", "L"}}).find("'idd'"), std::string::npos);
}

TEST_F(BindingTest, a_target_of_which_nothing_is_filled_is_refused) {
  config_.format.reset();
  records_ = Schema{{"a", "l"}, {"_n", "l", {{"cphost.role", "position"}}}};
  EXPECT_NE(error({{"b", "l"}}), "");
}

TEST_F(BindingTest, a_source_without_positions_is_refused) {
  records_ = Schema{{"_value", "z"}, {"_offset", "l"}};
  EXPECT_NE(error({{"a", "l"}}).find("position"), std::string::npos);
  records_ = Schema{{"_value", "z"}, {"_offset", "i", {{"cphost.role", "position"}}}};
  EXPECT_NE(error({{"a", "l"}}).find("position"), std::string::npos);
}

TEST_F(BindingTest, a_column_that_is_filled_twice_is_refused) {
  bind_to_anything();
  EXPECT_THROW(binding_->complete(Schema{{"_topic", "z"}}.to_arrow()), BindingError);
}

}  // namespace
}  // namespace cphost::host
