// SPDX-License-Identifier: Apache-2.0
#include "host/plugins/catalog.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "host/plugins/library.hpp"
#include "host/plugins/registry.hpp"
#include "host/testing/temporary_folder.hpp"

namespace cphost::host {
namespace {

namespace fs = std::filesystem;

const fs::path kPlugins = CPHOST_TEST_PLUGINS;

TEST(Catalog, ListsAPluginThatAbortsWhenItIsLoaded) {
  const Catalog catalog = Catalog::scan({kPlugins.string()});
  const CatalogEntry* entry = catalog.find("sink", "aborting");
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->refusal, "");
  EXPECT_EXIT(load_plugin(*entry), testing::KilledBySignal(SIGABRT), "");
}

TEST(Catalog, SaysWhyItRefuses) {
  const Catalog catalog = Catalog::scan({kPlugins.string()});
  EXPECT_EQ(catalog.find("sink", "newer")->refusal,
            "needs ABI 1.77, this host has 1.0; install a newer cphost");
  for (const CatalogEntry& entry : catalog.entries()) {
    if (fs::path(entry.path).filename() == "noteless.so") {
      EXPECT_NE(entry.refusal.find("no cphost note"), std::string::npos);
    }
  }
  EXPECT_EQ(catalog.find("sink", "nothing"), nullptr);
}

TEST(Catalog, RefusesThePreviousMajorVersion) {
  PluginNote note;
  note.abi_major = 0;
  note.abi_minor = 9;
  EXPECT_EQ(check_abi(note),
            "needs ABI 0.9, this host has 1.0; rebuild the plugin against this SDK");
}

TEST(Catalog, TakesTheFirstOfTwoThatProvideTheSame) {
  const TemporaryFolder folder;
  fs::copy_file(kPlugins / "sample.so", folder.path() / "copy.so");
  const Catalog catalog = Catalog::scan({kPlugins.string(), folder.path().string()});
  EXPECT_EQ(catalog.find("sink", "sample")->path, fs::canonical(kPlugins / "sample.so").string());
  EXPECT_NE(catalog.entries().back().refusal.find("provides source:sample, as "),
            std::string::npos);
}

TEST(Catalog, CountsALinkOnce) {
  const TemporaryFolder folder;
  fs::create_symlink(kPlugins / "sample.so", folder.path() / "link.so");
  const Catalog catalog =
      Catalog::scan({folder.path().string(), kPlugins.string(), kPlugins.string()});
  EXPECT_EQ(catalog.names("source"), std::vector<std::string>{"sample"});
  EXPECT_EQ(catalog.find("sink", "sample")->refusal, "");
}

TEST(Catalog, TellsFoldersThatItCanNotRead) {
  const Catalog catalog = Catalog::scan({"/nonexistent/folder"});
  ASSERT_EQ(catalog.folder_errors().size(), 1u);
  EXPECT_NE(catalog.folder_errors()[0].find("/nonexistent/folder"), std::string::npos);
}

TEST(Registry, LoadsAComponentWithStubsForWhatItLacks) {
  Registry registry(Catalog::scan({kPlugins.string()}));
  std::string refusal;
  const Component* source = registry.find("source", "sample", refusal);
  ASSERT_NE(source, nullptr) << refusal;
  EXPECT_EQ(source->plugin_version, "1.2.3");
  EXPECT_EQ(source->options.size(), 10u);
  EXPECT_EQ(source->metrics.size(), 2u);
  EXPECT_FALSE(source->has_commit);
  EXPECT_FALSE(source->has_pause);
  EXPECT_EQ(source->source.commit(nullptr, nullptr, 0), CPHOST_UNSUPPORTED);
  EXPECT_EQ(source->source.pause(nullptr, 1, 1), CPHOST_UNSUPPORTED);
  EXPECT_EQ(source->source.lag(nullptr), -1);
  source->source.release(nullptr, 1);
  source->source.interrupt(nullptr);
  const Component* sink = registry.find("sink", "sample", refusal);
  ASSERT_NE(sink, nullptr) << refusal;
  EXPECT_FALSE(sink->has_describe);
  ArrowSchema schema{};
  EXPECT_EQ(sink->sink.describe(nullptr, &schema), CPHOST_UNSUPPORTED);
  EXPECT_EQ(sink->sink.prepare(nullptr, nullptr, 0, nullptr, nullptr), CPHOST_UNSUPPORTED);
  EXPECT_EQ(registry.find("sink", "sample", refusal), sink);
}

TEST(Registry, RefusesAPluginThatIsNotWhatItsNoteSays) {
  Registry registry(Catalog::scan({kPlugins.string()}));
  std::string refusal;
  EXPECT_EQ(registry.find("sink", "promised", refusal), nullptr);
  EXPECT_NE(refusal.find("it has the component sink:other, which its note does not name"),
            std::string::npos);
}

TEST(Registry, RefusesAPluginThatLacksASymbol) {
  Registry registry(Catalog::scan({kPlugins.string()}));
  std::string refusal;
  EXPECT_EQ(registry.find("sink", "unresolved", refusal), nullptr);
  EXPECT_NE(refusal.find("symbol_that_nobody_has"), std::string::npos) << refusal;
}

TEST(Registry, RefusesAPluginThatOthersCanWrite) {
  const TemporaryFolder folder;
  fs::copy_file(kPlugins / "sample.so", folder.path() / "sample.so");
  fs::permissions(folder.path() / "sample.so", fs::perms::others_write, fs::perm_options::add);
  Registry registry(Catalog::scan({folder.path().string()}));
  std::string refusal;
  EXPECT_EQ(registry.find("sink", "sample", refusal), nullptr);
  EXPECT_NE(refusal.find("chmod go-w"), std::string::npos);
}

TEST(Registry, SaysWhatIsInstalled) {
  Registry registry(Catalog::scan({kPlugins.string()}));
  std::string refusal;
  EXPECT_EQ(registry.find("format", "avro", refusal), nullptr);
  EXPECT_EQ(refusal, "no format named \"avro\" is installed; installed are: sample");
}

}  // namespace
}  // namespace cphost::host
