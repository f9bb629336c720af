"""The same cases in Python's PyTorch: peer.py CASE DEVICE STEPS. Each line read is a number of threads; each line written,
seconds a step over one block of STEPS steps with so many threads."""
import sys
import time

import torch


def small_adds(device):
    a = torch.rand(16, device=device)
    b = torch.rand(16, device=device)

    def step():
        for _ in range(1000):
            a + b

    return step


def small_graph(device):
    a = torch.rand(16, device=device, requires_grad=True)
    b = torch.rand(16, device=device)

    def step():
        c = a
        for _ in range(100):
            c = c * b + 0.5
        c.sum().backward()
        a.grad = None

    return step


CASES = {"small_adds": small_adds, "small_graph": small_graph}


def main():
    name, device, steps = sys.argv[1], sys.argv[2], int(sys.argv[3])
    step = CASES[name](device)
    wait = torch.cuda.synchronize if device != "cpu" else lambda: None
    print(torch.__version__, flush=True)
    for line in sys.stdin:
        torch.set_num_threads(int(line))
        step()
        wait()
        start = time.perf_counter()
        for _ in range(steps):
            step()
        wait()
        print((time.perf_counter() - start) / steps, flush=True)


main()
