"""Data in, scores out, with nothing but Python's standard library.

tables.py long DATA_FOLDER SET [COUNT]     the training part as unique_id,ds,y on standard output; of COUNT series evenly spaced
tables.py rows SET MODEL SECONDS < JSON    the answer of `forecast predict --json` as rows set,model,series,h,mean,seconds
tables.py score DATA_FOLDER FILE...        MASE and sMAPE of every model in the files, ours beside R's on the same series; exit
                                           code 1 when a model of ours is worse than its peer by more than 1 %
"""
import csv
import gzip
import json
import math
import os
import sys

SETS = ["m3-yearly", "m3-quarterly", "m3-monthly", "m3-other", "m4-weekly", "m4-hourly"]

# Ours, and the model of R that it is held against.
PEERS = {"auto-ets": "ets", "auto-arima": "auto.arima", "theta": "thetaf", "ensemble": None, "auto": None}
LIMIT = 1.01


def season(name):
    return {"m3-quarterly": 4, "m3-monthly": 12, "m4-hourly": 24}.get(name, 1)


def read(folder, name):
    """{series: (training values, what came true)} of a set, in the file's order."""
    wanted = None
    if name.startswith("m3-"):
        with open(os.path.join(folder, "m3_series.csv"), newline="") as file:
            wanted = {row["series_id"] for row in csv.DictReader(file) if row["period"] == name[3:]}
    path = os.path.join(folder, "m3.csv.gz" if wanted else name.replace("-", "_") + ".csv.gz")
    found = {}
    with gzip.open(path, "rt", newline="") as file:
        for row in csv.DictReader(file):
            if wanted is None or row["series_id"] in wanted:
                found.setdefault(row["series_id"], ([], []))[row["split"] == "test"].append((int(row["t"]), float(row["value"])))
    return {s: tuple([v for _, v in sorted(part)] for part in parts) for s, parts in found.items()}


def long(folder, name, count=None):
    print("unique_id,ds,y")
    data = list(read(folder, name).items())
    if count not in (None, "all") and int(count) < len(data):
        n = int(count)
        data = [data[math.floor(k * (len(data) - 1) / (n - 1) + 0.5)] for k in range(n)]
    for series, (train, _) in data:
        for t, value in enumerate(train, 1):
            print(f"{series},{t},{value!r}")


def rows(name, model, seconds):
    answer = json.load(sys.stdin)
    each = float(seconds) / max(1, len(answer["series"]))
    for series in answer["series"]:
        for h, mean in enumerate(series["mean"], 1):
            print(f"{name},{model},{series['id']},{h},{mean!r},{each:.3f}")
    for failure in answer["failures"]:
        print(f"{name} {model} {failure['series']}: {failure['message']}", file=sys.stderr)


def errors(train, actual, forecast, m):
    """MASE (None where the training part has no seasonal change) and sMAPE in percent, by the rules of the M4 competition."""
    miss = [abs(y - f) for y, f in zip(actual, forecast)]
    changes = [abs(train[t] - train[t - m]) for t in range(m, len(train))]
    scale = sum(changes) / len(changes) if changes else 0
    sizes = [abs(y) + abs(f) for y, f in zip(actual, forecast)]
    smape = 200 * sum(e / s if s > 0 else 0 for e, s in zip(miss, sizes)) / len(miss)
    return (sum(miss) / len(miss) / scale if scale > 0 else None), smape


def score(folder, files):
    forecasts, seconds = {}, {}
    for path in files:
        with open(path, newline="") as file:
            for row in csv.DictReader(file, fieldnames=["set", "model", "series", "h", "mean", "seconds"]):
                if row["h"] == "h":
                    continue
                key = (row["set"], row["model"], row["series"])
                forecasts.setdefault(key, {})[int(row["h"])] = float(row["mean"])
                seconds[key] = float(row["seconds"])
    worse = []
    print(f"{'set':13} {'model':11} {'series':>6} {'MASE':>8} {'sMAPE':>8} {'s/series':>9}   ours/R's on the same series (standard error of the paired ratio)")
    for name in SETS:
        mine = {k: v for k, v in forecasts.items() if k[0] == name}
        if not mine:
            continue
        data = read(folder, name)
        results = {}
        for (_, model, series), steps in mine.items():
            train, actual = data[series]
            forecast = [steps.get(h, math.nan) for h in range(1, len(actual) + 1)]
            if not any(map(math.isnan, forecast)):
                results.setdefault(model, {})[series] = errors(train, actual, forecast, season(name)) + (seconds[name, model, series],)
        for model in [*PEERS, *(p for p in PEERS.values() if p)]:
            if model not in results:
                continue
            own = results[model]
            line = f"{name:13} {model:11} {len(own):6} {mean(own, 0):8.4f} {mean(own, 1):8.3f} {mean(own, 2):9.3f}"
            for peer in ([PEERS[model]] if PEERS.get(model) else ["ets", "thetaf"] if model in PEERS else []):
                if peer in results:
                    line += compare(name, model, own, peer, results[peer], worse)
            print(line)
    for line in worse:
        print("worse than the peer by more than 1 %:", line)
    return 1 if worse else 0


def compare(name, model, own, peer, other, worse):
    both = own.keys() & other.keys()
    ours, theirs = ({s: r[s] for s in both} for r in (own, other))
    text = f"   {peer} ({len(both)})"
    for place, metric in enumerate(["MASE", "sMAPE"]):
        a, b = mean(ours, place), mean(theirs, place)
        gaps = [ours[s][place] - theirs[s][place] for s in both if ours[s][place] is not None]
        spread = math.sqrt(sum((g - sum(gaps) / len(gaps)) ** 2 for g in gaps)) / len(gaps) / b
        text += f" {metric} {a:.4f}/{b:.4f} = {a / b:.4f} (s.e. {spread:.4f})"
        if a > LIMIT * b and PEERS[model] == peer:
            worse.append(f"{name} {model} {metric} {a / b:.4f}")
    return text


def mean(results, place):
    known = [r[place] for r in results.values() if r[place] is not None]
    return sum(known) / len(known) if known else math.nan


if __name__ == "__main__":
    verb, *rest = sys.argv[1:]
    if verb == "long":
        long(*rest)
    elif verb == "rows":
        rows(*rest)
    else:
        sys.exit(score(rest[0], rest[1:]))
