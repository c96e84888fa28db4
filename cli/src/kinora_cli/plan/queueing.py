"""How long clips wait for an engine: the queue M/M/c.

Erlang's C formula (A. K. Erlang, 1917; L. Kleinrock, Queueing Systems, volume 1, 1975, chapter 3): clips come at random, wait in one
queue, and each of c engines takes the next. Rendering times vary less than the formula's exponential ones, so real waits are shorter.
"""

import math


def waits(servers: int, load: float) -> float:
    """The share of clips that wait at all; `load` is arrivals per second times seconds of service, below `servers`."""
    blocked = 1.0
    for n in range(1, servers + 1):  # Erlang B by its recurrence, which neither overflows nor cancels
        blocked = load * blocked / (n + load * blocked)
    return blocked / (1 - load / servers * (1 - blocked))


def wait(servers: int, load: float, service_s: float, share: float = 0.95) -> float:
    """Seconds within which `share` of the clips get an engine; infinite when the engines cannot keep up."""
    if load >= servers:
        return math.inf
    waiting = waits(servers, load)
    return max(0.0, service_s / (servers - load) * math.log(waiting / (1 - share))) if waiting > 0 else 0.0


def servers_for(load: float, service_s: float, wait_s: float, utilisation: float) -> int:
    """The fewest engines that keep 95% of waits within `wait_s`, and none busier than `utilisation`."""
    if load <= 0:
        return 0
    low = max(1, math.ceil(load / utilisation - 1e-9))
    high = low
    while wait(high, load, service_s) > wait_s:
        high *= 2
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if wait(middle, load, service_s) <= wait_s else (middle + 1, high)
    return low
