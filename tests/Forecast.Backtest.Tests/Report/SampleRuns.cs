using Forecast.Backtest.Engine;
using Forecast.Backtest.Plan;
using Forecast.Backtest.Results;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Core.Time;
using NodaTime;

namespace Forecast.Backtest.Tests.Report;

/// <summary>Runs with the shapes of real ones, made by formula and without any model, so that a report can be tested in a second.</summary>
internal static class SampleRuns
{
    public static readonly double[] Levels = [0.01, 0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975, 0.99];

    private static readonly Instant Created = Instant.FromUtc(2026, 3, 2, 9, 30);

    /// <summary>Two daily return series, four models, one step ahead: volatility that clusters, and models that know more or less of it.</summary>
    public static BacktestResult Daily(int folds = 500, string first = "EUR/USD", string second = "Brent", string[]? models = null, bool failures = false)
    {
        models ??= ["seasonal-naive", "arima(1,0,1)", "garch(1,1)-t", "arima-garch"];
        var history = 700;
        var panel = new Panel([Returns(first, 11, 0.006, history + folds, TradingCalendar.Get("TARGET")), Returns(second, 12, 0.021, history + folds, TradingCalendar.Get("XNYS"))]);
        var plan = new WalkForwardPlan { Horizon = 1, Step = 1, RefitEvery = 21 };
        var spec = new RunSpec { Data = "ecb_reference_rates:eur_usd, brent_spot (log returns)", Models = models, Plan = plan, Levels = Levels, Seed = 7 };
        var blocks = new List<BlockResult>();
        foreach (var (model, m) in models.Select((name, i) => (name, i)))
        {
            foreach (var (series, shard) in panel.Series.Select((s, i) => (s, i)))
                blocks.AddRange(DailyBlocks(model, m, series, shard, history, failures && m == 1 && shard == 0));
        }

        return ResultAssembler.Assemble(panel, spec, blocks, Origin("forecast backtest returns.csv --models \"seasonal-naive,arima(1,0,1),garch(1,1)-t,arima-garch\" --horizon 1 --refit every:21 --seed 7"));
    }

    /// <summary>A monthly series with trend and season, a year ahead from each of a few cutoffs, with an embargo of two rows.</summary>
    public static BacktestResult Monthly(int folds = 18, int horizon = 12, int gap = 2)
    {
        var calendar = TradingCalendar.AlwaysOpen;
        var start = Instant.FromUtc(2008, 1, 1, 0, 0);
        var rows = 96 + (folds * 3) + horizon + gap;
        var random = new RandomSource(5);
        var times = Enumerable.Range(0, rows).Select(i => Frequency.Monthly.Add(start, i, calendar)).ToArray();
        var values = Enumerable.Range(0, rows).Select(i => Level(i) + (8 * random.NextNormal())).ToArray();
        values[60] = double.NaN;
        values[^20] = double.NaN;
        var series = TimeSeries.Univariate("passengers", Frequency.Monthly, times, values, calendar, "thousands");
        string[] models = ["seasonal-naive", "arima(0,1,1)(0,1,1)[12]", "drift"];
        var spec = new RunSpec { Data = "air_passengers", Models = models, Plan = new WalkForwardPlan { Horizon = horizon, Step = 3, Gap = gap, RollingRows = 96 }, Levels = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975] };
        var blocks = models.SelectMany((model, m) => Enumerable.Range(0, folds).Select(f => MonthlyBlock(model, m, series, spec, f, 95 + (3 * f)))).ToArray();
        return ResultAssembler.Assemble(new Panel([series]), spec, blocks, Origin("forecast backtest air_passengers --horizon 12 --step 3 --gap 2 --window rolling:96"));

        static double Level(int i) => 300 + (1.5 * i) + ((40 + (0.2 * i)) * Math.Sin(2 * Math.PI * i / 12));
    }

    private static Lineage Origin(string command) => new() { RunId = "7f3a91c2", CreatedAt = Created, Engine = "0.1.0+bf1ae2b", Device = "cpu", Threads = 2, Seed = 7, Command = command };

    private static TimeSeries Returns(string id, ulong seed, double scale, int rows, TradingCalendar calendar)
    {
        var random = new RandomSource(seed);
        var date = new LocalDate(2014, 1, 2);
        var times = new Instant[rows];
        var values = new double[rows];
        var (variance, last) = (1.0, 0.0);
        for (var i = 0; i < rows; i++)
        {
            times[i] = date.AtMidnight().InUtc().ToInstant();
            date = calendar.AddOpenDays(date, 1);
            variance = 0.03 + (0.09 * last * last) + (0.88 * variance);
            last = Math.Sqrt(variance) * random.NextNormal() * (random.NextDouble() < 0.06 ? 1.9 : 0.92);
            values[i] = scale * last;
        }

        return TimeSeries.Univariate(id, Frequency.BusinessDay, times, values, calendar, "log return");
    }

    private static IEnumerable<BlockResult> DailyBlocks(string model, int kind, TimeSeries series, int shard, int history, bool fails)
    {
        var values = series.Targets[0].Values.ToArray();
        var times = series.Times.ToArray();
        var folds = values.Length - history;
        var variances = Variances(values);
        var whole = Math.Sqrt(values.Take(history).Average(v => v * v));
        for (var block = 0; block * 21 < folds; block++)
        {
            var numbers = Enumerable.Range(block * 21, Math.Min(21, folds - (block * 21))).ToArray();
            var fitCutoff = times[history + numbers[0] - 1];
            var work = numbers.Select(f => new WorkFold(f, times[history + f - 1], [series.Id])).ToArray();
            var lost = fails && block == 3;
            yield return new BlockResult
            {
                Item = new WorkItem(model, shard, [series.Id], block, fitCutoff, work),
                Predictions = lost ? [] : [.. numbers.Select(f => Row(model, series, f, history + f, 1, times[history + f - 1], Law(kind, values, variances, whole, history + f), values[history + f], Levels))],
                Folds = [.. numbers.Select(f => new FoldRecord(series.Id, f, times[history + f - 1], fitCutoff, times[0], times[history + f - 1], times[history + f]))],
                Fits = [new FitRecord(series.Id, fitCutoff, 1, true, new Dictionary<string, double>(), [])],
                Failures = lost ? [.. numbers.Select(f => new SeriesFailure(model, series.Id, times[history + f - 1], "fit-failed", "the optimiser found no finite likelihood; shorten the window or drop the moving-average term"))] : [],
                Repairs = [],
                FitSeconds = 0.02 + (0.15 * kind),
                PredictSeconds = 0.03,
            };
        }
    }

    private static LocationScaleMarginal Law(int kind, double[] values, double[] variances, double whole, int row) => kind switch
    {
        0 => LocationScaleMarginal.Normal(0.25 * values[row - 5], whole * 1.1),
        1 => LocationScaleMarginal.Normal(0.02 * values[row - 1], whole),
        2 => LocationScaleMarginal.Normal(0, Math.Sqrt(variances[row])),
        _ => LocationScaleMarginal.Normal(0.02 * values[row - 1], Math.Sqrt(variances[row]) * 0.93),
    };

    private static double[] Variances(double[] values)
    {
        var result = new double[values.Length];
        result[0] = values.Average(v => v * v);
        for (var i = 1; i < values.Length; i++) result[i] = (0.03 * result[0]) + (0.09 * values[i - 1] * values[i - 1]) + (0.88 * result[i - 1]);
        return result;
    }

    private static BlockResult MonthlyBlock(string model, int kind, TimeSeries series, RunSpec spec, int fold, int last)
    {
        var values = series.Targets[0].Values.ToArray();
        var times = series.Times.ToArray();
        var plan = spec.Plan;
        var cutoff = times[last];
        var rows = Enumerable.Range(plan.Gap + 1, plan.Horizon).Select(h =>
        {
            var seasonal = values[last + h - (12 * ((h + 11) / 12))];
            var mean = kind switch { 0 => seasonal, 1 => seasonal + 17, _ => values[last] + (1.5 * h) };
            var law = LocationScaleMarginal.Normal(double.IsNaN(mean) ? values[last + h - 24] : mean, kind switch { 0 => 20, 1 => 7 + (0.8 * h), _ => 14 * Math.Sqrt(h) });
            return Row(model, series, fold, last + h, h, cutoff, law, values[last + h], spec.Levels);
        }).ToArray();
        return new BlockResult
        {
            Item = new WorkItem(model, 0, [series.Id], fold, cutoff, [new WorkFold(fold, cutoff, [series.Id])]),
            Predictions = rows,
            Folds = [new FoldRecord(series.Id, fold, cutoff, cutoff, times[last - 95], cutoff, times[last + plan.Gap + 1])],
            Fits = [new FitRecord(series.Id, cutoff, 1, true, new Dictionary<string, double>(), [])],
            Failures = [],
            Repairs = kind == 2 && fold == 4 ? [new QuantileRepair(model, series.Id, fold, 3)] : [],
            FitSeconds = 0.1 * kind,
            PredictSeconds = 0.01,
            Exposure = kind == 2 ? PretrainingExposure.Unknown : PretrainingExposure.Clean,
        };
    }

    private static PredictionRow Row(string model, TimeSeries series, int fold, int row, int h, Instant cutoff, LocationScaleMarginal law, double actual, IReadOnlyList<double> levels)
    {
        var quantiles = new double[levels.Count];
        for (var k = 0; k < quantiles.Length; k++) law.TryQuantile(levels[k], out quantiles[k]);
        law.TryCdf(actual, out var pit);
        law.TryCrps(actual, out var crps);
        return new PredictionRow
        {
            Model = model,
            Series = series.Id,
            Fold = fold,
            Cutoff = cutoff,
            H = h,
            Timestamp = series.Times[row],
            ObservedAt = series.Times[row],
            Actual = actual,
            Mean = law.Mean,
            Quantiles = quantiles,
            Crps = crps,
            Pit = pit,
        };
    }
}
