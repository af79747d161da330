# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""The tables that people read."""

_HEADER = ("| {:24} | {:>7} | {:>6} | {:>7} | {:>6} | {:>6} | {:>6} | {:>8} | {:>6} "
           "| {:>7} | {:>6} | {:>17} |")
_COLUMNS = ("wall s", "ratio", "of min", "cpu s", "ratio", "of min", "planning",
            "MiB", "faults", "moved", "pages (99%; full)")


def row_text(row):
  """One row; ratios are to the unmodified program."""
  planning = f"{row['planning_s'] * 1e3:.0f} ms" if row["planning_s"] else "-"
  pages = (f"{row['code_pages']} ({row['code_pages_of_99_percent']}; "
           f"{row['code_pages_if_full']})")
  text = _HEADER.format(
      row["variant"], f"{row['wall_median']:.2f}", f"{row['wall_ratio']:.3f}",
      f"{row['wall_min_ratio']:.3f}", f"{row['cpu_median']:.2f}",
      f"{row['cpu_ratio']:.3f}", f"{row['cpu_min_ratio']:.3f}", planning,
      f"{row['max_rss_kib'] / 1024:.0f}", row["minor_faults"],
      row["moved_functions"] or "-", pages)
  if "i1_misses" in row:
    text += f" {row['i1_misses']:,} |"
  return text


def table(rows):
  """The rows of one workload, and what it is."""
  head = _HEADER.format(rows[0]["workload"], *_COLUMNS)
  rule = "|" + "|".join(["---"] + ["---:"] * len(_COLUMNS)) + "|"
  if any("i1_misses" in row for row in rows):
    head += " I1 misses |"
    rule += "---:|"
  lines = [head, rule, *map(row_text, rows), "",
           f"{rows[0]['workload']}: {rows[0]['note']}; {rows[0]['rounds']} rounds, "
           f"{rows[0]['samples']} samples for pages", ""]
  return "\n".join(lines)
