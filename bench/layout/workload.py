# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""usage: workload.py ROUNDS

Objects, JSON, patterns, sorting, numbers, generators and pickles."""

import collections
import decimal
import json
import pickle
import re
import sys


class Body:
  """A point that others draw to themselves."""

  def __init__(self, number):
    self.place = [float(number), number * 0.5, -number / 3]
    self.speed = [0.0, 0.01 * number, 0.0]

  def draw(self, other):
    """Changes both speeds."""
    apart = [a - b for a, b in zip(self.place, other.place)]
    pull = 0.001 / (sum(x * x for x in apart) + 0.1) ** 1.5
    for axis, distance in enumerate(apart):
      self.speed[axis] -= distance * pull
      other.speed[axis] += distance * pull


def move_bodies(steps):
  """Where some bodies are in the end, as a number."""
  bodies = [Body(number) for number in range(6)]
  for _ in range(steps):
    for i, body in enumerate(bodies):
      for other in bodies[:i]:
        body.draw(other)
    for body in bodies:
      body.place = [x + v for x, v in zip(body.place, body.speed)]
  return round(sum(sum(body.place) for body in bodies), 6)


def queens(size, row=0, columns=0, left=0, right=0):
  """How many ways there are to place as many queens."""
  if row == size:
    return 1
  return sum(
      queens(size, row + 1, columns | 1 << c, (left | 1 << c) << 1,
             (right | 1 << c) >> 1)
      for c in range(size) if not (columns | left | right) >> c & 1)


def texts(count):
  """Words through JSON, patterns and pickles."""
  rows = [{"name": f"row{i * 7919 % 1009}", "values": list(range(i % 20)),
           "text": "é" * (i % 5) + "abc " * (i % 9)} for i in range(count)]
  rows = pickle.loads(pickle.dumps(json.loads(json.dumps(rows))))
  words = re.findall(r"\b[a-z]+\d*\b", " ".join(
      row["name"] + " " + row["text"] for row in rows))
  common = collections.Counter(words).most_common(20)
  rows.sort(key=lambda row: (row["name"], len(row["values"])))
  return len(words), common[3], rows[count // 2]["name"]


def digits(count):
  """Some digits of e."""
  with decimal.localcontext() as context:
    context.prec = count
    term = total = decimal.Decimal(1)
    for i in range(1, count):
      term /= i
      total += term
    return str(total)[-8:]


def main():
  for _ in range(int(sys.argv[1])):
    result = (move_bodies(1500), queens(7), texts(3000), digits(400))
  print(result)


main()
