"""Scores of back-test results side by side: a row a model (a network's seeds as mean and range), MASE, WQL, seconds."""
import json
import sys

title, *paths = sys.argv[1:]
rows = {}
for path in paths:
    with open(path) as file:
        result = json.load(file)
    timings = {t["model"]: t for t in result["timings"]}
    for model in timings:
        scores = {m["name"]: m["value"] for m in result["metrics"] if m["model"] == model and m["series"] == "all"}
        rows.setdefault(model, []).append((scores["MASE"], scores["WQL"], timings[model]["fitSeconds"], timings[model]["predictSeconds"]))

print(title)
print(f"{'model':34} {'MASE':>7} {'range':>17} {'WQL':>7} {'fit s':>8} {'predict s':>10}")
for model, runs in rows.items():
    mean = [sum(column) / len(runs) for column in zip(*runs)]
    spread = f"{min(r[0] for r in runs):.4f} - {max(r[0] for r in runs):.4f}" if len(runs) > 1 else ""
    print(f"{model:34} {mean[0]:7.4f} {spread:>17} {mean[1]:7.4f} {mean[2]:8.1f} {mean[3]:10.1f}")
