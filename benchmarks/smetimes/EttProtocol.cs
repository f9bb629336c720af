using System.Globalization;
using System.IO.Compression;
using Forecast.Core.Data;
using Forecast.Core.Time;
using NodaTime;

namespace Forecast.SmetimesBenchmark;

/// <summary>
/// ETTh1 as the published protocol reads it: 12 months to train on, 4 to validate, 4 to test, every channel standardised by mean and
/// population deviation of the training months and forecast by itself from 672 rows; errors are means over all test windows, steps and
/// channels.
/// </summary>
internal sealed class EttProtocol
{
    public const int Lookback = 672;
    public const int Segment = 96;
    private const int TrainingRows = 12 * 30 * 24;
    private const int ValidationRows = 4 * 30 * 24;
    private const int TestRows = 4 * 30 * 24;

    private EttProtocol(Panel all, Panel known) => (All, Known) = (all, known);

    public static IReadOnlyList<int> Horizons { get; } = [96, 192, 336, 720];

    /// <summary>Share of the target rows before the test that the validation months are.</summary>
    public static double ValidationShare => (double)ValidationRows / (TrainingRows + ValidationRows - Lookback);

    /// <summary>All three spans.</summary>
    public Panel All { get; }

    /// <summary>Training and validation months.</summary>
    public Panel Known { get; }

    /// <summary>Last row before the targets of the first test window.</summary>
    public static int FirstOrigin => TrainingRows + ValidationRows - 1;

    /// <summary>Windows whose targets of <paramref name="horizon"/> steps lie in the test months.</summary>
    public static int Windows(int horizon) => TestRows - horizon + 1;

    /// <param name="path">The published file, compressed or not.</param>
    public static EttProtocol Read(string path)
    {
        using var file = File.OpenRead(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(stream);
        var names = reader.ReadLine()!.Split(',')[1..];
        var raw = new List<double[]>();
        while (reader.ReadLine() is { Length: > 0 } line) raw.Add([.. line.Split(',')[1..].Select(v => double.Parse(v, CultureInfo.InvariantCulture))]);
        var columns = names.Select((_, c) => Standardised([.. raw.Take(TrainingRows + ValidationRows + TestRows).Select(r => r[c])])).ToArray();
        return new EttProtocol(Of(names, columns, TrainingRows + ValidationRows + TestRows), Of(names, columns, TrainingRows + ValidationRows));
    }

    private static double[] Standardised(double[] values)
    {
        var mean = values.Take(TrainingRows).Average();
        var deviation = Math.Sqrt(values.Take(TrainingRows).Average(v => (v - mean) * (v - mean)));
        return Array.ConvertAll(values, v => (v - mean) / deviation);
    }

    private static Panel Of(string[] names, double[][] columns, int rows)
    {
        var start = Instant.FromUtc(2016, 7, 1, 0, 0);
        var times = Enumerable.Range(0, rows).Select(t => start + Duration.FromHours(t)).ToArray();
        return new Panel([.. names.Select((name, c) => TimeSeries.Univariate(name, Frequency.Hourly, times, columns[c][..rows]))]);
    }
}
