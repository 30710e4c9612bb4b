// SPDX-License-Identifier: Apache-2.0
#include "host/plugins/file_trust.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "host/testing/temporary_folder.hpp"

namespace cphost::host {
namespace {

class FileTrust : public testing::Test {
 protected:
  void set_mode(const std::filesystem::path& path, mode_t mode) {
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
  }
  std::string check() const { return check_file_trust(file_, trusted_owners()); }

  TemporaryFolder folder_;
  std::string file_ = folder_.file("plugin.so", "x");
};

TEST_F(FileTrust, PassesAFileOfTheUserInAStickyFolder) {
  set_mode(file_, 0644);
  EXPECT_EQ(check(), "");
}

TEST_F(FileTrust, RefusesAFileThatOthersCanWrite) {
  set_mode(file_, 0646);
  EXPECT_NE(check().find("(mode 0646)"), std::string::npos);
  set_mode(file_, 0664);
  EXPECT_NE(check().find("chmod go-w"), std::string::npos);
}

TEST_F(FileTrust, RefusesAFolderThatOthersCanWrite) {
  set_mode(folder_.path(), 0777);
  EXPECT_NE(check().find(folder_.path().string() + " is writable"), std::string::npos);
  set_mode(folder_.path(), 01777);
  EXPECT_EQ(check(), "");
}

TEST_F(FileTrust, RefusesAnOwnerWhoIsNotTrusted) {
  const uid_t stranger = ::geteuid() + 1;
  EXPECT_NE(check_file_trust(file_, {stranger}).find("belongs to user"), std::string::npos);
}

TEST_F(FileTrust, ChecksWhatALinkLeadsTo) {
  const std::filesystem::path link = folder_.path() / "link.so";
  std::filesystem::create_symlink(file_, link);
  EXPECT_EQ(check_file_trust(link.string(), trusted_owners()), "");
  set_mode(file_, 0666);
  EXPECT_NE(check_file_trust(link.string(), trusted_owners()).find("plugin.so is writable"),
            std::string::npos);
}

TEST_F(FileTrust, RefusesAFileThatIsAbsent) {
  EXPECT_NE(check_file_trust(file_ + ".absent", trusted_owners()), "");
}

}  // namespace
}  // namespace cphost::host
