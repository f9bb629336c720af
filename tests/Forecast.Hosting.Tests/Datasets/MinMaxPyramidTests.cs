using Forecast.Core.Data;
using Forecast.Core.Time;
using Forecast.Hosting.Datasets;
using NodaTime;

namespace Forecast.Hosting.Tests.Datasets;

/// <summary>A pyramid says what the values say, whatever stretch is asked for.</summary>
public sealed class MinMaxPyramidTests
{
    private static readonly Instant Start = Instant.FromUtc(2024, 1, 1, 0, 0);

    private static TimeSeries Series(int rows, Func<int, double> value) => TimeSeries.Univariate(
        "s", Frequency.Hourly, [.. Enumerable.Range(0, rows).Select(t => Start + Duration.FromHours(t))], [.. Enumerable.Range(0, rows).Select(value)]);

    [Theory]
    [InlineData(1, 0, 0, 10)]
    [InlineData(5, 0, 4, 3)]
    [InlineData(1000, 0, 999, 1250)]
    [InlineData(1000, 17, 803, 50)]
    [InlineData(100_003, 5, 99_999, 1250)]
    [InlineData(100_003, 50_000, 50_400, 1250)]
    public void Each_bucket_holds_the_extremes_and_the_missing_of_its_rows(int rows, int from, int to, int most)
    {
        var random = new Random(3);
        var values = Enumerable.Range(0, rows).Select(_ => random.NextDouble() < 0.05 ? double.NaN : random.NextDouble()).ToArray();
        var buckets = new MinMaxPyramid(Series(rows, t => values[t])).Read(Start + Duration.FromHours(from), Start + Duration.FromHours(to), most);
        buckets.Low.Length.ShouldBeInRange(1, most + 2);
        buckets.From.ShouldBeLessThanOrEqualTo(from);
        buckets.To.ShouldBeGreaterThan(to);
        for (var b = 0; b < buckets.Low.Length; b++)
        {
            var first = buckets.From + (b * buckets.Each);
            var own = values[first..Math.Min(rows, first + buckets.Each)];
            var known = own.Where(v => !double.IsNaN(v)).DefaultIfEmpty(double.NaN).ToArray();
            buckets.Low[b].ShouldBe(known.Min());
            buckets.High[b].ShouldBe(known.Max());
            buckets.Missing[b].ShouldBe(own.Count(double.IsNaN));
            buckets.Times[b].ShouldBe(Start + Duration.FromHours(first));
        }
    }

    [Fact]
    public void Buckets_stay_the_same_while_the_stretch_moves()
    {
        var pyramid = new MinMaxPyramid(Series(50_000, t => Math.Sin(t)));
        var here = pyramid.Read(Start + Duration.FromHours(10_000), Start + Duration.FromHours(29_999), 500);
        var there = pyramid.Read(Start + Duration.FromHours(10_007), Start + Duration.FromHours(30_006), 500);
        there.Each.ShouldBe(here.Each);
        (there.From % there.Each).ShouldBe(0);
        here.Times.Intersect(there.Times).Count().ShouldBeGreaterThan(400);
    }

    [Fact]
    public void A_stretch_without_rows_is_empty()
    {
        var pyramid = new MinMaxPyramid(Series(10, t => t));
        pyramid.Read(Start + Duration.FromDays(9), null, 5).Low.ShouldBeEmpty();
        pyramid.Read(null, Start - Duration.FromDays(9), 5).Low.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cache_reads_a_series_once_and_forgets_what_failed()
    {
        var cache = new PyramidCache(rows: 25);
        var reads = 0;
        Task<TimeSeries> Read()
        {
            reads++;
            return Task.FromResult(Series(10, t => t));
        }

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => cache.GetAsync("a", Read)));
        reads.ShouldBe(1);
        await Should.ThrowAsync<InvalidOperationException>(cache.GetAsync("b", () => throw new InvalidOperationException("not now")));
        (await cache.GetAsync("b", Read)).Pyramid.Rows.ShouldBe(10);
        await cache.GetAsync("c", Read);
        reads.ShouldBe(3);
        await cache.GetAsync("a", Read);
        reads.ShouldBe(4, "a was the oldest of 30 rows, and 25 are kept");
    }
}
