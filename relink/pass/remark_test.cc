// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/remark.h"

#include <sstream>

#include "gtest/gtest.h"

namespace relink {
namespace {

constexpr Remark kMoved = {.pass = "order",
                           .kind = RemarkKind::kMoved,
                           .module = "libfoo.so",
                           .subject = "f",
                           .address = "0x1040",
                           .message = "behind g"};

TEST(JsonLinesRemarks, AreAnObjectALine) {
  std::ostringstream out;
  JsonLinesRemarks remarks(out);
  remarks.Add(kMoved);
  remarks.Add({.pass = "icf", .kind = RemarkKind::kNote, .message = "done"});
  EXPECT_EQ(out.str(),
            R"({"pass": "order", "kind": "moved", "module": "libfoo.so", )"
            R"("subject": "f", "address": "0x1040", "message": "behind g"})"
            "\n"
            R"({"pass": "icf", "kind": "note", "message": "done"})"
            "\n");
}

TEST(JsonLinesRemarks, StayOneLineWhateverTheNames) {
  std::ostringstream out;
  JsonLinesRemarks(out).Add({.pass = "p", .subject = "a\"\n\xff"});
  EXPECT_EQ(out.str(),
            R"({"pass": "p", "kind": "note", "subject": "a\"\u000a\ufffd"})"
            "\n");
}

TEST(CollectedRemarks, OutliveTheTextTheyWereGiven) {
  CollectedRemarks remarks;
  {
    const std::string message = "a message longer than any small string is";
    remarks.Add({.pass = "p",
                 .kind = RemarkKind::kRefused,
                 .subject = "f",
                 .message = message});
  }
  ASSERT_EQ(remarks.remarks().size(), 1);
  EXPECT_EQ(remarks.remarks()[0].kind, RemarkKind::kRefused);
  EXPECT_EQ(remarks.remarks()[0].subject, "f");
  EXPECT_EQ(remarks.remarks()[0].message,
            "a message longer than any small string is");
}

TEST(NoRemarks, AreNotWanted) {
  EXPECT_FALSE(NoRemarks().wanted());
  EXPECT_TRUE(CollectedRemarks().wanted());
}

TEST(Remark, IsTextForPeople) {
  EXPECT_EQ(Text(kMoved), "libfoo.so: f at 0x1040: order: moved: behind g");
  EXPECT_EQ(Text({.pass = "icf", .message = "done"}), "icf: note: done");
  EXPECT_EQ(Text({.pass = "icf",
                  .kind = RemarkKind::kChanged,
                  .module = "libfoo.so",
                  .address = "0x10"}),
            "libfoo.so: at 0x10: icf: changed");
}

}  // namespace
}  // namespace relink
