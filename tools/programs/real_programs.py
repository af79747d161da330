# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Builds real libraries with their own tests and runs those by ld.so and by
Relink, with functions in random order. tools/real_programs calls it."""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import subprocess
import sys

import libraries
import outcome
from debian_sources import DebianSources, SourceError
from toolchain import STOCK, TOOLCHAINS, BuildError, build_shared_object

STOCK_FOLDER = "/usr/lib/x86_64-linux-gnu"
PIPELINE = ("split-functions,choose-materialization<prefer={prefer}>,"
            "order<by=random,seed={seed}>,place")
PLACED = ",plt-bypass,relax"


@dataclasses.dataclass
class Build:
  """A library with its programs, made by one toolchain."""
  library: libraries.Library
  toolchain: str
  programs: list  # (Program, path)


@dataclasses.dataclass
class Row:
  """The runs of one build in one way."""
  library: str
  toolchain: str
  way: str
  seeds: int
  passed: int = 0
  failed: int = 0
  functions: int = 0
  moved_functions: int = 0
  bytes: int = 0
  moved_bytes: int = 0
  materializations: tuple = ()
  failures: list = dataclasses.field(default_factory=list)


def say(text):
  print(text, file=sys.stderr, flush=True)


def build_all(names, toolchains, stock, cache, jobs):
  """Every library by every toolchain; only programs if it is the system's."""
  sources = DebianSources(cache)
  for name in names:
    package, describe = libraries.LIBRARIES[name]
    tree = sources.unpack(package)
    made = os.path.join(cache, "made", name)
    libraries.prepare(name, tree, made)
    library = describe(tree, made)
    for toolchain in ([STOCK] if stock else []) + toolchains:
      say(f"building {name} with {toolchain.name}")
      folder = os.path.join(cache, "build", toolchain.name, name)
      if toolchain is STOCK:
        shared = os.path.join(STOCK_FOLDER, library.soname)
      else:
        shared = build_shared_object(toolchain, folder, library.soname,
                                     library.sources, library.flags,
                                     library.link_flags, (), jobs)
      programs = []
      for program in library.programs:
        if program.contains_library and toolchain is STOCK:
          continue
        extra = library.sources if program.contains_library else ()
        path = build_shared_object(
            toolchain, folder, program.name + ".so", (*program.sources, *extra),
            program.flags, program.link_flags,
            () if program.contains_library else (shared,), jobs)
        programs.append((program, path))
      yield Build(library, toolchain.name, programs)


def ways(build, seeds):
  """(name of the way, whether arenas are wanted, the pipelines)."""
  yield "whole", False, [""]
  preferences = ["overlay"] if build.toolchain == STOCK.name else [
      "arenas", "overlay"]
  for prefer in preferences if seeds else []:
    pipelines = [PIPELINE.format(prefer=prefer, seed=seed)
                 for seed in range(1, seeds + 1)]
    yield prefer, prefer == "arenas", pipelines
    yield prefer + PLACED, prefer == "arenas", [
        pipeline + PLACED for pipeline in pipelines]


def count_moved(row, found):
  """Adds up what moved in the modules of one run."""
  for module in found.modules:
    for field in ("functions", "moved_functions", "bytes", "moved_bytes"):
      setattr(row, field, getattr(row, field) + module[field])
  row.materializations = tuple(sorted(
      set(row.materializations) |
      {module["materialization"] for module in found.modules}))


def run_all(build, runner, seeds, pool):
  """The rows of one build."""
  reference = {}
  for program, path in build.programs:
    for case in program.cases:
      reference[program.name, case.name] = pool.submit(
          outcome.run, runner, ["--ldso"], path, case)
  for way, wants_arenas, pipelines in ways(build, seeds):
    row = Row(build.library.name, build.toolchain, way,
              len(pipelines) if way != "whole" else 0)
    runs = []
    for pipeline in pipelines:
      options = [f"--passes={pipeline}"] if pipeline else []
      for program, path in build.programs:
        for case in program.cases:
          runs.append((program, case, pipeline, pool.submit(
              outcome.run, runner, options, path, case)))
    for program, case, pipeline, future in runs:
      found = future.result()
      expected = reference[program.name, case.name].result()
      reason = "; ".join([f"by ld.so: {problem}" for problem in expected.problems])
      reason = reason or outcome.difference(expected, found)
      if pipeline and not reason:
        reason = outcome.not_moved(found, build.library.soname, wants_arenas)
      count_moved(row, found)
      if reason:
        row.failed += 1
        row.failures.append({"program": program.name, "case": case.name,
                             "reason": reason, "command": found.command})
      else:
        row.passed += 1
    say(f"{row.library} {row.toolchain} {row.way}: {row.passed} passed, "
        f"{row.failed} failed")
    for failure in row.failures[:3]:
      say(f"  {failure['program']}, {failure['case']}: {failure['reason']}\n"
          f"    {failure['command']}")
    yield row


def percent(part, whole):
  return f"{100 * part / whole:.1f}" if whole else "-"


def print_table(rows):
  """One line for each row, in columns."""
  lines = [("library", "toolchain", "passes", "modules are", "seeds", "runs",
            "functions moved %", "code moved %", "result")]
  for row in rows:
    lines.append((row.library, row.toolchain, row.way,
                  ", ".join(row.materializations), str(row.seeds),
                  str(row.passed + row.failed),
                  percent(row.moved_functions, row.functions),
                  percent(row.moved_bytes, row.bytes),
                  f"{row.failed} failed" if row.failed else "ok"))
  widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
  for line in lines:
    print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


def parse_arguments(arguments):
  """The options of tools/real_programs."""
  parser = argparse.ArgumentParser(prog="tools/real_programs")
  parser.add_argument("--runner", required=True)
  parser.add_argument("--seeds", type=int, default=20)
  parser.add_argument("--libraries", default=",".join(libraries.LIBRARIES))
  parser.add_argument("--toolchains", default=",".join(TOOLCHAINS))
  parser.add_argument("--stock", action="store_true")
  parser.add_argument("--json", dest="json_path")
  parser.add_argument("--jobs", type=int, default=os.cpu_count())
  options = parser.parse_args(arguments)
  options.libraries = [name for name in options.libraries.split(",") if name]
  options.toolchains = [name for name in options.toolchains.split(",") if name]
  for names, known in ((options.libraries, libraries.LIBRARIES),
                       (options.toolchains, TOOLCHAINS)):
    for name in names:
      if name not in known:
        parser.error(f"{name}: is none of {', '.join(known)}")
  return options


def main(arguments):
  options = parse_arguments(arguments)
  cache = os.path.join(
      os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"),
      "relink-real-programs")
  rows = []
  try:
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
      for build in build_all(options.libraries,
                             [TOOLCHAINS[name] for name in options.toolchains],
                             options.stock, cache, options.jobs):
        rows.extend(run_all(build, options.runner, options.seeds, pool))
  except (BuildError, SourceError, subprocess.SubprocessError, OSError) as error:
    say(f"tools/real_programs: {error}")
    return 2
  print_table(rows)
  if options.json_path:
    with open(options.json_path, "w", encoding="utf-8") as file:
      json.dump([dataclasses.asdict(row) for row in rows], file, indent=1)
      file.write("\n")
  failed = sum(row.failed for row in rows)
  print(f"{sum(row.passed for row in rows)} passed, {failed} failed")
  return 1 if failed or not rows else 0


if __name__ == "__main__":
  sys.exit(main(sys.argv[1:]))
