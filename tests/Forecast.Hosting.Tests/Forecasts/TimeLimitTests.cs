using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using Forecast.Hosting.Forecasts;
using Forecast.Models.Catalogue;
using NodaTime;

namespace Forecast.Hosting.Tests.Forecasts;

public sealed class TimeLimitTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Series_that_were_forecast_in_time_stand_and_the_others_say_that_time_was_up()
    {
        var request = new ForecastRequest { Model = "waits", Panel = Data("quick", "slow", "late"), Task = new ForecastTask(1, [0.5]), Seed = 1, TimeLimit = TimeSpan.FromMilliseconds(200) };
        var answer = Service(degree: 1).Forecast(request, Cancel);
        answer.Forecasts.Keys.ShouldBe(["quick"]);
        answer.Failures.Keys.ShouldBe(["slow", "late"]);
        answer.Failures.Values.ShouldAllBe(e => e.Code == "time-limit" && e.Message.Contains("0.2 s"));
    }

    [Fact]
    public void A_slow_series_holds_up_one_worker_and_the_others_go_on()
    {
        var request = new ForecastRequest { Model = "waits", Panel = Data("slow", "quick", "late"), Task = new ForecastTask(1, [0.5]), Seed = 1, TimeLimit = TimeSpan.FromSeconds(2) };
        var answer = Service(degree: 2).Forecast(request, Cancel);
        answer.Forecasts.Keys.ShouldBe(["quick", "late"]);
        answer.Failures.Single().ShouldSatisfyAllConditions(f => f.Key.ShouldBe("slow"), f => f.Value.Code.ShouldBe("time-limit"));
    }

    [Fact]
    public async Task A_caller_who_leaves_is_no_time_limit()
    {
        using var leave = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        var request = new ForecastRequest { Model = "waits", Panel = Data("slow"), Task = new ForecastTask(1, [0.5]), Seed = 1, TimeLimit = TimeSpan.FromMinutes(1) };
        await Should.ThrowAsync<OperationCanceledException>(() => Task.Run(() => Service().Forecast(request, leave.Token), Cancel));
    }

    private static ForecastService Service(int? degree = null) => new(new ModelCatalogue([new ModelDescriptor("waits", "Waits.", "waits", "waits", [], _ => new Waits())]), new FitCache(), ledger: null, degree: degree);

    private static Panel Data(params string[] ids)
    {
        Instant[] times = [Instant.FromUtc(2024, 1, 1, 0, 0), Instant.FromUtc(2024, 1, 2, 0, 0)];
        return new Panel([.. ids.Select(id => TimeSeries.Univariate(id, Frequency.Daily, times, [1, 2]))]);
    }

    /// <summary>Fits a series called slow for ever.</summary>
    private sealed class Waits : LocalForecaster<object>
    {
        public override string Name => "waits";

        protected override object FitSeries(SeriesView history, ForecastTask task, FitContext context)
        {
            if (history.Id == "slow")
            {
                context.Cancellation.WaitHandle.WaitOne();
                context.Cancellation.ThrowIfCancellationRequested();
            }

            return new object();
        }

        protected override PredictiveDistribution PredictSeries(object parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed) =>
            new(history.FutureTimes(horizon), [LocationScaleMarginal.Normal(0, 1)]);

        protected override FitSummary Summarize(object parameters, SeriesView history) => new() { Parameters = new Dictionary<string, double>(StringComparer.Ordinal), Observations = history.Length };
    }
}
