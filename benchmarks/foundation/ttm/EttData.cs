using System.Globalization;
using System.IO.Compression;

namespace Forecast.TtmBenchmark;

/// <summary>
/// ETTh1 as the published protocol reads it: 12 months to train on, 4 to validate, 4 to test, every channel standardised by mean and
/// population deviation of the training months.
/// </summary>
internal sealed class EttData
{
    public const int TrainingRows = 12 * 30 * 24;
    public const int ValidationRows = 4 * 30 * 24;
    private const int TestRows = 4 * 30 * 24;

    private EttData(string[] names, float[][] rows) => (Names, Rows) = (names, rows);

    public string[] Names { get; }

    /// <summary>[time][channel], standardised.</summary>
    public float[][] Rows { get; }

    public int Channels => Names.Length;

    /// <summary>First row of the first test window's context.</summary>
    public static int TestStart(int context) => TrainingRows + ValidationRows - context;

    /// <summary>Windows of the test months: every one whose targets lie in them.</summary>
    public static int TestWindows(int horizon) => TestRows - horizon + 1;

    public static EttData Read(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var names = reader.ReadLine()!.Split(',')[1..];
        var raw = new List<double[]>();
        while (reader.ReadLine() is { Length: > 0 } line) raw.Add([.. line.Split(',')[1..].Select(v => double.Parse(v, CultureInfo.InvariantCulture))]);
        var (mean, deviation) = (new double[names.Length], new double[names.Length]);
        for (var c = 0; c < names.Length; c++)
        {
            mean[c] = raw.Take(TrainingRows).Average(r => r[c]);
            deviation[c] = Math.Sqrt(raw.Take(TrainingRows).Average(r => (r[c] - mean[c]) * (r[c] - mean[c])));
        }

        return new EttData(names, [.. raw.Select(r => r.Select((v, c) => (float)((v - mean[c]) / deviation[c])).ToArray())]);
    }
}
