#!/usr/bin/env python3
"""Builds `busbar plan` by several compilers and optimisation levels and compares the answers, byte
for byte, over seeded random images whose state is fed back from plan to plan.

    tools/same_bytes.py [--images 40] [--plans 6] [--seed 1] [--variants 'g++ -O0,clang++ -O2']

Each variant has a folder in build/same_bytes and is built there once. Exit 1 names the first image
for which two variants differ, and keeps it.
"""

import argparse
import json
import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "same_bytes"
VARIANTS = "g++ -O0,g++ -O2,clang++ -O0,clang++ -O3"
MAIN = """#include "apps/commands.hpp"
#include <CLI/CLI.hpp>
int main(int count, char** words) {
  CLI::App app;
  int exit_code = 0;
  busbar::apps::add_plan_command(app, exit_code);
  CLI11_PARSE(app, count, words);
  return exit_code;
}
"""
FLAGS = ["-std=c++20", "-I", str(ROOT)]


def sources() -> list[Path]:
    doors = [path for path in (ROOT / "apps" / "doors").glob("*.cpp") if "profiles" not in path.name]
    return (sorted((ROOT / "domain").rglob("*.cpp")) + sorted((ROOT / "control").rglob("*.cpp")) +
            sorted(doors) + [ROOT / "apps" / "plan_command.cpp", ROOT / "apps" / "input_file.cpp",
                             WORK / "main.cpp"])


def build(variant: str) -> Path:
    folder = WORK / variant.replace(" ", "").replace("+", "p")
    folder.mkdir(parents=True, exist_ok=True)
    compiler = variant.split()

    def compile_one(source: Path) -> Path:
        made = folder / (str(source.relative_to(ROOT)).replace("/", "_") + ".o")
        if not made.exists() or made.stat().st_mtime < source.stat().st_mtime:
            subprocess.run([*compiler, *FLAGS, "-c", str(source), "-o", str(made)], check=True)
        return made

    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        objects = list(pool.map(compile_one, sources()))
    subprocess.run([*compiler, *map(str, objects), "-o", str(folder / "plan")], check=True)
    return folder / "plan"


def image(chance: random.Random) -> dict:
    nodes = [{"id": "service", "kind": "service", "continuous_permille": chance.choice([800, 1000]),
              "limits": [{"source": "rating", "ma": chance.randint(50_000, 300_000)}]}]
    if chance.random() < 0.5:
        nodes.append({"id": "t1", "kind": "transformer", "parent": "service", "primary_v": 480,
                      "secondary_v": 208, "rated_va": chance.randint(10_000, 90_000),
                      "winding": chance.choice(["delta-wye", "wye-wye"])})
    for number in range(chance.randint(1, 4)):
        nodes.append({"id": f"f{number}", "kind": "feeder", "parent": nodes[-1 if number == 0 else 0]["id"],
                      "limits": [{"source": "breaker", "ma": chance.randint(20_000, 90_000)}],
                      "unmanaged_ma": chance.choice([None, [0, 0, 0], [9_000, 1_000, 4_000]])})
    connectors = []
    for number in range(chance.randint(2, 40)):
        lines = chance.sample(["L1", "L2", "L3"], chance.choice([1, 2, 3]))
        connectors.append({
            "id": f"cp{number}", "node": chance.choice(nodes)["id"], "phases": lines,
            "connection": "delta" if len(lines) == 2 else "wye", "min_ma": chance.choice([0, 6_000]),
            "max_ma": chance.randint(6_000, 63_000), "step_ma": chance.choice([1, 100, 1_000]),
            "weight": chance.randint(1, 9), "priority": chance.randint(1, 10),
            "wants": chance.random() < 0.8, "reachable": chance.random() < 0.95,
            "fallback_ma": 0, "soc_permille": chance.randint(0, 1000), "target_soc_permille": 800,
            "energy_needed_wh": chance.randint(0, 60_000),
            "arrived_at": f"2026-05-01T{chance.randint(6, 11):02}:00:00Z",
            "departs_at": f"2026-05-01T{chance.randint(13, 20):02}:30:00Z"})
    policy = chance.choice(["equal", "priority", "soc-deficit", "earliest-deadline", "least-laxity",
                            "first-come", "greatest-total", "plan-ahead"])
    return {"now": "2026-05-01T12:00:00Z", "state": None,
            "site": {"id": "garage", "policy": policy, "nodes": nodes, "connectors": connectors}}


def next_image(asked: dict, answer: dict, number: int) -> dict:
    """A minute later everybody was told, acknowledged and draws what the plan granted."""
    asked = json.loads(json.dumps(asked))
    asked["now"] = f"2026-05-01T12:{number:02}:00Z"
    asked["state"] = answer["state"]
    granted = {each["connector"]: each["grant_ma"] for each in answer["grants"]}
    for connector in asked["site"]["connectors"]:
        for field in ("told_ma", "acknowledged_ma", "drawn_ma"):
            connector[field] = granted[connector["id"]]
    return asked


def ask(program: Path, asked: bytes) -> bytes:
    return subprocess.run([program, "plan", "-"], input=asked, capture_output=True, check=True).stdout


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=40)
    parser.add_argument("--plans", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--variants", default=VARIANTS)
    options = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    (WORK / "main.cpp").write_text(MAIN)
    programs = {variant: build(variant) for variant in options.variants.split(",")}
    print(f"same_bytes: {', '.join(programs)}; SEED={options.seed}", flush=True)
    chance = random.Random(options.seed)
    for number in range(options.images):
        asked = image(chance)
        for plan in range(1, options.plans + 1):
            text = json.dumps(asked).encode()
            answers = {variant: ask(program, text) for variant, program in programs.items()}
            if len(set(answers.values())) > 1:
                (WORK / "differs.json").write_bytes(text)
                print(f"same_bytes: image {number}, plan {plan} differs: {WORK / 'differs.json'}")
                return 1
            asked = next_image(asked, json.loads(next(iter(answers.values()))), plan)
    print(f"same_bytes: {options.images * options.plans} plans, every byte the same")
    return 0


if __name__ == "__main__":
    sys.exit(main())
