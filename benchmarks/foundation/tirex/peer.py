#!/usr/bin/env python3
"""TiRex geometry in plain eager PyTorch, from the published formulas, and PyTorch's own LSTM: the peers that benchmarks compare with.

Random weights; forecasts mean nothing. Prints one line of JSON a case: series per second, or ms of a training step; medians of repeats.
  python3 peer.py --device cpu --threads 2 --context 512,2048 --horizon 32,128 --batch 1,16,256
--training times forward and backward pass of nn.LSTM (cuDNN on CUDA), width 512, 64 steps.
--operator LIBRARY times the same network with the recurrence of libforecast_torch.so (torch.ops.forecast.slstm) in the cell's place.
"""
import argparse
import json
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F

PATCH, QUANTILES, WIDTH, HEADS, BLOCKS, HIDDEN, CONTEXT = 32, 9, 512, 4, 12, 2048, 2048
INNER = 1408


class Residual(nn.Module):
    def __init__(self, a, hidden, b):
        super().__init__()
        self.hidden, self.output, self.residual = nn.Linear(a, hidden), nn.Linear(hidden, b), nn.Linear(a, b)

    def forward(self, x):
        return self.output(F.relu(self.hidden(x))) + self.residual(x)


class Norm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-6) * self.weight


def cell(gates, kernel, bias):
    """gates [B, T, 4, H, D], kernel [H, D, 4 D], bias [H, 4, D] -> [B, T, H D]"""
    batch, steps, _, heads, units = gates.shape
    h = c = n = m = gates.new_zeros(batch, heads, units)
    flat = bias.transpose(0, 1)
    out = []
    for t in range(steps):
        raw = gates[:, t] + torch.matmul(h.transpose(0, 1), kernel).view(heads, batch, 4, units).permute(1, 2, 0, 3) + flat
        i, f, z, o = raw.unbind(1)
        kept = m + F.logsigmoid(f.clamp(max=15))
        m_new = i if t == 0 else torch.maximum(i, kept)
        gi, gf = torch.exp(i - m_new).clamp(max=1), torch.exp(kept - m_new).clamp(max=1)
        c, n, m = gf * c + gi * torch.tanh(z), gf * n + gi, m_new
        h = torch.sigmoid(o) * c / n
        out.append(h.reshape(batch, heads * units))
    return torch.stack(out, 1)


def fused(gates, kernel, bias):
    return torch.ops.forecast.slstm(gates, kernel, bias.reshape(-1), None, 15.0, None, 0, gates.is_cuda)[0]


class Block(nn.Module):
    def __init__(self, recurrence):
        super().__init__()
        units = WIDTH // HEADS
        self.recurrence = recurrence
        self.norm1, self.norm2 = Norm(WIDTH), Norm(WIDTH)
        self.maps = nn.Parameter(torch.randn(HEADS, units, 4 * units) / units**0.5)
        self.kernel = nn.Parameter(torch.randn(HEADS, units, 4 * units) / units**0.5)
        self.bias = nn.Parameter(torch.zeros(HEADS, 4, units))
        self.group = nn.Parameter(torch.zeros(WIDTH))
        self.gate, self.up, self.down = nn.Linear(WIDTH, INNER, False), nn.Linear(WIDTH, INNER, False), nn.Linear(INNER, WIDTH, False)

    def forward(self, x):
        batch, steps, _ = x.shape
        units = WIDTH // HEADS
        rows = self.norm1(x).view(batch * steps, HEADS, units).transpose(0, 1)
        gates = torch.matmul(rows, self.maps).view(HEADS, batch, steps, 4, units).permute(1, 2, 3, 0, 4)
        hidden = self.recurrence(gates, self.kernel, self.bias)
        x = x + F.layer_norm(hidden.view(batch, steps, HEADS, units), [units]).view_as(x) * (1 + self.group)
        y = self.norm2(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


class Tirex(nn.Module):
    def __init__(self, recurrence):
        super().__init__()
        self.embedding, self.head = Residual(2 * PATCH, HIDDEN, WIDTH), Residual(WIDTH, HIDDEN, PATCH * QUANTILES)
        self.blocks, self.norm = nn.ModuleList(Block(recurrence) for _ in range(BLOCKS)), Norm(WIDTH)

    def forward(self, context, patches):
        context = F.pad(context, (CONTEXT - context.shape[1], 0), value=float("nan"))[:, -CONTEXT:]
        seen = ~context.isnan()
        count = seen.sum(1, keepdim=True).clamp(min=1)
        loc = context.nan_to_num().sum(1, keepdim=True) / count
        scale = ((context - loc).nan_to_num().square().sum(1, keepdim=True) / count).sqrt().clamp(min=1e-9)
        tokens = ((context - loc) / scale).nan_to_num().view(len(context), -1, PATCH)
        mask = seen.to(tokens.dtype).view_as(tokens)
        tokens, mask = F.pad(tokens, (0, 0, 0, patches - 1)), F.pad(mask, (0, 0, 0, patches - 1))
        x = self.embedding(torch.cat([tokens, mask], 2))
        for block in self.blocks:
            x = block(x)
        raw = self.head(self.norm(x[:, -patches:])).view(len(context), patches, QUANTILES, PATCH)
        return raw.transpose(2, 3).reshape(len(context), patches * PATCH, QUANTILES) * scale[..., None] + loc[..., None]


def seconds(run, device, least):
    def once():
        start = time.perf_counter()
        run()
        if device != "cpu":
            torch.cuda.synchronize()
        return time.perf_counter() - start

    once()
    times = [once()]
    while len(times) < 3 or (sum(times) < least and len(times) < 50):
        times.append(once())
    return statistics.median(times)


def training(options):
    """nn.LSTM, its input product included, in every precision that the device is quick in."""
    types = [torch.float32] if options.device == "cpu" else [torch.float32, torch.float16, torch.bfloat16]
    for batch in [int(x) for x in options.batch.split(",")]:
        for kind in types:
            lstm = nn.LSTM(WIDTH, WIDTH, batch_first=True).to(options.device, kind)
            lstm.flatten_parameters()
            x = torch.randn(batch, 64, WIDTH, device=options.device, dtype=kind, requires_grad=True)
            cotangent = torch.randn_like(x)

            def step():
                lstm(x)[0].backward(cotangent)
                lstm.zero_grad()
                x.grad = None

            took = seconds(step, options.device, options.least)
            show(f"LSTM {str(kind)[6:]}", f"training step, width {WIDTH}, 64 steps, batch {batch}", 1000 * took, took)


def show(who, case, value, took):
    print(json.dumps({"who": who, "case": case, "value": value, "seconds": took}), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--context", default="512,2048")
    parser.add_argument("--horizon", default="32,128")
    parser.add_argument("--batch", default="1,16,256")
    parser.add_argument("--least", type=float, default=1.0, help="seconds a case is repeated for")
    parser.add_argument("--operator")
    parser.add_argument("--training", action="store_true")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    if options.operator:
        torch.ops.load_library(options.operator)
    torch.manual_seed(1)
    if options.training:
        return training(options)
    network = Tirex(fused if options.operator else cell).to(options.device).eval()
    numbers = lambda text: [int(x) for x in text.split(",")]
    with torch.no_grad():
        for context in numbers(options.context):
            for horizon in numbers(options.horizon):
                for batch in numbers(options.batch):
                    series = torch.randn(batch, context)
                    patches = -(-horizon // PATCH)
                    run = lambda: network(series.to(options.device), patches)[:, :horizon].cpu()
                    took = seconds(run, options.device, options.least)
                    show("operator" if options.operator else f"eager {torch.__version__}", f"context {context}, horizon {horizon}, batch {batch}", batch / took, took)


if __name__ == "__main__":
    main()
