using Forecast.Core.Data;
using NodaTime;

namespace Forecast.Hosting.Datasets;

/// <summary>A stretch of a series in buckets of equally many rows.</summary>
/// <param name="From">First row.</param>
/// <param name="To">The row after the last one.</param>
/// <param name="Each">Rows of a bucket; the last one may hold fewer.</param>
/// <param name="Times">Time of each bucket's first row.</param>
/// <param name="Low">Smallest value of each bucket; NaN when all are missing.</param>
/// <param name="High">Largest value.</param>
/// <param name="Missing">How many values of each are missing.</param>
public sealed record Buckets(int From, int To, int Each, Instant[] Times, double[] Low, double[] High, int[] Missing);

/// <summary>
/// Smallest and largest values of a series over ever longer stretches, worked out once: level k holds buckets of 4^k rows, so that any
/// stretch is summed up from a few times as many buckets as are asked for, however long it is.
/// </summary>
public sealed class MinMaxPyramid
{
    private const int Factor = 4;

    private readonly long[] _ticks;
    private readonly List<Level> _levels;

    /// <param name="series">Its first target is summed up.</param>
    public MinMaxPyramid(TimeSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        var values = series.Targets[0].Values.ToArray();
        _ticks = new long[values.Length];
        for (var t = 0; t < _ticks.Length; t++) _ticks[t] = series.Times[t].ToUnixTimeTicks();
        _levels = [new Level(1, values, values, Array.ConvertAll(values, v => double.IsNaN(v) ? 1 : 0))];
        while (_levels[^1].Low.Length > Factor) _levels.Add(Coarser(_levels[^1]));
    }

    public int Rows => _ticks.Length;

    /// <summary>Sums up the rows between two instants, ends included, in at most <paramref name="most"/> buckets.</summary>
    /// <remarks>Buckets begin at multiples of their length, so that they stay the same while the stretch moves.</remarks>
    /// <param name="from">Earliest time; null = from the first row.</param>
    /// <param name="to">Latest time; null = to the last row.</param>
    /// <param name="most">Buckets at most, 1 or more; two further ones may stand at the ends.</param>
    public Buckets Read(Instant? from, Instant? to, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        var first = from is { } earliest ? FirstAt(earliest.ToUnixTimeTicks()) : 0;
        var end = to is { } latest ? FirstAt(latest.ToUnixTimeTicks() + 1) : Rows;
        if (end <= first) return new Buckets(first, first, 1, [], [], [], []);
        var each = (end - first + most - 1) / most;
        var level = _levels.Last(l => l.Each <= each);
        each = (each + level.Each - 1) / level.Each * level.Each;
        first = first / each * each;
        end = Math.Min(Rows, (end + each - 1) / each * each);
        var count = (end - first + each - 1) / each;
        var buckets = new Buckets(first, end, each, new Instant[count], new double[count], new double[count], new int[count]);
        for (var b = 0; b < count; b++) Fill(buckets, b, level);
        return buckets;
    }

    /// <summary>One row; none where there is no such row.</summary>
    public Buckets Row(int row)
    {
        if (row < 0 || row >= Rows) return new Buckets(row, row, 1, [], [], [], []);
        var bucket = new Buckets(row, row + 1, 1, new Instant[1], new double[1], new double[1], new int[1]);
        Fill(bucket, 0, _levels[0]);
        return bucket;
    }

    private void Fill(Buckets buckets, int b, Level level)
    {
        var row = buckets.From + (b * buckets.Each);
        buckets.Times[b] = Instant.FromUnixTimeTicks(_ticks[row]);
        var place = row / level.Each;
        var (low, high, missing) = level.Over(place, Math.Min(place + (buckets.Each / level.Each), level.Low.Length));
        (buckets.Low[b], buckets.High[b], buckets.Missing[b]) = (low, high, missing);
    }

    /// <summary>The first row at or after an instant.</summary>
    private int FirstAt(long ticks)
    {
        var found = Array.BinarySearch(_ticks, ticks);
        return found >= 0 ? found : ~found;
    }

    private static Level Coarser(Level fine)
    {
        var count = (fine.Low.Length + Factor - 1) / Factor;
        var level = new Level(fine.Each * Factor, new double[count], new double[count], new int[count]);
        for (var b = 0; b < count; b++)
            (level.Low[b], level.High[b], level.Missing[b]) = fine.Over(b * Factor, Math.Min((b + 1) * Factor, fine.Low.Length));
        return level;
    }

    private sealed record Level(int Each, double[] Low, double[] High, int[] Missing)
    {
        public (double Low, double High, int Missing) Over(int from, int to)
        {
            var (low, high, missing) = (double.NaN, double.NaN, 0);
            for (var i = from; i < to; i++)
            {
                missing += Missing[i];
                // A comparison with NaN is false, so that the first value that is there is taken.
                if (!(Low[i] >= low) && !double.IsNaN(Low[i])) low = Low[i];
                if (!(High[i] <= high) && !double.IsNaN(High[i])) high = High[i];
            }

            return (low, high, missing);
        }
    }
}
