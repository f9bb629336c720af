using System.Collections.Concurrent;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using Forecast.Hosting.Forecasts;
using Forecast.Models.Catalogue;
using NodaTime;

namespace Forecast.Hosting.Tests.Forecasts;

/// <summary>Requests for one network that come at once go through it together and get what they get alone.</summary>
public sealed class JointPassesTests : IDisposable
{
    private const int Clients = 24;

    /// <summary>Of the largest deviation of a series from its mean: what <see cref="IJointPredictor"/> states.</summary>
    private const double Tolerance = 1e-5;

    private readonly string _weights = Directory.CreateTempSubdirectory("joint-").FullName;

    public JointPassesTests() => File.Copy(Repository.At("tests", "data", "golden", "tirex_b_two_heads.ckpt"), Path.Combine(_weights, "model.ckpt"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_weights, recursive: true);

    [Fact]
    public async Task Requests_that_come_at_once_share_passes_and_get_what_they_get_alone()
    {
        using var turns = new ForecastTurns(2);
        var service = new ForecastService(ModelCatalogue.Default, new FitCache(), ledger: null, turns: turns);
        var requests = Enumerable.Range(0, Clients).Select(Request).ToArray();
        var alone = requests.Select(r => service.Forecast(r, Cancel).Forecasts.Single().Value.Distribution).ToArray();
        var before = service.Passes.Count.Passes;

        var together = await Task.WhenAll(requests.Select(r => Task.Run(
            async () =>
            {
                using var turn = await turns.TakeAsync(Cancel);
                return (await service.ForecastAsync(r, turn, Cancel)).Forecasts.Single().Value.Distribution;
            },
            Cancel)));

        (service.Passes.Count.Passes - before).ShouldBeLessThan(Clients, "at least two went together");
        service.Passes.Count.Members.ShouldBe(Clients);
        for (var i = 0; i < Clients; i++)
        {
            var values = requests[i].Panel.Series[0].Targets[0].Values.ToArray();
            var unit = values.Max(v => Math.Abs(v - values.Average()));
            for (var h = 1; h <= alone[i].Horizon; h++)
            {
                together[i].Mean(h).ShouldBe(alone[i].Mean(h), Tolerance * unit);
                foreach (var level in (double[])[0.1, 0.5, 0.9]) together[i].Quantile(h, level, "tirex").ShouldBe(alone[i].Quantile(h, level, "tirex"), Tolerance * unit);
            }
        }
    }

    [Fact]
    public async Task Those_who_come_during_a_pass_go_together_in_the_next_and_an_error_is_everybodys()
    {
        var weights = new Weights();
        var passes = new JointPasses();
        var first = passes.PredictAsync([new Fit(weights)], 1, Cancel);
        await weights.Began.WaitAsync(Cancel);
        using var leaves = new CancellationTokenSource();
        var left = passes.PredictAsync([new Fit(weights)], 1, leaves.Token);
        var others = Enumerable.Range(0, 5).Select(_ => passes.PredictAsync([new Fit(weights), new Fit(weights)], 1, Cancel)).ToArray();
        await leaves.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => left);
        weights.GoOn.Release(2);
        (await first).Count.ShouldBe(1);
        foreach (var other in others) (await other).Count.ShouldBe(2);
        weights.Sizes.ShouldBe([1, 10]);

        weights.Error = new ForecastException("horizon-too-long", "too far", "horizon");
        weights.GoOn.Release(2);
        (await Should.ThrowAsync<ForecastException>(() => passes.PredictAsync([new Fit(weights)], 9, Cancel))).Code.ShouldBe("horizon-too-long");
        weights.Error = null;
        (await passes.PredictAsync([new Fit(weights)], 1, Cancel)).Count.ShouldBe(1);
    }

    private ForecastRequest Request(int number)
    {
        var random = new Random(number);
        var rows = 40 + (7 * number);
        var start = Instant.FromUtc(2024, 1, 1, 0, 0);
        return new ForecastRequest
        {
            Model = $"tirex{{weights: {_weights}}}",
            Panel = new Panel([TimeSeries.Univariate($"s{number}", Frequency.Daily, [.. Enumerable.Range(0, rows).Select(i => start + Duration.FromDays(i))], [.. Enumerable.Range(0, rows).Select(i => Math.Sin(i / 5.0) + random.NextDouble())])]),
            Task = new ForecastTask(40, [0.1, 0.5, 0.9]),
            Seed = 1,
        };
    }

    /// <summary>A network that says when it began and goes on when told to.</summary>
    private sealed class Weights
    {
        public SemaphoreSlim Began { get; } = new(0);

        public SemaphoreSlim GoOn { get; } = new(0);

        public ConcurrentQueue<int> Sizes { get; } = new();

        public ForecastException? Error { get; set; }
    }

    private sealed class Fit(Weights weights) : IJointPredictor
    {
        object IJointPredictor.Weights => weights;

        public IReadOnlyDictionary<string, FitSummary> Summaries => throw new NotSupportedException();

        public IReadOnlyList<PanelPrediction> PredictTogether(IReadOnlyList<IJointPredictor> members, int horizon)
        {
            weights.Sizes.Enqueue(members.Count);
            weights.Began.Release();
            weights.GoOn.Wait(TimeSpan.FromSeconds(30)).ShouldBeTrue();
            if (weights.Error is { } error) throw error;
            return [.. members.Select(_ => new PanelPrediction(new Dictionary<string, Core.Distributions.PredictiveDistribution>(StringComparer.Ordinal), new Dictionary<string, ForecastException>(StringComparer.Ordinal)))];
        }

        public IFittedForecaster Condition(PanelView history) => throw new NotSupportedException();

        public PanelPrediction Predict(KnownFuture future, int horizon, ulong seed) => throw new NotSupportedException();

        public void Save(ModelArchive archive) => throw new NotSupportedException();
    }
}
