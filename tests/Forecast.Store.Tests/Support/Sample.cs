using Forecast.Core.Data;
using Forecast.Core.Time;
using Forecast.Store.Runs;
using NodaTime;

namespace Forecast.Store.Tests.Support;

/// <summary>Panels, runs and blocks to store.</summary>
internal static class Sample
{
    public static readonly Instant Start = Instant.FromUtc(2017, 1, 2, 0, 0);

    /// <summary>Values that a careless store would change.</summary>
    public static readonly double[] Awkward =
    [
        0.1, double.NaN, -0.0, 0.0, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, 2.2250738585072011e-308, 1.0 / 3, Math.PI,
        BitConverter.Int64BitsToDouble(0x7FF0000000000001), // a signalling NaN
        BitConverter.Int64BitsToDouble(unchecked((long)0xFFF8000000001234)),
    ];

    public static Instant[] Days(int count, Instant? first = null) => [.. Enumerable.Range(0, count).Select(i => (first ?? Start) + Duration.FromDays(i))];

    public static Panel Panel(int rows = 40, string id = "EUR/USD") =>
        new([TimeSeries.Univariate(id, Frequency.Daily, Days(rows), [.. Enumerable.Range(0, rows).Select(i => Math.Sin(i))], unit: "log_return")]);

    public static NewRun Run(int items = 3, string? id = null) => new()
    {
        Id = id,
        SpecJson = """{"models":["naive"],"horizon":2}""",
        DataName = "eurusd",
        DataHash = "00ff",
        Seed = ulong.MaxValue,
        Device = "cpu",
        Engine = "0.1.0+test",
        Threads = 2,
        Command = "forecast backtest",
        Items = [.. Enumerable.Range(0, items).Select(b => new NewWorkItem(Key(b), $$"""{"block":{{b}}}"""))],
    };

    public static string Key(int block) => $"naive|0|{block}";

    /// <summary>The block that an item gives: folds of its own, so that blocks never share a key.</summary>
    public static BlockRecord Block(int block, int folds = 5, int steps = 2, string model = "naive", string series = "EUR/USD") => new()
    {
        Predictions = [.. Enumerable.Range(block * folds, folds).Select(f => Prediction(model, series, f, steps))],
        Folds = [.. Enumerable.Range(block * folds, folds).Select(f => new StoredFold(model, series, f, At(f), At(block * folds), Start, At(f), At(f + 1)))],
        Fits = [new StoredFit(model, series, At(block * folds), ulong.MaxValue - (ulong)block, Converged: block % 2 == 0, Parameters(block), ["stopped: tolerance met"])],
        Failures = [new StoredFailure(model, "broken", At(block * folds), "series-too-short", "3 rows, 10 needed")],
        FitSeconds = 0.25,
        PredictSeconds = 0.125,
        Worker = "worker-1",
    };

    public static StoredPrediction Prediction(string model, string series, int fold, int steps) => new()
    {
        Model = model,
        Series = series,
        Fold = fold,
        Cutoff = At(fold),
        Steps = [.. Enumerable.Range(1, steps)],
        Timestamps = Days(steps, At(fold + 1)),
        ObservedAt = Days(steps, At(fold + 1)),
        Actuals = Values(steps, fold),
        Means = Values(steps, fold + 1),
        Quantiles = Values(steps * 9, fold + 2),
        Crps = Values(steps, fold + 3),
        Pit = Values(steps, fold + 4),
        Shortfalls = fold % 2 == 0 ? [] : Values(steps * 2, fold + 5),
    };

    public static Instant At(int day) => Start + Duration.FromDays(day);

    private static double[] Values(int count, int from) => [.. Enumerable.Range(from, count).Select(i => Awkward[i % Awkward.Length])];

    private static OrderedDictionary<string, double> Parameters(int block) =>
        new(StringComparer.Ordinal) { ["omega"] = 1e-300 / 3, ["alpha1"] = -0.0, ["beta1"] = double.NaN, ["shape"] = double.PositiveInfinity, ["block"] = block };
}
