using System.Globalization;
using System.IO.Compression;
using Forecast.Core.Data;
using Forecast.Core.Time;
using NodaTime;

namespace Forecast.PeerBenchmarks;

/// <summary>The data of all rows: read once, written as plain lines for the peers.</summary>
internal sealed class Series
{
    private const int Window = 2000;
    private const int Windows = 10;
    private const int Apart = 20;
    private readonly Dictionary<string, double[][]> _sets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PanelView[]> _views = new(StringComparer.Ordinal);

    /// <param name="datasets">The project's folder of data.</param>
    /// <param name="sample">Training parts of M3 monthly series, gzipped CSV <c>unique_id,t,y</c>.</param>
    public Series(string datasets, string sample)
    {
        var m3 = Long(sample);
        _sets["m3-20"] = Pick(m3, M3Sample.Twenty);
        _sets["m3-60"] = Pick(m3, M3Sample.Sixty);
        _sets["air"] = [[.. Column(datasets, "air_passengers.csv").Select(v => Math.Log(v))]];
        _sets["lynx"] = [Column(datasets, "lynx.csv")];
        _sets["dem2gbp"] = [Column(datasets, "dem2gbp.csv")];
        var closes = Column(datasets, "nyse_composite.csv");
        double[] returns = [.. closes.Skip(1).Zip(closes, (now, before) => 100 * Math.Log(now / before))];
        _sets["windows"] = [.. Enumerable.Range(0, Windows).Select(w => returns.AsSpan(w * Apart, Window).ToArray())];
        foreach (var (name, series) in _sets)
        {
            var frequency = name is "m3-20" or "m3-60" or "air" ? Frequency.Monthly : Frequency.Index;
            _views[name] = [.. series.Select((values, i) => View($"{name}-{i}", values, frequency))];
        }
    }

    /// <summary>A view of each series of a set.</summary>
    public PanelView[] Views(string set) => _views[set];

    public double[][] Values(string set) => _sets[set];

    /// <summary>All series of a monthly set so many times over, under names of their own.</summary>
    public Panel Panel(string set, int copies) =>
        new([.. Enumerable.Range(0, copies).SelectMany(copy => _sets[set].Select((values, i) => One($"{set}-{copy}-{i}", values, Frequency.Monthly)))]);

    /// <summary>One file a set, one line a series.</summary>
    public void Write(string folder)
    {
        foreach (var (name, series) in _sets)
            File.WriteAllLines(Path.Combine(folder, name + ".txt"), series.Select(s => string.Join(',', s.Select(v => v.ToString("R", CultureInfo.InvariantCulture)))));
    }

    private static double[] Column(string folder, string file) =>
        [.. File.ReadLines(Path.Combine(folder, file)).Skip(1).Select(line => double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture))];

    private static Dictionary<string, double[]> Long(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var series = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            var fields = line.Split(',');
            if (!series.TryGetValue(fields[0], out var values)) series[fields[0]] = values = [];
            values.Add(double.Parse(fields[2], CultureInfo.InvariantCulture));
        }

        return series.ToDictionary(p => p.Key, p => p.Value.ToArray(), StringComparer.Ordinal);
    }

    private static double[][] Pick(Dictionary<string, double[]> m3, string names) => [.. names.Split(' ').Select(n => m3["N" + n])];

    private static PanelView View(string id, double[] values, Frequency frequency)
    {
        var series = One(id, values, frequency);
        return new Panel([series]).AsOf(series.Times[^1]);
    }

    private static TimeSeries One(string id, double[] values, Frequency frequency)
    {
        var first = new LocalDate(1960, 1, 1);
        Instant[] times = [.. values.Select((_, t) => frequency == Frequency.Monthly
            ? first.PlusMonths(t).AtMidnight().InUtc().ToInstant()
            : Instant.FromUnixTimeSeconds(t))];
        return TimeSeries.Univariate(id, frequency, times, values);
    }
}

/// <summary>Numbers of the M3 competition's monthly series, evenly spaced among the 952 of the collection's R package in its order.</summary>
internal static class M3Sample
{
    public const string Twenty =
        "1407 1473 1544 1613 1691 1768 1841 1918 1987 2061 2142 2216 2297 2383 2450 2544 2614 2687 2755 2829";

    public const string Sixty =
        "1407 1426 1444 1471 1495 1519 1540 1561 1581 1606 1632 1657 1681 1713 1734 1756 1782 1802 1824 1851 1878 1903 1926 1948 1967 1992 2013 2038 2064 2090 "
        + "2118 2141 2163 2190 2213 2239 2265 2289 2320 2349 2376 2397 2418 2439 2475 2500 2528 2555 2576 2596 2625 2647 2668 2691 2712 2737 2758 2781 2803 2829";
}
