using System.Globalization;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using Forecast.Models.Catalogue;
using NodaTime;
using NodaTime.Text;

namespace Forecast.SmetimesBenchmark;

/// <summary>
/// Taxi passengers of New York, half-hourly: five days that everybody knew of beforehand, each forecast by a model that was fitted on the
/// rows before it, with the holidays before it told in words as well.
/// </summary>
internal static class TaxiExperiment
{
    private const int Day = 48;

    private static readonly (string Date, string Words)[] Before =
    [
        ("2014-07-04", "Independence Day, a public holiday"), ("2014-09-01", "Labor Day, a public holiday"), ("2014-10-13", "Columbus Day, a public holiday"),
        ("2014-10-31", "Halloween, people go out at night"), ("2014-11-11", "Veterans Day, a public holiday"), ("2014-11-28", "the day after Thanksgiving, many do not work"),
        ("2014-12-24", "Christmas Eve, many do not work"), ("2014-12-31", "New Year's Eve, people go out at night"), ("2015-01-19", "Martin Luther King Day, a public holiday"),
    ];

    private static readonly (string Date, string Words, string Otherwise)[] Tested =
    [
        ("2014-11-02", "the city marathon, streets are closed", "thousands run through the city"),
        ("2014-11-27", "Thanksgiving Day, a public holiday", "families stay at home and eat turkey"),
        ("2014-12-25", "Christmas Day, a public holiday", "presents under the tree, shops are shut"),
        ("2015-01-01", "New Year's Day, a public holiday", "the first day of the year"),
        ("2015-01-27", "a snow storm, driving is forbidden", "blizzard, everything stands still"),
    ];

    public static void Run(string path, string device, ulong seed)
    {
        var lines = File.ReadLines(path).Skip(1).Where(l => l.Length > 0).Select(l => l.Split(',')).ToArray();
        var times = lines.Select(l => LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss").Parse(l[0].Replace('T', ' ').TrimEnd('Z')).Value.InUtc().ToInstant()).ToArray();
        var values = lines.Select(l => double.Parse(l[^1], CultureInfo.InvariantCulture)).ToArray();
        var plain = TimeSeries.Univariate("taxi", Frequency.Parse("PT30M"), times, values);
        var all = Before.Concat(Tested.Select(t => (t.Date, t.Words))).Select(e => (Start: Start(e.Date), e.Words)).ToArray();
        Console.WriteLine($"mean absolute error of the day, passengers in half an hour, seed {seed}");
        Console.WriteLine($"{"day",-12}{"with the note",16}{"without",12}{"another day's",16}{"other words",14}{"last week's day",18}");
        var sums = new double[5];
        foreach (var (date, words, otherwise) in Tested)
        {
            var start = Start(date);
            var cutoff = start - Duration.FromMinutes(30);
            var past = all.Where(e => e.Start < start).Select(e => Told(e.Start, e.Words)).ToArray();
            var row = Array.BinarySearch(times, start);
            Panel Standing(params string[] about) => new([plain.WithNotes([.. past, .. about.Select(t => Told(start, t))])]);
            var fitted = ModelCatalogue.Default.Create("smetimes{segment: 48, segments: 7, stride: 4, epochs: 15, steps: 40, patience: 5}")
                .Fit(Standing().AsOf(cutoff), new ForecastTask(Day, ForecastTask.DefaultLevels), new FitContext(seed) { Device = device });
            var other = Tested[(Array.FindIndex(Tested, t => t.Date == date) + 1) % Tested.Length].Words;
            double[] errors =
            [
                Error(fitted, Standing(words)), Error(fitted, Standing()), Error(fitted, Standing(other)), Error(fitted, Standing(otherwise)),
                Enumerable.Range(0, Day).Average(h => Math.Abs(values[row + h] - values[row + h - (7 * Day)])),
            ];
            for (var i = 0; i < errors.Length; i++) sums[i] += errors[i] / Tested.Length;
            Print(date, errors);

            double Error(IFittedForecaster model, Panel panel)
            {
                var law = model.Condition(panel.AsOf(cutoff)).Predict(KnownFuture.None, Day, 1)["taxi"];
                return Enumerable.Range(0, Day).Average(h => Math.Abs(law.Quantile(h + 1, 0.5, "smetimes") - values[row + h]));
            }
        }

        Print("mean", sums);

        static void Print(string day, double[] errors) => Console.WriteLine($"{day,-12}{errors[0],16:F0}{errors[1],12:F0}{errors[2],16:F0}{errors[3],14:F0}{errors[4],18:F0}");
    }

    private static Instant Start(string date) => LocalDatePattern.Iso.Parse(date).Value.AtMidnight().InUtc().ToInstant();

    /// <summary>Known a day before.</summary>
    private static Note Told(Instant start, string words) => new(start - Duration.FromDays(1), start, start + Duration.FromMinutes(30 * (Day - 1)), words);
}
