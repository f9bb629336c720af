"""The same cases in Python's PyTorch: peer.py CASE DEVICE STEPS wall|cpu. Each line read is a number of threads; each line written,
seconds a step over one block of STEPS steps with so many threads."""
import ctypes
import sys
import time

import torch


def set_threads(count):
    """Of torch and of OpenBLAS, where torch was built on it: its threads are its own, and idle ones get in the way."""
    torch.set_num_threads(count)
    try:
        ctypes.CDLL("libblas.so.3").openblas_set_num_threads(count)
    except (OSError, AttributeError):
        pass  # another BLAS, which torch steers itself


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


def training(net, x, y):
    optimizer = torch.optim.AdamW(net.parameters(), 1e-3, weight_decay=0.01)

    def step():
        optimizer.zero_grad(set_to_none=True)
        torch.nn.functional.mse_loss(net(x), y).backward()
        optimizer.step()

    return step


class LstmNet(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(8, 64, 2, batch_first=True)
        self.head = torch.nn.Linear(64, 1)

    def forward(self, x):
        output, _ = self.lstm(x)
        return self.head(output[:, -1])


class MixerNet(torch.nn.Module):
    def __init__(self):
        super().__init__()
        nn = torch.nn
        self.norm1 = nn.LayerNorm(64)
        self.patches = nn.Sequential(nn.Linear(16, 32), nn.GELU(), nn.Linear(32, 16))
        self.norm2 = nn.LayerNorm(64)
        self.features = nn.Sequential(nn.Linear(64, 128), nn.GELU(), nn.Linear(128, 64))
        self.head = nn.Linear(16 * 64, 24)

    def forward(self, x):
        x = x + self.patches(self.norm1(x).transpose(1, 2)).transpose(1, 2)
        x = x + self.features(self.norm2(x))
        return self.head(x.flatten(1))


def lstm(device):
    return training(LstmNet().to(device), torch.rand(64, 30, 8, device=device), torch.rand(64, 1, device=device))


def mixer(device):
    return training(MixerNet().to(device), torch.rand(64, 16, 64, device=device), torch.rand(64, 24, device=device))


CASES = {"small_adds": small_adds, "small_graph": small_graph, "lstm": lstm, "mixer": mixer}


def main():
    name, device, steps = sys.argv[1], sys.argv[2], int(sys.argv[3])
    step = CASES[name](device)
    clock = time.process_time if sys.argv[4] == "cpu" else time.perf_counter
    wait = torch.cuda.synchronize if device != "cpu" else lambda: None
    print(torch.__version__, flush=True)
    for line in sys.stdin:
        set_threads(int(line))
        step()
        wait()
        start = clock()
        for _ in range(steps):
            step()
        wait()
        print((clock() - start) / steps, flush=True)


main()
