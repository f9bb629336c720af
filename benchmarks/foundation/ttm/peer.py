"""The same forecasts in Python's PyTorch, eagerly, as a peer: python3 peer.py WEIGHTS_FOLDER ETTh1.csv.gz THREADS BATCH ROUNDS.

Only what the published 512-96 weights need: std scaling, patches, adaptive levels, gated patch and feature mixers, linear head.
Prints one JSON object: seconds and processor seconds of each round, mean squared and mean absolute error, and the version of torch.
"""
import gzip
import json
import struct
import sys
import time

import torch
import torch.nn.functional as F


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    weights = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        first, last = entry["data_offsets"]
        weights[name] = torch.frombuffer(data[first:last], dtype=torch.float32).reshape(entry["shape"])
    return weights


class Mixer:
    def __init__(self, weights, config):
        self.w, self.c = weights, config

    def linear(self, x, name):
        return F.linear(x, self.w[name + ".weight"], self.w[name + ".bias"])

    def mix(self, x, name):
        x = self.linear(F.gelu(self.linear(x, name + ".mlp.fc1")), name + ".mlp.fc2")
        return x * torch.softmax(self.linear(x, name + ".gating_block.attn_layer"), dim=-1)

    def norm(self, x, name):
        key = name + ".norm.norm"
        return F.layer_norm(x, x.shape[-1:], self.w[key + ".weight"], self.w[key + ".bias"], self.c["norm_eps"])

    def layer(self, x, name):
        patch, feature = name + ".patch_mixer", name + ".feature_mixer"
        x = x + self.mix(self.norm(x, patch).transpose(2, 3), patch).transpose(2, 3)
        return x + self.mix(self.norm(x, feature), feature)

    def forecast(self, past):
        c = self.c
        mean = past.mean(1, keepdim=True)
        scale = (((past - mean) ** 2).mean(1, keepdim=True) + 1e-5).sqrt()
        x = ((past - mean) / scale).transpose(1, 2).unfold(2, c["patch_length"], c["patch_stride"])
        x = self.linear(x, "backbone.encoder.patcher")
        levels, shape = c["adaptive_patching_levels"], x.shape
        for i in range(levels):
            factor = 2 ** (levels - 1 - i)
            x = x.reshape(shape[0], shape[1], shape[2] * factor, shape[3] // factor)
            for k in range(c["num_layers"]):
                x = self.layer(x, f"backbone.encoder.mlp_mixer_encoder.mixers.{i}.mixer_layers.{k}")
            x = x.reshape(shape)
        x = self.linear(x, "decoder.adapter")
        for k in range(c["decoder_num_layers"]):
            x = self.layer(x, f"decoder.decoder_block.mixers.{k}")
        return self.linear(x.flatten(2), "head.base_forecast_block").transpose(1, 2) * scale + mean


def main():
    folder, data, threads, batch, rounds = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
    torch.set_num_threads(threads)
    with open(folder + "/config.json") as file:
        config = json.load(file)
    model = Mixer(read_safetensors(folder + "/model.safetensors"), config)
    with gzip.open(data, "rt") as file:
        next(file)
        rows = torch.tensor([[float(v) for v in line.split(",")[1:]] for line in file], dtype=torch.float64)
    month = 30 * 24
    training = rows[: 12 * month]
    rows = ((rows - training.mean(0)) / training.std(0, unbiased=False)).float()
    context, horizon = config["context_length"], config["prediction_length"]
    start, count = 16 * month - context, 4 * month - horizon + 1
    windows = rows[start : start + count + context + horizon - 1].unfold(0, context + horizon, 1).transpose(1, 2)
    seconds, cpu = [], []
    with torch.no_grad():
        for _ in range(rounds):
            squares = absolutes = 0.0
            begin, used = time.perf_counter(), time.process_time()
            for first in range(0, count, batch):
                part = windows[first : first + batch]
                error = (model.forecast(part[:, :context].contiguous()) - part[:, context:]).double()
                squares += float((error ** 2).sum())
                absolutes += float(error.abs().sum())
            seconds.append(time.perf_counter() - begin)
            cpu.append(time.process_time() - used)
    values = count * horizon * rows.shape[1]
    print(json.dumps({"torch": torch.__version__, "threads": threads, "seconds": seconds, "cpu": cpu, "mse": squares / values, "mae": absolutes / values, "windows": count}))


main()
