using Forecast.Backtest.Metrics;
using Forecast.Backtest.Report.Statistics;
using Forecast.Store.Runs;
using NodaTime;

namespace Forecast.Hosting.Backtests;

/// <summary>One model of one run, and its forecasts.</summary>
/// <param name="Run">Run id.</param>
/// <param name="Model">Model string.</param>
/// <param name="Forecasts">All of them.</param>
public sealed record Contender(string Run, string Model, IReadOnlyList<StoredPrediction> Forecasts);

/// <summary>How a contender did on what all of them forecast.</summary>
/// <param name="Run">Run id.</param>
/// <param name="Model">Model string.</param>
/// <param name="Ratio">Geometric mean over the series of its loss over the baseline's; NaN when none has both above 0.</param>
/// <param name="Rank">Mean rank over the series; ties share theirs.</param>
/// <param name="RankHalf">Half of the 95 % interval of the mean rank, 1.96 s / sqrt(series); NaN for fewer than two series.</param>
/// <param name="Mae">Mean absolute error over the series, each divided by the baseline's; NaN as above.</param>
/// <param name="Losses">Mean loss on each series.</param>
public sealed record Standing(string Run, string Model, double Ratio, double Rank, double RankHalf, double Mae, double[] Losses);

/// <summary>A Diebold-Mariano test of two contenders.</summary>
/// <param name="First">Place of the first.</param>
/// <param name="Second">Place of the second.</param>
/// <param name="Difference">Mean of the first's scaled losses less the second's: below 0 the first is better.</param>
/// <param name="PValue">After Holm's adjustment over all pairs; NaN where no test can be made.</param>
/// <param name="Note">Why there is none.</param>
public sealed record Duel(int First, int Second, double Difference, double PValue, string Note);

/// <summary>Models of one or several runs on the forecasts that all of them made: same series, same cutoff, same step, same outcome.</summary>
public sealed record RunComparison
{
    /// <summary><c>CRPS</c> where every common forecast has one, else <c>MAE</c>.</summary>
    public required string Score { get; init; }

    /// <summary>Series that all have.</summary>
    public required IReadOnlyList<string> Series { get; init; }

    /// <summary>Cutoffs that all have.</summary>
    public required int Cutoffs { get; init; }

    /// <summary>Forecasts (series, cutoff, step) that all have.</summary>
    public required int Common { get; init; }

    /// <summary>Forecasts that some have and others not: they are left out.</summary>
    public required int LeftOut { get; init; }

    public required IReadOnlyList<Standing> Standings { get; init; }

    public required IReadOnlyList<Duel> Duels { get; init; }

    public static RunComparison Nothing { get; } = new() { Score = "MAE", Series = [], Cutoffs = 0, Common = 0, LeftOut = 0, Standings = [], Duels = [] };

    /// <param name="contenders">Two or more; the first is the baseline.</param>
    /// <param name="overlap">Cutoffs over which outcomes are shared: 1 + floor((horizon - 1) / step).</param>
    public static RunComparison Of(IReadOnlyList<Contender> contenders, int overlap)
    {
        ArgumentNullException.ThrowIfNull(contenders);
        var points = contenders.Select(Points).ToArray();
        var common = points[0].Keys.Where(k => points.All(p => p.TryGetValue(k, out var loss) && loss.Actual.Equals(points[0][k].Actual))).ToArray();
        var all = points.SelectMany(p => p.Keys).Distinct().Count();
        var crps = common.Length > 0 && common.All(k => points.All(p => double.IsFinite(p[k].Crps)));
        var table = new LossTable(common, [.. points.Select(p => Array.ConvertAll(common, k => crps ? p[k].Crps : p[k].Error))]);
        var errors = new LossTable(common, [.. points.Select(p => Array.ConvertAll(common, k => p[k].Error))]);
        return new RunComparison
        {
            Score = crps ? "CRPS" : "MAE",
            Series = table.Series,
            Cutoffs = common.Select(k => k.Cutoff).Distinct().Count(),
            Common = common.Length,
            LeftOut = all - common.Length,
            Standings = [.. contenders.Select((c, i) => StandingOf(c, i, table, errors))],
            Duels = DuelsOf(table, contenders.Count, overlap),
        };
    }

    private static Standing StandingOf(Contender contender, int place, LossTable table, LossTable errors)
    {
        var ranks = table.Ranks(place);
        var mean = ranks.DefaultIfEmpty(double.NaN).Average();
        var half = ranks.Length < 2 ? double.NaN : 1.96 * Math.Sqrt(ranks.Sum(r => (r - mean) * (r - mean)) / (ranks.Length - 1) / ranks.Length);
        return new Standing(contender.Run, contender.Model, table.Ratio(place), mean, half, errors.Ratio(place), table.Means[place]);
    }

    private static Duel[] DuelsOf(LossTable table, int count, int overlap)
    {
        var pairs = Enumerable.Range(0, count).SelectMany(a => Enumerable.Range(0, a).Select(b => (First: a, Second: b))).ToArray();
        var tests = Array.ConvertAll(pairs, p =>
        {
            var differences = table.Differences(p.First, p.Second);
            var test = DieboldMariano.OfDifferences(differences, overlap);
            return double.IsNaN(test.PValue) && overlap > 1 && differences.Length > overlap ? DieboldMariano.OfDifferences(differences, overlap, LongRunKernel.Bartlett) : test;
        });
        var adjusted = HolmCorrection.Adjust(Array.ConvertAll(tests, t => t.PValue));
        return [.. pairs.Select((p, i) => new Duel(p.First, p.Second, tests[i].MeanDifference, adjusted[i], tests[i].Note))];
    }

    private static Dictionary<Point, Loss> Points(Contender contender)
    {
        var points = new Dictionary<Point, Loss>();
        foreach (var forecast in contender.Forecasts)
        {
            for (var i = 0; i < forecast.Steps.Length; i++)
            {
                var error = Math.Abs(forecast.Actuals[i] - forecast.Means[i]);
                if (double.IsFinite(error)) points[new Point(forecast.Series, forecast.Cutoff, forecast.Steps[i])] = new Loss(forecast.Actuals[i], error, forecast.Crps[i]);
            }
        }

        return points;
    }

    private readonly record struct Point(string Series, Instant Cutoff, int Step);

    private readonly record struct Loss(double Actual, double Error, double Crps);

    /// <summary>The losses of each contender at the common points.</summary>
    private sealed class LossTable
    {
        private readonly Point[] _points;
        private readonly double[][] _losses;
        private readonly Dictionary<string, int> _places;

        public LossTable(Point[] points, double[][] losses)
        {
            _points = points;
            _losses = losses;
            Series = [.. points.Select(p => p.Series).Distinct(StringComparer.Ordinal)];
            _places = Series.Select((id, i) => (id, i)).ToDictionary(s => s.id, s => s.i, StringComparer.Ordinal);
            Means = Array.ConvertAll(losses, MeansOf);
        }

        public IReadOnlyList<string> Series { get; }

        /// <summary>For each contender the mean loss on each series.</summary>
        public double[][] Means { get; }

        public double Ratio(int place)
        {
            var logs = Enumerable.Range(0, Series.Count).Where(s => Means[place][s] > 0 && Means[0][s] > 0).Select(s => Math.Log(Means[place][s] / Means[0][s])).ToArray();
            return logs.Length == 0 ? double.NaN : Math.Exp(logs.Average());
        }

        public double[] Ranks(int place) =>
            [.. Enumerable.Range(0, Series.Count).Select(s => 1 + Means.Count(m => m[s] < Means[place][s]) + ((Means.Count(m => m[s].Equals(Means[place][s])) - 1) / 2.0))];

        /// <summary>Differences cutoff by cutoff in time, each series' losses in units of the baseline's mean loss on it.</summary>
        public double[] Differences(int first, int second) =>
            [.. _points.Select((p, i) => (p.Cutoff, Value: (_losses[first][i] - _losses[second][i]) / Means[0][_places[p.Series]])).Where(d => double.IsFinite(d.Value)).GroupBy(d => d.Cutoff).OrderBy(g => g.Key).Select(g => g.Average(d => d.Value))];

        private double[] MeansOf(double[] losses)
        {
            var (sums, counts) = (new double[Series.Count], new int[Series.Count]);
            for (var i = 0; i < losses.Length; i++)
            {
                var s = _places[_points[i].Series];
                sums[s] += losses[i];
                counts[s]++;
            }

            return [.. sums.Select((sum, s) => sum / counts[s])];
        }
    }
}
