"""Writes the checkpoints of this folder with PyTorch, and what must be read from them (expected.json). Needs python3-torch."""
import argparse
import collections
import json
import os
import pathlib

import torch

here = os.path.dirname(os.path.abspath(__file__))
torch.manual_seed(20261122)


def tensors():
    base = torch.arange(24, dtype=torch.float32).reshape(4, 6)
    shared = torch.randn(10, dtype=torch.float64)
    return collections.OrderedDict(
        plain=base,
        transposed=base.t(),
        every_second=base[:, ::2],
        shifted=base[1:, 3:],
        column=base[:, 2],
        expanded=torch.tensor([1.5, -2.5]).unsqueeze(1).expand(2, 3),
        first_half=shared[:5],
        second_half=shared[5:],
        parameter=torch.nn.Parameter(torch.randn(2, 2)),
        scalar=torch.tensor(3.25),
        empty=torch.zeros(0, 4),
        half=torch.tensor([1.0, -0.5, 65504.0], dtype=torch.float16),
        bfloat=torch.tensor([1.0, -0.5, 3e38], dtype=torch.bfloat16),
        doubles=torch.tensor([float("nan"), float("inf"), -0.0], dtype=torch.float64),
        longs=torch.tensor([-(2**63), 2**63 - 1]),
        ints=torch.tensor([-7, 7], dtype=torch.int32),
        shorts=torch.tensor([-300, 300], dtype=torch.int16),
        chars=torch.tensor([-128, 127], dtype=torch.int8),
        bytes=torch.tensor([0, 255], dtype=torch.uint8),
        bools=torch.tensor([True, False, True]),
        complexes=torch.tensor([1 + 2j, -3.5j], dtype=torch.complex64),
    )


def dense_bytes(t):
    t = t.detach().contiguous()
    if t.numel() == 0:
        return ""
    return bytes(t.view(torch.uint8).flatten().tolist() if t.dim() else t.reshape(1).view(torch.uint8).tolist()).hex()


names = {torch.float32: "F32", torch.float64: "F64", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64", torch.int32: "I32",
         torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL", torch.complex64: "C64"}
state = tensors()
expected = {k: {"type": names[v.dtype], "shape": list(v.shape), "strides": list(v.stride()), "bytes": dense_bytes(v)} for k, v in state.items()}
for protocol in (2, 3, 4, 5):
    torch.save(state, os.path.join(here, f"types_protocol_{protocol}.pt"), pickle_protocol=protocol)

module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
torch.save(module.state_dict(), os.path.join(here, "module_state_dict.pth"))
for k, v in module.state_dict().items():
    expected[f"module:{k}"] = {"type": names[v.dtype], "shape": list(v.shape), "strides": list(v.stride()), "bytes": dense_bytes(v)}
optimiser = torch.optim.Adam(module.parameters())
module(torch.randn(4, 3)).sum().backward()
optimiser.step()
torch.save({
    "epoch": 3, "global_step": 12345678901, "state_dict": module.state_dict(), "optimizer_states": [optimiser.state_dict()],
    "hyper_parameters": {"widths": [3, 2], "rate": 1e-3, "name": "größe", "pair": (1, None), "flags": {True, False}, "where": pathlib.PurePosixPath("/data"),
                         "raw": b"\x00\xff", "device": torch.device("cpu"), "type": torch.float32, "size": torch.Size([2, 3]), "infinite": float("inf"),
                         "arguments": argparse.Namespace(layers=2), "counts": collections.Counter("aab"), "lists": collections.defaultdict(list, a=[1])},
}, os.path.join(here, "lightning_like.ckpt"))
torch.save(module, os.path.join(here, "whole_module.pt"))
torch.save(module.state_dict(), os.path.join(here, "legacy.pt"), _use_new_zipfile_serialization=False)
with open(os.path.join(here, "expected.json"), "w", encoding="utf-8") as f:
    json.dump(expected, f, indent=1)
    f.write("\n")
