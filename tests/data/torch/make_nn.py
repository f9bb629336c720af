#!/usr/bin/python3
"""Writes nn.json: what PyTorch makes of modules, functionals, losses, starting values, optimisers and schedules.

Run with Debian 12's python3-torch (1.13): /usr/bin/python3 make_nn.py. Everything is drawn from fixed seeds, in float64 unless
said otherwise. A tensor is {"s": shape, "d": values}; integers have "t": "i64", booleans "t": "bool".
"""
import json
import math
import os

import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)
D = torch.float64


def number(x, digits=13):
    # 13 digits of float64 are as many as the tests compare; 9 of float32 are all there are.
    return float(f"{x:.{digits}g}") if math.isfinite(x) else ("inf" if x > 0 else "-inf" if x < 0 else "nan")


def pack(t):
    if t is None:
        return None
    flat = t.detach().reshape(-1).tolist()
    digits = 9 if t.dtype == torch.float32 else 13
    packed = {"s": list(t.shape), "d": [number(x, digits) for x in flat] if t.dtype.is_floating_point else [int(x) for x in flat]}
    if t.dtype == torch.int64:
        packed["t"] = "i64"
    if t.dtype == torch.bool:
        packed["t"] = "bool"
    return packed


def rand(*shape, seed=0, low=-1.0, high=1.0):
    g = torch.Generator().manual_seed(1000 + seed)
    # Few digits keep the file small; the values are exact in float64 on both sides.
    x = torch.rand(*shape, generator=g, dtype=D) * (high - low) + low
    return (x * 64).round() / 64


def weighted(outputs):
    """A scalar that every entry of every output takes part in with a weight of its own."""
    total = 0.0
    for o in outputs:
        if o is not None and o.dtype.is_floating_point:
            w = torch.cos(torch.arange(o.numel(), dtype=D)).reshape(o.shape)
            total = total + (o * w).sum()
    return total


def run(call, inputs, parameters=()):
    """Outputs of a call and the gradients of their weighted sum."""
    tensors = [i.clone().requires_grad_(True) if i is not None and i.dtype.is_floating_point else i for i in inputs]
    outputs = call(*tensors)
    outputs = list(outputs) if isinstance(outputs, (tuple, list)) else [outputs]
    for _, p in parameters:
        p.grad = None
    result = {"inputs": [pack(i) for i in inputs], "outputs": [pack(o) for o in outputs]}
    total = weighted(outputs)
    if isinstance(total, torch.Tensor) and total.requires_grad:
        total.backward()
        result["input_grads"] = [pack(t.grad) if t is not None and t.dtype.is_floating_point else None for t in tensors]
        result["grads"] = {n: pack(p.grad) for n, p in parameters if p.grad is not None}
    return result


def module_case(module, inputs, call=None, train=True, after=False):
    module = module.to(D)
    g = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(((torch.rand(p.shape, generator=g, dtype=D) - 0.5) * 64).round() / 64)
    module.train(train)
    case = {"state": {k: pack(v) for k, v in module.state_dict().items()}}
    case.update(run(call or module, inputs, list(module.named_parameters())))
    if after:
        case["after"] = {k: pack(v) for k, v in module.state_dict().items()}
    return case


def modules():
    x3, x2 = rand(4, 3, 5, seed=1), rand(4, 6, seed=2)
    long = rand(2, 3, 7, seed=3)
    seq = rand(5, 3, 4, seed=4)
    out = {}
    out["linear"] = module_case(nn.Linear(5, 2), [x3])
    out["linear_no_bias"] = module_case(nn.Linear(5, 2, bias=False), [x3])
    out["embedding"] = module_case(nn.Embedding(6, 3, padding_idx=2), [torch.tensor([[0, 2, 5], [1, 1, 4]])])
    out["embedding_max_norm"] = module_case(nn.Embedding(6, 3, max_norm=0.25, scale_grad_by_freq=True), [torch.tensor([0, 2, 5, 2])],
                                            after=True)
    out["conv1d"] = module_case(nn.Conv1d(3, 4, 3, padding=1), [long])
    out["conv1d_unbatched"] = module_case(nn.Conv1d(3, 4, 3), [long[0]])
    out["conv1d_strided"] = module_case(nn.Conv1d(3, 6, 2, stride=2, dilation=2, padding=2, groups=3, bias=False), [long])
    out["conv1d_same"] = module_case(nn.Conv1d(3, 4, 4, padding="same", dilation=2), [long])
    out["conv1d_valid"] = module_case(nn.Conv1d(3, 4, 4, padding="valid"), [long])
    out["conv1d_circular"] = module_case(nn.Conv1d(3, 4, 3, padding=2, padding_mode="circular"), [long])
    out["conv1d_reflect"] = module_case(nn.Conv1d(3, 4, 4, padding="same", padding_mode="reflect"), [long])
    out["conv1d_replicate"] = module_case(nn.Conv1d(3, 4, 3, padding=1, padding_mode="replicate"), [long])
    out["layernorm"] = module_case(nn.LayerNorm(5), [x3])
    out["layernorm_2"] = module_case(nn.LayerNorm([3, 5], eps=1e-3), [x3])
    out["layernorm_plain"] = module_case(nn.LayerNorm(5, elementwise_affine=False), [x3])
    out["groupnorm"] = module_case(nn.GroupNorm(3, 6), [rand(2, 6, 4, seed=5)])
    out["groupnorm_plain"] = module_case(nn.GroupNorm(2, 6, affine=False), [rand(2, 6, 4, seed=5)])
    out["batchnorm1d"] = module_case(nn.BatchNorm1d(6), [x2], after=True)
    out["batchnorm1d_3"] = module_case(nn.BatchNorm1d(3, momentum=0.3, eps=1e-3), [x3], after=True)
    out["batchnorm1d_eval"] = module_case(nn.BatchNorm1d(6), [x2], train=False, after=True)
    out["batchnorm1d_untracked"] = module_case(nn.BatchNorm1d(6, affine=False, track_running_stats=False), [x2], train=False)
    h, c = rand(2, 3, 6, seed=6), rand(2, 3, 6, seed=7)
    state = lambda m: (lambda x, h, c: (lambda r: (r[0], *r[1]))(m(x, (h, c))))
    flat = lambda m: (lambda x: (lambda r: (r[0], *r[1]))(m(x)))
    m = nn.LSTM(4, 6, 2)
    out["lstm"] = module_case(m, [seq], flat(m))
    m = nn.LSTM(4, 6, 2)
    out["lstm_state"] = module_case(m, [seq, h, c], state(m))
    m = nn.LSTM(4, 6, 1, bias=False, batch_first=True, bidirectional=True)
    out["lstm_bidirectional"] = module_case(m, [seq.transpose(0, 1).contiguous()], flat(m))
    m = nn.LSTM(4, 6, 2)
    out["lstm_unbatched"] = module_case(m, [seq[:, 0].contiguous()], flat(m))
    m = nn.LSTM(4, 6, 2)
    out["lstm_unbatched_state"] = module_case(m, [seq[:, 0].contiguous(), h[:, 0].contiguous(), c[:, 0].contiguous()], state(m))
    m = nn.LSTM(4, 6, 2, dropout=0.5)
    out["lstm_dropout_eval"] = module_case(m, [seq], flat(m), train=False)
    out["gru"] = module_case(nn.GRU(4, 6, 2), [seq])
    m = nn.GRU(4, 6, 2)
    out["gru_state"] = module_case(m, [seq, h], lambda x, h: m(x, h))
    out["gru_bidirectional"] = module_case(nn.GRU(4, 6, 1, batch_first=True, bidirectional=True), [seq.transpose(0, 1).contiguous()])
    out["gru_unbatched"] = module_case(nn.GRU(4, 6, 2), [seq[:, 0].contiguous()])

    q, k, v = rand(3, 2, 8, seed=8), rand(5, 2, 8, seed=9), rand(5, 2, 8, seed=10)
    out["attention"] = module_case(nn.MultiheadAttention(8, 2), [q, k, v])
    m1 = nn.MultiheadAttention(8, 2)
    out["attention_self"] = module_case(m1, [q], lambda x: m1(x, x, x))
    m2 = nn.MultiheadAttention(8, 2)
    out["attention_no_weights"] = module_case(m2, [q, k, v], lambda q, k, v: m2(q, k, v, need_weights=False)[0])
    m3 = nn.MultiheadAttention(8, 4, bias=False, kdim=6, vdim=3)
    out["attention_widths"] = module_case(m3, [q, rand(5, 2, 6, seed=11), rand(5, 2, 3, seed=12)])
    m4 = nn.MultiheadAttention(8, 2, add_bias_kv=True, add_zero_attn=True)
    mask = torch.tensor([[False, False, True, True, True], [False, False, False, True, True], [True, False, False, False, False]])
    padding = torch.tensor([[False, False, False, False, True], [False, True, False, False, False]])
    out["attention_masks"] = module_case(m4, [q, k, v, padding, mask],
                                         lambda q, k, v, p, a: m4(q, k, v, key_padding_mask=p, attn_mask=a))
    m5 = nn.MultiheadAttention(8, 2)
    out["attention_mask_per_head"] = module_case(m5, [q, k, v, rand(4, 3, 5, seed=13)],
                                                 lambda q, k, v, a: m5(q, k, v, attn_mask=a))
    net = nn.Sequential()
    net.add_module("first", nn.Linear(6, 4))
    net.add_module("act", nn.GELU())
    net.add_module("norm", nn.LayerNorm(4))
    net.add_module("last", nn.Linear(4, 1))
    out["sequential"] = module_case(net, [x2])

    class Nested(nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = nn.Parameter(torch.ones(4))
            self.layers = nn.ModuleList([nn.Linear(6, 4), nn.Linear(4, 4)])
            self.free = nn.ParameterList([nn.Parameter(torch.zeros(4)), nn.Parameter(torch.zeros(1))])
            self.register_buffer("offset", rand(4, seed=14))
            self.norm = nn.BatchNorm1d(4)

        def forward(self, x):
            for layer in self.layers:
                x = torch.tanh(layer(x))
            return self.norm(x * self.scale + self.offset + self.free[0]) * self.free[1]

    out["nested"] = module_case(Nested(), [x2])
    act = rand(3, 8, seed=15, low=-3, high=3)
    for name, m in {
        "relu": nn.ReLU(), "silu": nn.SiLU(), "tanh": nn.Tanh(), "sigmoid": nn.Sigmoid(), "gelu": nn.GELU(),
        "gelu_tanh": nn.GELU(approximate="tanh"), "leaky_relu": nn.LeakyReLU(0.2), "elu": nn.ELU(0.7), "softplus": nn.Softplus(),
        "softplus_beta": nn.Softplus(2.0, 1.5), "log_sigmoid": nn.LogSigmoid(), "softmax": nn.Softmax(1), "log_softmax": nn.LogSoftmax(0),
        "glu": nn.GLU(), "identity": nn.Identity(), "flatten": nn.Flatten(0, 1), "dropout_eval": nn.Dropout(0.3),
    }.items():
        out[name] = module_case(m, [act], train=name != "dropout_eval")
    return out


def functionals():
    x, y = rand(4, 6, seed=20), rand(4, 6, seed=21)
    v = rand(4, 6, seed=22, low=0.1, high=2.0)
    logits, classes = rand(5, 4, seed=23), torch.tensor([0, 3, 1, -100, 2])
    weight = rand(4, seed=24, low=0.2, high=1.5)
    labels = (rand(4, 6, seed=25) > 0).to(D)
    probs = F.softmax(rand(5, 4, seed=26), 1)
    q, k, w = rand(2, 3, 4, 8, seed=27), rand(2, 3, 5, 8, seed=28), rand(2, 3, 5, 6, seed=29)
    allowed = torch.tensor([[True, False, True, True, False], [True, True, False, True, True], [False, True, True, True, True],
                            [True, True, True, True, True]])
    out = {}
    for r in ("none", "mean", "sum"):
        out["mse_" + r] = run(lambda a, b: F.mse_loss(a, b, reduction=r), [x, y])
        out["l1_" + r] = run(lambda a, b: F.l1_loss(a, b, reduction=r), [x, y])
        out["smooth_l1_" + r] = run(lambda a, b: F.smooth_l1_loss(a, b, reduction=r, beta=0.4), [x, y])
        out["huber_" + r] = run(lambda a, b: F.huber_loss(a, b, reduction=r, delta=0.4), [x, y])
        out["gaussian_" + r] = run(lambda a, b, c: F.gaussian_nll_loss(a, b, c, full=r == "sum", eps=0.25, reduction=r), [x, y, v])
        out["cross_entropy_" + r] = run(lambda a: F.cross_entropy(a, classes, weight, reduction=r, label_smoothing=0.1), [logits])
        out["nll_" + r] = run(lambda a: F.nll_loss(F.log_softmax(a, 1), classes.clamp(min=0), weight, reduction=r), [logits])
        out["bce_" + r] = run(lambda a: F.binary_cross_entropy_with_logits(a, labels, reduction=r, pos_weight=weight[0]), [x])
    out["smooth_l1_zero"] = run(lambda a, b: F.smooth_l1_loss(a, b, beta=0.0), [x, y])
    out["gaussian_homoscedastic"] = run(lambda a, b, c: F.gaussian_nll_loss(a, b, c), [x, y, v[:, :1].contiguous()])
    out["gaussian_per_row"] = run(lambda a, b, c: F.gaussian_nll_loss(a, b, c), [x, y, v[:, 0].contiguous()])
    out["cross_entropy_probabilities"] = run(lambda a: F.cross_entropy(a, probs), [logits])
    out["cross_entropy_ignore"] = run(lambda a: F.cross_entropy(a, classes.clamp(min=0), ignore_index=3), [logits])
    out["classes"] = {"inputs": [pack(classes), pack(weight), pack(labels), pack(probs), pack(allowed)]}
    out["attention"] = run(lambda a, b, c: torch.softmax(a @ b.transpose(-2, -1) / math.sqrt(8), -1) @ c, [q, k, w])
    mask = torch.zeros(4, 5, dtype=D).masked_fill(~allowed, -math.inf)
    out["attention_mask"] = run(lambda a, b, c: torch.softmax(a @ b.transpose(-2, -1) / math.sqrt(8) + mask, -1) @ c, [q, k, w])
    added = rand(4, 5, seed=30)
    out["attention_added"] = run(lambda a, b, c: torch.softmax(a @ b.transpose(-2, -1) / math.sqrt(8) + added, -1) @ c, [q, k, w])
    out["added"] = {"inputs": [pack(added)]}
    causal = torch.full((4, 4), -math.inf, dtype=D).triu(1)
    out["attention_causal"] = run(lambda a, b, c: torch.softmax(a @ b.transpose(-2, -1) / math.sqrt(8) + causal, -1) @ c,
                                  [q, k[:, :, :4].contiguous(), w[:, :, :4].contiguous()])
    p = rand(2, 3, 6, seed=31)
    out["pad"] = run(lambda a: F.pad(a, (1, 2), value=0.5), [p])
    out["pad_two"] = run(lambda a: F.pad(a, (1, -1, 2, 0)), [p])
    for mode in ("reflect", "replicate", "circular"):
        out["pad_" + mode] = run(lambda a: F.pad(a, (2, 3), mode=mode), [p])
    out["normalize"] = run(lambda a: F.normalize(a, dim=1), [p])
    out["normalize_3"] = run(lambda a: F.normalize(a, p=3.0, dim=-1, eps=1.5), [p])
    out["softmax"] = run(lambda a: F.softmax(a, -1), [p])
    out["log_softmax"] = run(lambda a: F.log_softmax(a, 1), [p])
    one = torch.tensor([[0, 2], [1, 4]])
    out["one_hot"] = {"inputs": [pack(one)], "outputs": [pack(F.one_hot(one)), pack(F.one_hot(one, 6))]}
    return out


def starts():
    """Starting values of one seed, in float32 as they are drawn."""
    out = {}

    def module(name, make):
        torch.manual_seed(2026)
        out[name] = {k: pack(v) for k, v in make().state_dict().items()}

    module("linear", lambda: nn.Linear(7, 5))
    module("conv1d", lambda: nn.Conv1d(4, 6, 3, groups=2))
    module("embedding", lambda: nn.Embedding(9, 4, padding_idx=1))
    module("lstm", lambda: nn.LSTM(3, 4, 2))
    module("gru", lambda: nn.GRU(3, 4, 1, bidirectional=True))
    module("layernorm", lambda: nn.LayerNorm(4))
    module("attention", lambda: nn.MultiheadAttention(8, 2, add_bias_kv=True))
    module("attention_widths", lambda: nn.MultiheadAttention(8, 2, kdim=4, vdim=6))
    module("sequence", lambda: nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2, bias=False)))

    def init(name, fill, *shape):
        torch.manual_seed(2026)
        t = torch.empty(*shape)
        fill(t)
        out["init_" + name] = {"t": pack(t)}

    init("uniform", lambda t: nn.init.uniform_(t, -0.5, 2.0), 3, 7)
    init("normal", lambda t: nn.init.normal_(t, 1.0, 0.5), 3, 7)
    init("normal_small", lambda t: nn.init.normal_(t, 1.0, 0.5), 2, 3)
    init("trunc_normal", lambda t: nn.init.trunc_normal_(t, 0.1, 0.5, -0.6, 0.7), 3, 7)
    init("xavier_uniform", lambda t: nn.init.xavier_uniform_(t, 1.5), 3, 7, 2)
    init("xavier_normal", lambda t: nn.init.xavier_normal_(t, 1.5), 3, 7, 2)
    init("kaiming_uniform", lambda t: nn.init.kaiming_uniform_(t, 0.3), 3, 7, 2)
    init("kaiming_normal", lambda t: nn.init.kaiming_normal_(t, mode="fan_out", nonlinearity="relu"), 3, 7, 2)
    init("orthogonal", lambda t: nn.init.orthogonal_(t, 1.5), 4, 7)
    init("orthogonal_tall", lambda t: nn.init.orthogonal_(t), 7, 2, 2)
    init("constant", lambda t: nn.init.constant_(t, 0.3), 2, 2)
    return out


def optimisers():
    shapes = [(3, 4), (4,), (1,)]
    steps = 6

    def gradient(shape, t, i):
        n = math.prod(shape)
        return torch.sin(torch.arange(n, dtype=D) * 0.7 + t * 1.3 + i).reshape(shape) * (0.5 + i)

    def trace(make, skip=False, schedule=None):
        params = [nn.Parameter(rand(*s, seed=40 + i)) for i, s in enumerate(shapes)]
        optimizer = make(params)
        after = []
        for t in range(steps):
            for i, p in enumerate(params):
                p.grad = None if skip and i == 1 and t in (0, 3) else gradient(shapes[i], t, i)
            optimizer.step()
            after.append([pack(p) for p in params])
        return {"start": [pack(rand(*s, seed=40 + i)) for i, s in enumerate(shapes)], "after": after}

    O = torch.optim
    out = {
        "sgd": trace(lambda p: O.SGD(p, 0.1)),
        "sgd_momentum": trace(lambda p: O.SGD(p, 0.1, momentum=0.9, dampening=0.2, weight_decay=0.05)),
        "sgd_nesterov": trace(lambda p: O.SGD(p, 0.1, momentum=0.8, nesterov=True, weight_decay=0.05)),
        "sgd_maximize": trace(lambda p: O.SGD(p, 0.1, momentum=0.8, weight_decay=0.05, maximize=True), skip=True),
        "adam": trace(lambda p: O.Adam(p, 0.05)),
        "adam_decay": trace(lambda p: O.Adam(p, 0.05, betas=(0.8, 0.95), eps=1e-4, weight_decay=0.1)),
        "adam_amsgrad": trace(lambda p: O.Adam(p, 0.05, amsgrad=True, betas=(0.5, 0.6))),
        "adam_maximize": trace(lambda p: O.Adam(p, 0.05, maximize=True, weight_decay=0.1)),
        "adam_skip": trace(lambda p: O.Adam(p, 0.05), skip=True),
        "adamw": trace(lambda p: O.AdamW(p, 0.05, weight_decay=0.1)),
        "adamw_plain": trace(lambda p: O.AdamW(p, 0.05, weight_decay=0.0)),
        "adamw_amsgrad": trace(lambda p: O.AdamW(p, 0.05, weight_decay=0.1, amsgrad=True, betas=(0.5, 0.6))),
        "adamw_maximize": trace(lambda p: O.AdamW(p, 0.05, weight_decay=0.1, maximize=True)),
        "adamw_skip": trace(lambda p: O.AdamW(p, 0.05, weight_decay=0.1), skip=True),
        "adam_groups": trace(lambda p: O.Adam([{"params": p[:1]}, {"params": p[1:], "lr": 0.2, "betas": (0.7, 0.9)}], 0.05)),
        "sgd_groups": trace(lambda p: O.SGD([{"params": p[:1], "momentum": 0.5}, {"params": p[1:], "lr": 0.2}], 0.05)),
    }
    return out


def schedules():
    S = torch.optim.lr_scheduler
    measures = [1.0, 0.9, 0.91, 0.92, 0.90, 0.95, 0.8, 0.81, 0.82, 0.83, 0.84, 0.85, 0.86, 0.87, 0.88, 0.89]

    def trace(make, steps=12, adam=False, measure=None):
        params = [nn.Parameter(torch.zeros(1)), nn.Parameter(torch.zeros(1))]
        groups = [{"params": params[:1]}, {"params": params[1:], "lr": 0.3}]
        optimizer = torch.optim.Adam(groups, 0.1) if adam else torch.optim.SGD(groups, 0.1, momentum=0.9)
        schedule = make(optimizer)
        momentum = lambda g: g["betas"][0] if adam else g["momentum"]
        rates, momenta = [[g["lr"] for g in optimizer.param_groups]], [[momentum(g) for g in optimizer.param_groups]]
        for t in range(steps):
            optimizer.step()
            schedule.step(measure[t]) if measure else schedule.step()
            rates.append([g["lr"] for g in optimizer.param_groups])
            momenta.append([momentum(g) for g in optimizer.param_groups])
        return {"rates": rates, "momenta": momenta}

    return {
        "step": trace(lambda o: S.StepLR(o, 3, 0.5)),
        "lambda": trace(lambda o: S.LambdaLR(o, lambda t: 0.9 ** t)),
        "lambda_groups": trace(lambda o: S.LambdaLR(o, [lambda t: 0.9 ** t, lambda t: 1.0 / (1 + t)])),
        "linear": trace(lambda o: S.LinearLR(o, 0.2, 0.9, 6)),
        "cosine": trace(lambda o: S.CosineAnnealingLR(o, 5, 0.01)),
        "one_cycle": trace(lambda o: S.OneCycleLR(o, 0.5, total_steps=13)),
        "one_cycle_adam": trace(lambda o: S.OneCycleLR(o, [0.5, 0.2], epochs=4, steps_per_epoch=4, pct_start=0.4), adam=True),
        "one_cycle_three": trace(lambda o: S.OneCycleLR(o, 0.5, total_steps=13, anneal_strategy="linear", three_phase=True,
                                                        base_momentum=0.7, max_momentum=0.8)),
        "one_cycle_still": trace(lambda o: S.OneCycleLR(o, 0.5, total_steps=13, cycle_momentum=False)),
        "plateau": trace(lambda o: S.ReduceLROnPlateau(o, factor=0.5, patience=1, cooldown=1), 16, measure=measures),
        "plateau_max": trace(lambda o: S.ReduceLROnPlateau(o, "max", 0.5, 2, 0.05, "abs", min_lr=[0.04, 0.1]), 16,
                             measure=[-m for m in measures]),
        "plateau_rel_max": trace(lambda o: S.ReduceLROnPlateau(o, "max", 0.5, 1, 0.02), 16, measure=measures[::-1]),
        "sequential": trace(lambda o: S.SequentialLR(o, [S.LinearLR(o, 0.25, 1.0, 4), S.CosineAnnealingLR(o, 8)], [4])),
        "sequential_three": trace(lambda o: S.SequentialLR(o, [S.LinearLR(o, 0.5, 1.0, 2), S.StepLR(o, 2, 0.5), S.LambdaLR(o, lambda t: 0.5 / (1 + t))],
                                                           [3, 8])),
    }


def clipping():
    grads = [rand(3, 4, seed=60), rand(4, seed=61), rand(1, seed=62)]
    out = {"grads": [pack(g) for g in grads]}
    for name, norm, kind in [("l2", 0.5, 2.0), ("l1", 2.0, 1.0), ("inf", 0.25, math.inf), ("loose", 50.0, 2.0), ("l3", 0.5, 3.0)]:
        params = [nn.Parameter(torch.zeros_like(g)) for g in grads]
        for p, g in zip(params, grads):
            p.grad = g.clone()
        total = torch.nn.utils.clip_grad_norm_(params, norm, kind)
        out[name] = {"max": norm, "type": number(kind), "norm": total.item(), "after": [pack(p.grad) for p in params]}
    params = [nn.Parameter(torch.zeros_like(g)) for g in grads]
    for p, g in zip(params, grads):
        p.grad = g.clone()
    torch.nn.utils.clip_grad_value_(params, 0.3)
    out["value"] = {"after": [pack(p.grad) for p in params]}
    return out


if __name__ == "__main__":
    values = {"modules": modules(), "functionals": functionals(), "starts": starts(), "optimisers": optimisers(),
              "schedules": schedules(), "clipping": clipping()}
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "nn.json")
    with open(path, "w") as f:
        for i, (section, cases) in enumerate(values.items()):
            f.write("{" if i == 0 else ",\n")
            f.write(json.dumps(section) + ": {\n")
            f.write(",\n".join(json.dumps(n) + ": " + json.dumps(c, separators=(",", ":")) for n, c in cases.items()))
            f.write("}")
        f.write("}\n")
    print(os.path.getsize(path), "bytes")
