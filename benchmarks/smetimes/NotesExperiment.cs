using System.Globalization;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Core.Time;
using Forecast.Models.Catalogue;
using NodaTime;

namespace Forecast.SmetimesBenchmark;

/// <summary>
/// Series whose future depends on words: a season of 12 rows with noise, and now and then a segment that is halved or doubled, which a
/// note says one segment before, in one of several wordings. The last segments are the test; some wordings occur nowhere else.
/// </summary>
internal static class NotesExperiment
{
    private const int SeriesCount = 40;
    private const int Segment = 12;
    private const int Segments = 60;
    private const int TestSegments = 10;

    private static readonly Event[] Events =
    [
        new(0.5, ["demand halves", "half the usual demand is expected", "a strike cuts sales in half"], ["only fifty percent of normal", "sales drop to one half"]),
        new(2, ["demand doubles", "twice the usual demand is expected", "a festival doubles sales"], ["two hundred percent of normal", "sales grow to the double"]),
        new(1, ["nothing special is planned", "a normal day is expected", "demand as usual"], ["an ordinary day", "no change is foreseen"]),
    ];

    public static void Run(string device, ulong seed)
    {
        var random = new RandomSource(Seeds.Derive(seed, "notes"));
        var start = Instant.FromUtc(2024, 1, 1, 0, 0);
        var times = Enumerable.Range(0, Segment * Segments).Select(t => start + Duration.FromHours(t)).ToArray();
        var plan = Enumerable.Range(0, SeriesCount).Select(_ => Enumerable.Range(0, Segments).Select(_ => Events[random.NextInt(Events.Length)]).ToArray()).ToArray();
        var values = plan.Select(p => Series(p, random)).ToArray();
        Note Told(int s, Event e, IReadOnlyList<string> words) => new(times[(s * Segment) - 1], times[s * Segment], times[((s + 1) * Segment) - 1], words[random.NextInt(words.Count)]);
        Panel Panel(Func<int, int, Note?> note) => new([.. plan.Select((_, i) =>
            TimeSeries.Univariate($"s{i}", Frequency.Hourly, times, values[i]).WithNotes([.. Enumerable.Range(1, Segments - 1).Select(s => note(i, s)).OfType<Note>()]))]);

        var seen = Panel((i, s) => Told(s, plan[i][s], plan[i][s].Words));
        var first = Segments - TestSegments;
        var task = new ForecastTask(Segment, ForecastTask.DefaultLevels);
        var history = seen.AsOf(times[(first * Segment) - 1]);
        IFittedForecaster Fit(string options) => ModelCatalogue.Default.Create($"smetimes{{segment: {Segment}, segments: 4, stride: {Segment}, epochs: 60, steps: 40, batch: 64, learning_rate: 0.003, patience: 15{options}}}").Fit(history, task, new FitContext(seed) { Device = device });
        var (told, plain) = (Fit(""), Fit(", prompts: none"));

        // Each test origin is forecast from the same past; only what is said about the segment ahead differs.
        Panel Ahead(Func<int, int, Note?> about) => Panel((i, s) => s < first ? seen.Series[i].Notes[s - 1] : about(i, s));
        var shuffled = plan.Select(p => p[first..].OrderBy(_ => random.NextDouble()).ToArray()).ToArray();
        Console.WriteLine("mean absolute error over the mean of the data, steps 1 to 12 of " + $"{SeriesCount * TestSegments} forecasts, seed {seed}");
        Print("with the note", told, seen);
        Print("without it", told, Ahead((_, _) => null));
        Print("with another segment's note", told, Ahead((i, s) => Told(s, shuffled[i][s - first], shuffled[i][s - first].Words)));
        Print("in words never seen in training", told, Ahead((i, s) => Told(s, plan[i][s], plan[i][s].Others)));
        Print("trained without words", plain, seen);

        void Print(string what, IFittedForecaster fitted, Panel panel)
        {
            var sums = new Dictionary<double, (double Sum, int Count)>();
            for (var s = first; s < Segments; s++)
            {
                var law = fitted.Condition(panel.AsOf(times[(s * Segment) - 1])).Predict(KnownFuture.None, Segment, 1);
                for (var i = 0; i < SeriesCount; i++)
                {
                    var error = Enumerable.Range(0, Segment).Average(h => Math.Abs(law[$"s{i}"].Quantile(h + 1, 0.5, "smetimes") - values[i][(s * Segment) + h]));
                    var (sum, count) = sums.GetValueOrDefault(plan[i][s].Factor);
                    sums[plan[i][s].Factor] = (sum + error, count + 1);
                }
            }

            var mean = values.Average(v => v.Average());
            Console.WriteLine($"{what,-34} {sums.Values.Sum(x => x.Sum) / sums.Values.Sum(x => x.Count) / mean:F4}   {string.Join("  ", sums.OrderBy(x => x.Key).Select(x => $"x{x.Key.ToString(CultureInfo.InvariantCulture)}: {x.Value.Sum / x.Value.Count / mean:F4}"))}");
        }
    }

    private static double[] Series(Event[] plan, RandomSource random)
    {
        var (level, phase) = (50 + (100 * random.NextDouble()), random.NextInt(Segment));
        return [.. Enumerable.Range(0, Segment * Segments).Select(t => plan[t / Segment].Factor * (level + (0.4 * level * Math.Sin(2 * Math.PI * (t + phase) / Segment)) + (0.05 * level * random.NextNormal())))];
    }

    /// <param name="Factor">What it does to its segment.</param>
    /// <param name="Words">How it is told.</param>
    /// <param name="Others">How it is told in the last test alone.</param>
    private sealed record Event(double Factor, IReadOnlyList<string> Words, IReadOnlyList<string> Others);
}
