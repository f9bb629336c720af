using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using static Forecast.Core.Tests.Data.Build;

namespace Forecast.Core.Tests.Forecasting;

public class LocalForecasterTests
{
    private static readonly ForecastTask Task = new(1, ForecastTask.DefaultLevels);
    private static readonly Panel Three = Panel(Daily("good", 1, 2, 3, 4), Daily("bad", -1, 2, 3, 4), Daily("fair", 5, 6, 7, 8));

    [Fact]
    public void One_series_that_fails_leaves_the_others_and_keeps_its_error()
    {
        var prediction = new LastValue().Fit(Three.AsOf(Day(4)), Task, new FitContext(1)).Predict(KnownFuture.None, 2, 1);
        prediction["good"].Mean(1).ShouldBe(4);
        prediction["fair"].Mean(2).ShouldBe(8);
        prediction.Failures.Keys.ShouldBe(["bad"]);
        Should.Throw<ForecastException>(() => prediction["bad"]).Code.ShouldBe("negative-start");
        Should.Throw<ForecastException>(() => prediction["other"]).Code.ShouldBe("series-unknown");
    }

    [Fact]
    public void If_none_can_be_fitted_the_first_error_is_the_models() =>
        Should.Throw<ForecastException>(() => new LastValue().Fit(Three.Only(["bad"]).AsOf(Day(4)), Task, new FitContext(1))).Series.ShouldBe("bad");

    [Fact]
    public void Conditioning_is_pure_and_keeps_the_parameters()
    {
        var fitted = new LastValue().Fit(Three.AsOf(Day(2)), Task, new FitContext(1));
        var later = fitted.Condition(Three.AsOf(Day(3)));
        later.Predict(KnownFuture.None, 1, 1)["good"].Mean(1).ShouldBe(3);
        fitted.Predict(KnownFuture.None, 1, 1)["good"].Mean(1).ShouldBe(2);
        later.Summaries["good"].Parameters["rows"].ShouldBe(2);
        later.Predict(KnownFuture.None, 1, 1).Failures["bad"].Code.ShouldBe("negative-start");
    }

    [Fact]
    public void A_series_that_is_new_or_gone_after_the_fit_is_told_and_disturbs_no_other()
    {
        var fitted = new LastValue().Fit(Three.Only(["good", "fair"]).AsOf(Day(4)), Task, new FitContext(1));
        var moved = fitted.Condition(Panel(Daily("good", 9), Daily("new", 1)).AsOf(Day(1)));
        var prediction = moved.Predict(KnownFuture.None, 1, 1);
        prediction["good"].Mean(1).ShouldBe(9);
        prediction.Failures["new"].Code.ShouldBe("series-not-fitted");
        moved.Summaries.Keys.ShouldBe(["good"]);
    }

    [Fact]
    public void A_loaded_model_predicts_as_the_saved_one_once_it_has_data()
    {
        var model = new LastValue();
        var fitted = model.Fit(Three.AsOf(Day(4)), Task, new FitContext(1));
        var archive = new ModelArchive();
        fitted.Save(archive);
        var loaded = model.Load(archive);

        loaded.Summaries.ShouldBeEmpty();
        Should.Throw<ForecastException>(() => loaded.Predict(KnownFuture.None, 1, 1)).Code.ShouldBe("history-missing");
        var prediction = loaded.Condition(Three.AsOf(Day(4))).Predict(KnownFuture.None, 1, 5);
        Draw(prediction, "good").ShouldBe(Draw(fitted.Predict(KnownFuture.None, 1, 5), "good"));
        prediction.Failures["bad"].Code.ShouldBe("series-not-fitted");
    }

    [Fact]
    public void Draws_of_a_series_depend_on_its_id_and_the_seed_and_not_on_its_company()
    {
        var fitted = new LastValue().Fit(Three.AsOf(Day(4)), Task, new FitContext(1));
        var alone = new LastValue().Fit(Three.Only(["fair"]).AsOf(Day(4)), Task, new FitContext(1));
        var together = fitted.Predict(KnownFuture.None, 1, 5);
        Draw(together, "fair").ShouldBe(Draw(alone.Predict(KnownFuture.None, 1, 5), "fair"));
        (Draw(together, "fair") - 8).ShouldNotBe(Draw(together, "good") - 4);
        Draw(together, "fair").ShouldNotBe(Draw(fitted.Predict(KnownFuture.None, 1, 6), "fair"));
        fitted.Summaries["fair"].Parameters["draw"].ShouldBe(alone.Summaries["fair"].Parameters["draw"]);
        fitted.Summaries["fair"].Parameters["draw"].ShouldNotBe(fitted.Summaries["good"].Parameters["draw"]);
    }

    [Fact]
    public void A_task_or_horizon_that_makes_no_sense_is_refused()
    {
        var view = Three.AsOf(Day(4));
        Should.Throw<ForecastException>(() => new LastValue().Fit(view, Task with { Horizon = 0 }, new FitContext(1))).Code.ShouldBe("horizon-invalid");
        Should.Throw<ForecastException>(() => new LastValue().Fit(view, Task with { Levels = [0.5, 1] }, new FitContext(1))).Code.ShouldBe("level-invalid");
        Should.Throw<ForecastException>(() => new LastValue().Fit(view, Task with { Levels = [double.NaN] }, new FitContext(1))).Code.ShouldBe("level-invalid");
        Should.Throw<ForecastException>(() => new LastValue().Fit(view, Task with { Levels = [0.5, 0.5] }, new FitContext(1))).Code.ShouldBe("level-order");
        Should.Throw<ForecastException>(() => new LastValue().Fit(view, Task, new FitContext(1)).Predict(KnownFuture.None, 0, 1)).Code.ShouldBe("horizon-invalid");
    }

    [Fact]
    public void Cancellation_stops_between_series() =>
        Should.Throw<OperationCanceledException>(() => new LastValue().Fit(Three.AsOf(Day(4)), Task, new FitContext(1) { Cancellation = new CancellationToken(canceled: true) }));

    private static double Draw(PanelPrediction prediction, string series)
    {
        prediction[series].TryPaths(1, out var paths).ShouldBeTrue();
        return paths[0, 1];
    }

    private sealed record State(int Rows, double Draw);

    private sealed class LastValue : LocalForecaster<State>
    {
        public override string Name => "last";

        protected override State FitSeries(SeriesView history, ForecastTask task, FitContext context) => history.Target[0] < 0
            ? throw new ForecastException("negative-start", $"series '{history.Id}' starts below 0", series: history.Id)
            : new State(history.Length, new RandomSource(context.Seed).NextDouble());

        protected override PredictiveDistribution PredictSeries(State parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed)
        {
            var last = history.Target[^1];
            return new PredictiveDistribution(
                history.FutureTimes(horizon),
                [.. Enumerable.Repeat<IMarginal>(LocationScaleMarginal.Normal(last, 1), horizon)],
                count => new SamplePaths(count, horizon, 1, [.. Enumerable.Repeat(last + new RandomSource(seed).NextNormal(), count * horizon)]));
        }

        protected override FitSummary Summarize(State parameters, SeriesView history) =>
            new() { Parameters = new Dictionary<string, double> { ["rows"] = parameters.Rows, ["draw"] = parameters.Draw } };
    }
}
