"""The faults of a cluster, each with the goal for the longest silence of any site's plans, and their schedule.

A fault takes the cluster and the chance of the run's seed; when it returns, all is as before. The goal counts from
its begin, or from the moment that it returns."""

import random
import signal
import time

from cluster import NODES, cluster
from waiting import wait_for

QUIET_S = 4  # between two faults, all settled


def leave_and_join(under: cluster, chance: random.Random):
    node = chance.choice(NODES)
    under.leave(node)
    under.await_settled()
    under.start_node(node)


def rolling_restart(under: cluster, _: random.Random):
    for node in NODES:
        under.leave(node)
        under.start_node(node)
        under.await_settled()


def kill_one(under: cluster, chance: random.Random):
    node = chance.choice(NODES)
    under.kill(node)
    under.await_settled()
    under.start_node(node)


def kill_two(under: cluster, chance: random.Random):
    killed = chance.sample(NODES, 2)
    for node in killed:
        under.kill(node)
    under.await_settled()
    for node in killed:
        under.start_node(node)


def kill_all(under: cluster, chance: random.Random) -> float:
    for node in NODES:
        under.kill(node)
    time.sleep(chance.uniform(0.5, 2))
    under.start_node(NODES[0])
    back = time.monotonic()
    for node in NODES[1:]:
        under.start_node(node)
    return back


def back_or_started_again(under: cluster, node: str):
    """One whose place was taken meanwhile may end loudly; it is started again as by its service manager, until the
    next fault: it finds its place taken and ends some seconds later, on a loaded machine many."""
    under.may_end.add(node)
    wait_for(f"{node} answers again",
             lambda: under.is_over(node) or under.sites_of(node) is not None)
    time.sleep(QUIET_S)
    under.start_again_what_ended()


def pause(seconds: float):
    def paused(under: cluster, chance: random.Random):
        node = chance.choice(NODES)
        under.signal(node, signal.SIGSTOP)
        time.sleep(seconds)
        under.signal(node, signal.SIGCONT)
        back_or_started_again(under, node)
    return paused


def cut_one(under: cluster, node: str, seconds: float, **ways):
    under.kept.add("cut", node=node, is_cut=True)
    under.link_of[node].cut(**ways)
    time.sleep(seconds)
    under.link_of[node].heal()
    under.kept.add("cut", node=node, is_cut=False)


def cut_off(seconds: float, **ways):
    def cut(under: cluster, chance: random.Random):
        node = chance.choice(NODES)
        cut_one(under, node, seconds, **ways)
        back_or_started_again(under, node)
    return cut


def flap(every_s: float, times: int):
    def flapping(under: cluster, chance: random.Random):
        node = chance.choice(NODES)
        for _ in range(times):
            cut_one(under, node, every_s)
            time.sleep(every_s)
        back_or_started_again(under, node)
    return flapping


def second_of_one_name(under: cluster, chance: random.Random):
    """Of the two one ends, with a code of its own; the sites go on at the other."""
    node = chance.choice(NODES)
    run, newcomer = under.launch(node)
    elder = under.processes[node]
    wait_for(f"an end of one of two {node}",
             lambda: newcomer.poll() is not None or elder.poll() is not None)
    if elder.poll() is None:
        return
    under.test.assertEqual(elder.returncode, 3, f"the elder {node}")
    under.processes[node], under.run_of[node] = newcomer, run
    under.page_of[node] = under.test.printed(run, r"(http://127\.0\.0\.1:\d+)")


# Name, fault, goal in seconds.
FAULTS = (("leave and join", leave_and_join, 2), ("rolling restart", rolling_restart, 2),
          ("kill -9 of one", kill_one, 12), ("kill -9 of two", kill_two, 12),
          ("kill -9 of all", kill_all, 12), ("pause of 3 s", pause(3), 12),
          ("pause of 15 s", pause(15), 12), ("two of one name", second_of_one_name, 12),
          ("cut off for 15 s", cut_off(15), 12),
          ("deaf for 15 s", cut_off(15, to_broker=False), 12),
          ("flapping link", flap(4, 3), 12))


def schedule(chance: random.Random, count: int) -> list[tuple]:
    """Each kind once before any comes again, in an order of the seed."""
    drawn = []
    while len(drawn) < count:
        drawn += chance.sample(FAULTS, len(FAULTS))
    return drawn[:count]


def inject(under: cluster, fault: tuple, chance: random.Random):
    name, make, goal_s = fault
    under.start_again_what_ended()
    under.may_end.clear()
    under.kept.add("fault", fault=name, phase="begins", goal_s=goal_s)
    begin = under.kept.seen()[-1]
    back = make(under, chance)
    if back is not None:
        begin["counts_from"] = round(back - under.kept.began, 3)
    under.await_settled()
    time.sleep(1)
    under.kept.add("fault", fault=name, phase="ends", goal_s=goal_s)
    time.sleep(QUIET_S)
    under.measure()
