# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Each rule finds what breaks it, and nothing in what does not."""

import unittest

import include_rules
import proof_rules
import source_tree
import text_rules

LICENCE = ("// Part of Relink, under the LICENSE.\n"
           "// SPDX-License-Identifier: Apache-2.0\n")


def findings(rule, **texts):
  """What `rule` says of a tree; a file "a__b_h" is a/b.h."""
  return findings_in(rule, {
      name.replace("__", "/")[::-1].replace("_", ".", 1)[::-1]: text
      for name, text in texts.items()})


def findings_in(rule, texts):
  return list(rule(source_tree.SourceTree(texts)))


def library(name, deps=(), sources=()):
  headers = [f"{name}.h"]
  return (f'cc_library(name = "{name}", hdrs = {headers}, '
          f"srcs = {list(sources)}, deps = {list(deps)})\n")


class Licence(unittest.TestCase):

  def test_is_found_in_every_kind_of_comment(self):
    for mark in ("//", "#", "/*", ";"):
      text = LICENCE.replace("//", mark)
      self.assertEqual([], findings(text_rules.licence, a_cc=text))
    self.assertEqual([], findings_in(
        text_rules.licence,
        {"tools/x": "#!/bin/sh\n" + LICENCE.replace("//", "#")}))

  def test_is_missed(self):
    self.assertEqual(
        ["a.cc:1: does not begin with the two lines of the licence"],
        findings(text_rules.licence, a_cc="int a;\n"))
    self.assertTrue(findings(text_rules.licence, a_cc="\n" + LICENCE))

  def test_is_not_asked_of_documents(self):
    self.assertEqual([], findings(text_rules.licence, README_md="# Relink\n"))


class Text(unittest.TestCase):

  def test_may_have_five_hundred_lines(self):
    self.assertEqual([], findings(text_rules.length, a_cc="\n" * 500))
    self.assertEqual(["a.cc:501: longer than 500 lines"],
                     findings(text_rules.length, a_cc="\n" * 501))

  def test_has_no_stray_whitespace(self):
    self.assertEqual([], findings(text_rules.whitespace, a_cc="a\n\n  b\n"))
    for text in ("\ta\n", "a \n", "a\n\n", "a", "a\r\n"):
      with self.subTest(text=text):
        self.assertEqual(1, len(findings(text_rules.whitespace, a_cc=text)))

  def test_has_nothing_unfinished(self):
    self.assertEqual([], findings(text_rules.finished, a_cc="// mastodon\n"))
    self.assertEqual(["a.cc:2: unfinished work"],
                     findings(text_rules.finished, a_cc="\n// TO" "DO: x\n"))

  def test_is_guarded_by_its_path(self):
    good = ("#ifndef RELINK_MAP_A_H_\n#define RELINK_MAP_A_H_\n"
            "#endif  // RELINK_MAP_A_H_\n")
    self.assertEqual([], findings(text_rules.include_guards,
                                  relink__map__a_h=good))
    self.assertTrue(findings(text_rules.include_guards, relink__elf__a_h=good))
    self.assertEqual([], findings(text_rules.include_guards, tools__b__a_h=(
        good.replace("_MAP_", "_TOOLS_B_"))))

  def test_avoids_what_has_a_replacement(self):
    self.assertTrue(findings(text_rules.forbidden, a_cc="std::string_view x;\n"))
    self.assertTrue(findings(text_rules.forbidden, a_h="#pragma once\n"))
    self.assertTrue(findings(text_rules.forbidden,
                             a_cc="#include <gtest/gtest.h>\n"))
    self.assertTrue(findings_in(text_rules.forbidden, {"map/string_util.h": ""}))
    self.assertEqual([], findings_in(text_rules.forbidden,
                                     {"map/utility_room.h": ""}))

  def test_keeps_macros_out_of_headers(self):
    text = '#include "relink/support/status_macros.h"\n'
    self.assertEqual([], findings(text_rules.status_macros, a_cc=text))
    self.assertTrue(findings(text_rules.status_macros, a_h=text))

  def test_links_to_what_there_is(self):
    texts = {"docs/a.md": "[b](b.md#c) [up](../LICENSE) [d](.)\n",
             "docs/b.md": "[web](https://example.com)\n", "LICENSE": ""}
    self.assertEqual([], findings_in(text_rules.links, texts))
    del texts["docs/b.md"]
    self.assertEqual(["docs/a.md:1: b.md does not exist"],
                     findings_in(text_rules.links, texts))

  def test_has_no_links_in_code(self):
    self.assertEqual(
        ["a.md:4: b.md does not exist"],
        findings(text_rules.links,
                 a_md="```c++\n[&](int i) {}\n```\n[b](b.md)\n"))

  def test_names_targets_and_cases_that_there_are(self):
    texts = {
        "a/BUILD": 'cc_test(name = "b_test", srcs = ["b_test.cc"])\n',
        "a/b_test.cc": 'TEST_F(Good, Case) {}\nRun("bench/case");\n',
        "README.md": "`//a:b_test`, `//a:b_test Good.Case`, "
                     "`//a:b_test bench/case`\n"
    }
    self.assertEqual([], findings_in(proof_rules.proofs, texts))
    texts["README.md"] = "`//a:c_test`\n`//a:b_test Good.Other`\n"
    self.assertEqual(["README.md:1: //a:c_test is no target",
                      "README.md:2: //a:b_test has no Good.Other"],
                     findings_in(proof_rules.proofs, texts))

  def test_has_names_that_say_something(self):
    self.assertTrue(findings(text_rules.forbidden, a__load_manager_h=""))
    self.assertTrue(findings(text_rules.forbidden, a__utils_h=""))
    self.assertEqual([], findings(text_rules.forbidden, a__pass_manager_h=""))


class Layers(unittest.TestCase):

  def broken(self, path, included):
    return bool(findings_in(include_rules.layers,
                            {path: f'#include "{included}"\n'}))

  def test_include_what_is_below(self):
    self.assertFalse(self.broken("relink/link/a.cc", "relink/elf/b.h"))
    self.assertFalse(self.broken("relink/ir/a.h", "relink/arch/b.h"))
    self.assertFalse(self.broken("relink/ir/a.h", "relink/ir/b.h"))
    self.assertFalse(self.broken("bench/a.cc", "relink/link/b.h"))

  def test_do_not_include_what_is_above_or_beside(self):
    self.assertTrue(self.broken("relink/elf/a.h", "relink/ir/b.h"))
    self.assertTrue(self.broken("relink/elf/a.h", "relink/arch/b.h"))
    self.assertTrue(self.broken("relink/scan/a.cc", "relink/layout/b.h"))
    self.assertTrue(self.broken("relink/map/a_test.cc", "relink/pass/b.h"))
    self.assertTrue(self.broken("bench/a.cc", "tools/relink/b.h"))

  def test_use_fixtures_in_tests_only(self):
    self.assertFalse(self.broken("relink/link/a_test.cc", "testdata/b.h"))
    self.assertFalse(self.broken("bench/a.cc", "testdata/b.h"))
    self.assertTrue(self.broken("relink/link/a.cc", "testdata/b.h"))


class Freestanding(unittest.TestCase):

  def tree(self, text):
    return {
        "relink/elf/BUILD":
            'filegroup(name = "freestanding_sources", srcs = ["a.h"])\n',
        "relink/elf/a.h": text,
        "relink/elf/hosted.h": "#include <vector>\n",
        "relink/arch/b.h": "#include <cstdint>\n",
    }

  def test_files_include_each_other(self):
    self.assertEqual([], findings_in(
        include_rules.freestanding,
        self.tree('#include "relink/arch/b.h"\n#include <span>\n')))

  def test_files_include_nothing_hosted(self):
    for text in ('#include "relink/elf/hosted.h"\n', "#include <string>\n",
                 '#include "absl/status/status.h"\n'):
      with self.subTest(text=text):
        self.assertEqual(1, len(findings_in(include_rules.freestanding,
                                            self.tree(text))))


class Dependencies(unittest.TestCase):

  def tree(self, deps, text):
    return {
        "a/BUILD": library("a", deps) + library("near"),
        "a/a.h": text,
        "b/BUILD": library("b"),
        "tools/bazel/com_google_absl/absl/status/BUILD":
            library("status") + library("statusor"),
    }

  def check(self, deps, text):
    return findings_in(include_rules.dependencies, self.tree(deps, text))

  def test_are_what_is_included(self):
    text = ('#include "a/near.h"\n#include "b/b.h"\n'
            '#include "absl/status/statusor.h"\n#include "gtest/gtest.h"\n')
    deps = [":near", "//b", "@com_google_absl//absl/status:statusor",
            "@com_google_googletest//:gtest_main"]
    self.assertEqual([], self.check(deps, text))

  def test_are_direct(self):
    self.assertEqual(["a/a.h:1: //a:a lacks //b:b"],
                     self.check([], '#include "b/b.h"\n'))
    self.assertIn(
        "a/a.h:1: //a:a lacks @com_google_absl//absl/status:status",
        self.check(["@com_google_absl//absl/status:statusor"],
                   '#include "absl/status/status.h"\n'))

  def test_are_used(self):
    self.assertEqual(["a/BUILD:1: //a:a does not use //b:b"],
                     self.check(["//b:b"], ""))

  def test_exist(self):
    self.assertEqual(["a/a.h:1: no target has b/missing.h"],
                     self.check([], '#include "b/missing.h"\n'))

  def test_of_either_branch_of_a_select_count(self):
    tree = self.tree([], '#include "b/b.h"\n')
    tree["a/BUILD"] = ('cc_library(name = "a", hdrs = ["a.h"], deps = '
                       'select({"x": ["//b:b"], "y": []}))\n')
    self.assertEqual([], findings_in(include_rules.dependencies, tree))


if __name__ == "__main__":
  unittest.main()
