"""Reads the name of a row a line, runs it for a while and answers: seconds a fit, then what was found for each series.

    python3 peer.py FOLDER cpu|wall
"""
import os
import sys
import time
import warnings

import numpy
import statsmodels
from statsmodels.tsa.holtwinters import ExponentialSmoothing
from statsmodels.tsa.statespace.sarimax import SARIMAX

folder, clock = sys.argv[1:3]
now = time.process_time if clock == "cpu" else time.perf_counter
warnings.simplefilter("ignore")


def read(name):
    with open(os.path.join(folder, name + ".txt"), encoding="ascii") as lines:
        return [numpy.array([float(v) for v in line.split(",")]) for line in lines]


def airline(y):
    return SARIMAX(y, order=(0, 1, 1), seasonal_order=(0, 1, 1, 12)).fit(disp=False)


def holt_winters(y):
    return ExponentialSmoothing(y, trend="add", seasonal="add", seasonal_periods=12).fit()


rows = {
    "airline": (read("air"), airline, lambda f: f.llf),
    "holt-winters": (read("m3-20"), holt_winters, lambda f: f.sse),
}
print("statsmodels", statsmodels.__version__, flush=True)
for line in sys.stdin:
    data, fit, found = rows[line.strip()]
    start, blocks, taken = now(), 0, 0.0
    while taken < 0.3:
        fits = [fit(y) for y in data]
        blocks += 1
        taken = now() - start
    print(f"{taken / blocks / len(fits):.9g}", ";".join(f"{found(f):.15g}" for f in fits), flush=True)
